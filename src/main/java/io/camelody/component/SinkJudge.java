package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.SinkDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which sinks of a song are to be called, and what follows from their answers, each sink by itself.
 *
 * <p>A sink that fails is tried again for longer and longer, for the patience of the settings and at least as often as they
 * say; one that names its own wait is tried for as long as it does so; one that refuses the song has failed. The webhook
 * tells that the song is delivered, so it is called when all others have it.
 */
final class SinkJudge {

    /** The sink that is called last. */
    private static final String LAST = "webhook";

    /** No sink waits longer; what seems to was noted by a clock that was ahead. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(30);

    private final SongRuntime runtime;
    private final Instant now;

    SinkJudge(SongRuntime runtime) {
        this.runtime = runtime;
        this.now = runtime.clock().instant();
    }

    /** How far the sinks of a song are, of which some may be new, and others no longer wanted or no longer there. */
    List<SinkDelivery> of(List<String> wanted, List<SinkDelivery> noted) {
        return wanted.stream()
                .distinct()
                .map(sink -> noted.stream()
                        .filter(each -> each.sink().equals(sink))
                        .findFirst()
                        .orElseGet(() -> SinkDelivery.due(sink, now)))
                .map(each -> each.isDue() && !isThere(each.sink())
                        ? each.failed(now, "It is not set up any more. Name it in camelody.sinks, and retry the song.")
                        : each)
                .toList();
    }

    private boolean isThere(String sink) {
        return runtime.settings().sinksInUse().contains(sink);
    }

    /** Those that are to be called now. */
    List<SinkDelivery> due(List<SinkDelivery> all) {
        return next(all).stream()
                .filter(each -> !each.dueAt().isAfter(now) || each.dueAt().isAfter(now.plus(LONGEST_WAIT)))
                .toList();
    }

    /** When the next of them is to be called; empty if none is any more. */
    Optional<Instant> nextDue(List<SinkDelivery> all) {
        return next(all).stream().map(SinkDelivery::dueAt).min(Instant::compareTo);
    }

    private static List<SinkDelivery> next(List<SinkDelivery> all) {
        boolean othersHaveIt =
                all.stream().allMatch(each -> each.isDelivered() || each.sink().equals(LAST));
        return all.stream()
                .filter(each -> each.isDue() && (othersHaveIt || !each.sink().equals(LAST)))
                .toList();
    }

    /**
     * How far they are after a try.
     *
     * @param answers by sink, {@code {places: […]}} or {@code {error, refused, waitMillis}}; of one that was not called, none
     * @param clips get the places where they are now
     * @param since when the song was generated
     */
    List<SinkDelivery> judge(List<SinkDelivery> all, ObjectNode answers, ArrayNode clips, Instant since) {
        List<SinkDelivery> judged = new ArrayList<>();
        for (SinkDelivery each : all) {
            JsonNode answer = answers.path(each.sink());
            judged.add(answer.isMissingNode() ? each : judge(each, answer, clips, since));
        }
        judged.replaceAll(each -> lacksClip(each, clips) ? SinkDelivery.due(each.sink(), now) : each);
        return judged;
    }

    /** A clip that had been given up may have come after a sink was called, which then has yet to get it. */
    private static boolean lacksClip(SinkDelivery sink, ArrayNode clips) {
        if (!sink.isDelivered() || sink.sink().equals(LAST)) {
            return false;
        }
        for (JsonNode clip : clips) {
            if (clip.hasNonNull("file") && !clip.path("places").hasNonNull(sink.sink())) {
                return true;
            }
        }
        return false;
    }

    /** Whether only the webhook is to be called, which may keep a caller waiting for no song's sake. */
    static boolean isTelling(List<SinkDelivery> due) {
        return due.size() == 1 && due.get(0).sink().equals(LAST);
    }

    private SinkDelivery judge(SinkDelivery sink, JsonNode answer, ArrayNode clips, Instant since) {
        if (answer.hasNonNull("error")) {
            return failed(sink, answer, answer.path("error").asText(), since);
        }
        return notePlaces(sink.sink(), answer.path("places"), clips)
                .map(missing -> failed(sink, answer, missing, since))
                .orElseGet(() -> sink.delivered(now));
    }

    private SinkDelivery failed(SinkDelivery sink, JsonNode answer, String why, Instant since) {
        if (answer.path("refused").asBoolean()) {
            return sink.failed(now, why);
        }
        if (answer.hasNonNull("waitMillis")) {
            Duration asked = Duration.ofMillis(answer.path("waitMillis").asLong());
            return sink.later(now.plus(asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT), why);
        }
        WorkSettings settings = runtime.settings();
        boolean isOver = sink.attempt() + 1 >= settings.deliveryAttempts()
                && !now.isBefore(since.plus(settings.deliveryPatience()));
        return isOver
                ? sink.failed(now, why)
                : sink.later(
                        now.plus(Backoff.DELIVER.after(
                                sink.attempt() + 1, runtime.time().random())),
                        why);
    }

    /**
     * @param places one of each sound clip, or one of them all; what a clip failed with stands in its place, or beside it
     *     where the clip is there and something that belongs to it is not
     */
    private static Optional<String> notePlaces(String sink, JsonNode places, ArrayNode clips) {
        Optional<String> missing = Optional.empty();
        int next = 0;
        for (int i = 0; i < clips.size(); i++) {
            ObjectNode clip = (ObjectNode) clips.get(i);
            if (clip.hasNonNull("file")) {
                JsonNode place = places.path(Math.min(next++, places.size() - 1));
                JsonNode there = place.hasNonNull("error") ? place.path("place") : place;
                if (!there.isMissingNode()) {
                    clip.withObject("/places").set(sink, there);
                }
                if (there != place && missing.isEmpty()) {
                    missing = Optional.of(
                            "clip %d: %s".formatted(i + 1, place.path("error").asText()));
                }
            }
        }
        return missing;
    }
}
