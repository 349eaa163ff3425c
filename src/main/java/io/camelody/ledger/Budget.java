package io.camelody.ledger;

import io.camelody.settings.Settings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What may be spent. No paid call is intended that would go beyond it; calls under way and those in doubt count as spent.
 *
 * @param limits each holds by itself
 */
public record Budget(List<Limit> limits) {

    public static final Budget NONE = new Budget(List.of());

    /**
     * @param vendor whose tasks it is about; empty for those of all
     * @param daily whether it begins anew with each day, by UTC
     * @param micros in micro-dollars
     */
    public record Limit(String setting, Optional<String> vendor, boolean daily, long micros) {

        /** From when on tasks count. */
        Instant from(Instant now) {
            return daily ? now.truncatedTo(ChronoUnit.DAYS) : Instant.EPOCH;
        }
    }

    /** Reads {@code camelody.budget.*} and {@code camelody.<vendor>.budget.*}. */
    public static Budget read(Collection<String> vendors, Settings settings) {
        List<Limit> limits = new ArrayList<>();
        add(limits, "camelody.budget", Optional.empty(), settings);
        vendors.forEach(vendor -> add(limits, "camelody." + vendor + ".budget", Optional.of(vendor), settings));
        return new Budget(limits);
    }

    private static void add(List<Limit> limits, String prefix, Optional<String> vendor, Settings settings) {
        for (String span : List.of("total", "daily")) {
            String name = prefix + "." + span;
            if (settings.text(name).isPresent()) {
                limits.add(new Limit(name, vendor, span.equals("daily"), settings.price(name)));
            }
        }
    }
}
