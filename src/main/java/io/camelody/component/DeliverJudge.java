package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.Song;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/** Decides what follows from a try to deliver a song. */
final class DeliverJudge {

    private static final Set<String> PASSING = Set.of("unreachable", "cut", "stalled", "server", "disk");

    private final SongRuntime runtime;
    private final Song song;

    DeliverJudge(SongRuntime runtime, Song song) {
        this.runtime = runtime;
        this.song = song;
    }

    /** The clips are here, and the sinks have been called. */
    Change judge(Claim claim, List<SinkDelivery> sinks, ArrayNode clips) {
        if (sinks.stream().allMatch(SinkDelivery::isDelivered)) {
            return new Change.Delivered(claim, clips, sinks);
        }
        Optional<String> trouble = sinks.stream()
                .flatMap(sink -> sink.message().map(why -> sink.sink() + ": " + why).stream())
                .findFirst();
        return new SinkJudge(runtime)
                .nextDue(sinks)
                .<Change>map(next -> new Change.DeliverLater(claim, clips, sinks, song.attempt(), next, trouble))
                .orElseGet(
                        () -> new Change.Undelivered(claim, clips, sinks, Reason.SINK_FAILED, trouble.orElseThrow()));
    }

    /** The clips are not here, or what came before the sinks broke. */
    Change judgeBroken(Claim claim, ArrayNode clips, boolean isReady, Exchange exchange) {
        boolean isOurs = isReady || exchange.getException() != null;
        String why = isReady ? "No sink has answered." : failure(exchange, clips);
        if (isLastTry() && !(isOurs && isYoung())) {
            Reason reason = isOurs ? Reason.SINK_FAILED : Reason.DOWNLOAD_BROKEN;
            return new Change.Undelivered(claim, clips, song.sinks(), reason, why);
        }
        Duration backoff =
                Backoff.DELIVER.after(song.attempt() + 1, runtime.time().random());
        Duration asked = asked(exchange);
        Instant due = runtime.clock().instant().plus(asked.compareTo(backoff) > 0 ? asked : backoff);
        return new Change.DeliverLater(claim, clips, song.sinks(), song.attempt() + 1, due, Optional.of(why));
    }

    /** The webhook has to wait, since too many others keep their callers waiting: no try was made. */
    Change postpone(Claim claim, List<SinkDelivery> sinks) {
        Duration wait = Backoff.TELL.after(1, runtime.time().random());
        Instant due = runtime.clock().instant().plus(wait);
        return new Change.DeliverLater(claim, song.clips(), sinks, song.attempt(), due, song.message());
    }

    /** Whether what is missing after the next try is given up. */
    boolean isLastTry() {
        return song.attempt() + 1 >= runtime.settings().deliveryAttempts() && !(isPassing() && isYoung());
    }

    /** Whether the last try left clips that were not had, rather than sinks. */
    boolean isMissingClips() {
        return song.clips().findValue("errorKind") != null;
    }

    /** Whether the last try met trouble that has nothing to do with the audio itself. */
    private boolean isPassing() {
        for (JsonNode clip : song.clips()) {
            if (PASSING.contains(clip.path("errorKind").asText())) {
                return true;
            }
        }
        return false;
    }

    private boolean isYoung() {
        return runtime.clock()
                .instant()
                .isBefore(since().plus(runtime.settings().deliveryPatience()));
    }

    /** When its patience began. */
    Instant since() {
        return song.generatedAt().orElse(song.acceptedAt());
    }

    /** How long a host wants to be left alone, which may be a year, as far as a song is waited for. */
    private Duration asked(Exchange exchange) {
        Duration most = runtime.settings().deliveryPatience();
        Duration asked = Optional.ofNullable(exchange.getVariable("retryAfter", Long.class))
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO);
        return asked.compareTo(most) < 0 ? asked : most;
    }

    private static String failure(Exchange exchange, ArrayNode clips) {
        return exchange.getException() != null
                ? String.valueOf(exchange.getException().getMessage())
                : missing(clips);
    }

    /** The first clip that is waited for, and why; one that the vendor ended badly is not. */
    private static String missing(ArrayNode clips) {
        for (int i = 0; i < clips.size(); i++) {
            if (clips.get(i).hasNonNull("errorKind")) {
                String error = clips.get(i).path("error").asText();
                return clips.size() == 1
                        ? error
                        : "Clip %d of %d is not here: %s".formatted(i + 1, clips.size(), error);
            }
        }
        return "There is no clip to deliver.";
    }
}
