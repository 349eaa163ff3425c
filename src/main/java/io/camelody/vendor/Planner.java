package io.camelody.vendor;

import io.camelody.request.NearestName;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides, when a request is accepted, who makes the song and who writes its words.
 *
 * <p>What the song is about is never bent: a vendor that cannot do it is refused with the name of one that can. Hints are
 * folded or dropped, see {@link VendorBody}. Immutable and thread-safe.
 */
public final class Planner {

    /** The word for the cheapest vendor that can. */
    public static final String AUTO = "auto";

    /**
     * @param lyricsVendor who writes the words first; empty where none need be written
     * @param isMovable whether other vendors may take the song over
     */
    public record Plan(String vendor, Optional<String> lyricsVendor, List<String> notes, boolean isMovable) {}

    private final Vendors vendors;
    private final Collection<String> sinks;

    public Planner(Vendors vendors, Collection<String> sinks) {
        this.vendors = vendors;
        this.sinks = sinks;
    }

    /**
     * @param preferred the vendor for requests that name none
     * @throws RefusedRequestException naming everything that stands against the request
     */
    public Plan plan(SongRequest request, Optional<String> preferred) {
        List<Problem> problems = new ArrayList<>();
        for (String sink : request.sinks()) {
            if (!sinks.contains(sink)) {
                problems.add(unknown("sinks", "a sink in use", sink, sinks));
            }
        }
        List<String> candidates = candidates(request, preferred, problems);
        for (String name : candidates) {
            if (vendors.find(name).isEmpty()) {
                problems.add(unknown("vendor", "a known vendor", name, vendors.names()));
            }
        }
        if (!problems.isEmpty()) {
            throw new RefusedRequestException(problems);
        }
        for (String name : candidates) {
            List<Problem> against = new ArrayList<>();
            Optional<Plan> plan = plan(request, vendors.find(name).orElseThrow(), candidates.size() > 1, against);
            if (against.isEmpty() && plan.isPresent()) {
                return plan.get();
            }
            problems.addAll(against);
        }
        throw new RefusedRequestException(problems);
    }

    /**
     * Who takes a song over from a vendor that certainly did not take it: the next of the request's list that can make it, and
     * after the last one the first again.
     *
     * @param isUp leaves out vendors that take nothing for now
     * @return empty if the request leaves no choice
     */
    public Optional<Plan> after(SongRequest request, String vendor, Predicate<String> isUp) {
        List<String> candidates = candidates(request, Optional.empty(), new ArrayList<>());
        int here = candidates.indexOf(vendor);
        for (int i = 1; i < candidates.size(); i++) {
            String next = candidates.get((here + i) % candidates.size());
            List<Problem> against = new ArrayList<>();
            Optional<Plan> plan = vendors.find(next)
                    .filter(found -> isUp.test(next))
                    .flatMap(found -> plan(request, found, true, against));
            if (plan.isPresent() && against.isEmpty()) {
                return plan;
            }
        }
        return Optional.empty();
    }

    /** Whether {@code next} stands behind {@code vendor} in the request's order, so that it was not tried before. */
    public boolean isBehind(SongRequest request, String vendor, String next) {
        List<String> candidates = candidates(request, Optional.empty(), new ArrayList<>());
        return candidates.indexOf(next) > candidates.indexOf(vendor);
    }

    private List<String> candidates(SongRequest request, Optional<String> preferred, List<Problem> problems) {
        if (request.vendors().equals(List.of(AUTO))) {
            return cheapestFirst(problems);
        }
        if (!request.vendors().isEmpty()) {
            return request.vendors();
        }
        Optional<String> given = preferred.or(vendors::defaultVendor);
        if (given.isPresent()) {
            return List.of(given.get());
        }
        List<String> keyed =
                vendors.withKey().stream().map(VendorSettings::name).toList();
        if (keyed.size() == 1) {
            return keyed;
        }
        String message = keyed.isEmpty()
                ? "The request names no vendor, and there is a key for none. Set a key, or run with --sandbox."
                : "The request names no vendor, and there are keys for %s. Name one in the request, with --vendor, or as camelody.default-vendor."
                        .formatted(String.join(", ", keyed));
        problems.add(new Problem("vendor", "a vendor", "nothing", message));
        return List.of();
    }

    /** A vendor without a price comes last: nobody knows that it is cheap. */
    private List<String> cheapestFirst(List<Problem> problems) {
        List<String> names = vendors.withKey().stream()
                .sorted(Comparator.comparingLong(
                                (VendorSettings vendor) -> vendor.price() == 0 ? Long.MAX_VALUE : vendor.price())
                        .thenComparing(VendorSettings::name))
                .map(VendorSettings::name)
                .toList();
        if (names.isEmpty()) {
            problems.add(new Problem(
                    "vendor",
                    "a vendor with a key",
                    AUTO,
                    "There is a key for no vendor. Set a key, or run with --sandbox."));
        }
        return names;
    }

    private Optional<Plan> plan(SongRequest request, VendorSettings vendor, boolean isMovable, List<Problem> against) {
        demandKey("vendor", vendor, against);
        demandAble("extend", request.has("extend"), "extend a clip", vendor, against, "extend");
        demandAble("instrumental", request.instrumental(), "make instrumentals", vendor, against, "instrumental");
        demandAble("lyrics", request.lyrics().isPresent(), "sing given lyrics", vendor, against, "lyrics");
        Optional<VendorSettings> writer = writer(request, vendor, against);
        if (!against.isEmpty()) {
            return Optional.empty();
        }
        List<String> notes =
                VendorBody.ofSong(request, vendor, Optional.empty()).notes();
        return Optional.of(new Plan(vendor.name(), writer.map(VendorSettings::name), notes, isMovable));
    }

    /** Who writes the words: whom the request names, else the singer, else the first that can and has a key. */
    private Optional<VendorSettings> writer(SongRequest request, VendorSettings singer, List<Problem> against) {
        Optional<SongRequest.WriteLyrics> wish = request.writeLyrics();
        if (wish.isPresent() && (request.lyrics().isPresent() || request.instrumental())) {
            against.add(new Problem(
                    "writeLyrics",
                    "no lyrics or instrumental beside it",
                    "both",
                    "writeLyrics cannot stand beside lyrics or instrumental: there would be nothing to write."));
            return Optional.empty();
        }
        if (wish.isPresent()) {
            demandAble("writeLyrics", true, "sing given lyrics", singer, against, "lyrics");
            return wish.get().vendor().isPresent()
                    ? named(wish.get().vendor().get(), against)
                    : anyWriter(singer, against);
        }
        boolean describes = request.prompt().isPresent() && request.lyrics().isEmpty();
        boolean needsWords = describes && !request.instrumental() && !request.has("extend") && !singer.isAble("prompt");
        return needsWords ? anyWriter(singer, against) : Optional.empty();
    }

    private Optional<VendorSettings> named(String name, List<Problem> against) {
        Optional<VendorSettings> writer = vendors.find(name);
        if (writer.isEmpty()) {
            against.add(unknown("writeLyrics.vendor", "a known vendor", name, vendors.names()));
            return Optional.empty();
        }
        demandAble("writeLyrics", true, "write lyrics", writer.get(), against, "writeLyrics");
        demandKey("writeLyrics.vendor", writer.get(), against);
        return writer;
    }

    private Optional<VendorSettings> anyWriter(VendorSettings singer, List<Problem> against) {
        if (singer.isAble("writeLyrics")) {
            return Optional.of(singer);
        }
        Optional<VendorSettings> other = vendors.withKey().stream()
                .filter(vendor -> vendor.isAble("writeLyrics"))
                .findFirst();
        if (other.isEmpty()) {
            against.add(new Problem(
                    "writeLyrics",
                    "a vendor that writes lyrics and has a key",
                    "none",
                    "%s does not write lyrics, and there is no key for a vendor that does%s."
                            .formatted(singer.name(), others("writeLyrics"))));
        }
        return other;
    }

    private static void demandKey(String field, VendorSettings vendor, List<Problem> against) {
        if (vendor.apiKey().isEmpty()) {
            against.add(new Problem(
                    field,
                    "a vendor with a key",
                    vendor.name(),
                    "No key for %s. Set %s, or run with --sandbox to try it without one."
                            .formatted(vendor.name(), vendor.keyName())));
        }
    }

    private void demandAble(
            String field, boolean wanted, String toDo, VendorSettings vendor, List<Problem> against, String ability) {
        if (wanted && !vendor.isAble(ability)) {
            against.add(new Problem(
                    field,
                    "a vendor that can " + toDo,
                    vendor.name(),
                    "%s cannot %s%s.".formatted(vendor.name(), toDo, others(ability))));
        }
    }

    private String others(String ability) {
        String able = vendors.all().stream()
                .filter(vendor -> vendor.isAble(ability))
                .map(VendorSettings::name)
                .collect(Collectors.joining(", "));
        return able.isEmpty() ? "" : "; " + able + " can";
    }

    private static Problem unknown(String field, String expected, String got, Collection<String> known) {
        String near = NearestName.to(got, known)
                .map(name -> " did you mean \"%s\"?".formatted(name))
                .orElse("");
        return new Problem(
                field,
                expected,
                got,
                "Expected %s to be %s (%s), got: \"%s\".%s"
                        .formatted(field, expected, String.join(", ", known), got, near));
    }
}
