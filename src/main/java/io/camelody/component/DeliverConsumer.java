package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code song:generated}: has a song's clips fetched and given to its sinks. Tried again for longer and longer, never with a
 * new task; after the last try what is good is delivered, and a song without a sound clip fails. Trouble that passes, such as
 * a host that is down, a full disk or a sink, is waited for beyond the tries.
 *
 * <p>The body is the song's document. The route sets the variable {@code clipsReady} when the clips are good enough to go to
 * the sinks, and {@code deliveries} to what each sink answered.
 */
final class DeliverConsumer extends ClaimingConsumer {

    private static final Set<String> PASSING = Set.of("unreachable", "cut", "stalled", "server", "disk");

    private static final Logger LOG = LoggerFactory.getLogger(DeliverConsumer.class);

    /** Each song that a worker is at, as it was claimed last. */
    private final Map<String, ClaimedSong> underWay = new ConcurrentHashMap<>();

    DeliverConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.GENERATED);
    }

    @Override
    void handBack(List<Claim> claims) {
        super.handBack(claims.stream()
                .map(claim -> Optional.ofNullable(underWay.remove(claim.songId()))
                        .map(ClaimedSong::claim)
                        .orElse(claim))
                .toList());
    }

    @Override
    Instant work(Lane lane) {
        int room = lane.room();
        if (room <= 0) {
            return Instant.MAX;
        }
        String vendor = lane.vendor().name();
        Instant nextDue = runtime.ledger()
                .claims()
                .nextDue(SongState.GENERATED, vendor, runtime.scope())
                .orElse(Instant.MAX);
        Instant now = runtime.clock().instant();
        if (nextDue.isAfter(now)) {
            return nextDue;
        }
        for (ClaimedSong claimed : runtime.ledger()
                .claims()
                .claimDue(
                        SongState.GENERATED,
                        vendor,
                        runtime.scope(),
                        room,
                        runtime.settings().lease())) {
            // a worker that is still at it, though its claim is over, is let finish: two must not write one file
            if (underWay.put(claimed.song().id(), claimed) == null) {
                dispatch(lane, List.of(claimed.claim()), () -> deliver(lane, claimed));
            }
        }
        return now;
    }

    private void deliver(Lane lane, ClaimedSong claimed) {
        Song song = claimed.song();
        ObjectNode document = document(song);
        Exchange exchange = exchange(song, document);
        send(exchange, () -> {
            ClaimedSong latest = underWay.remove(song.id());
            try {
                if (latest.song().generatedAt().equals(song.generatedAt())) {
                    record(latest.claim(), song, document, exchange);
                } else {
                    // made once more meanwhile: these clips are those of a task that counts no longer
                    recorder.make(new Change.Released(latest.claim()));
                }
            } catch (ClaimLostException e) {
                LOG.info("{}", e.getMessage());
            } finally {
                done(lane);
            }
        });
    }

    /** As it will be once every sink has it. */
    private ObjectNode document(Song song) {
        ObjectNode document = SongDocument.of(song).put("state", SongState.DELIVERED.word());
        document.remove("message");
        return document;
    }

    private Exchange exchange(Song song, ObjectNode document) {
        Exchange exchange = newExchange(song.vendor());
        List<String> taskIds = song.stepTasks().stream()
                .flatMap(task -> task.taskId().stream())
                .toList();
        exchange.setVariable("songId", song.id());
        exchange.setVariable("sinks", sinks(song));
        exchange.setVariable("refresh", song.attempt() > 0 && !taskIds.isEmpty());
        exchange.setVariable("taskIds", String.join(",", taskIds));
        exchange.setVariable("taskIdList", Json.MAPPER.valueToTree(taskIds));
        exchange.setVariable("lastTry", isLastTry(song));
        exchange.getMessage().setBody(document);
        exchange.setVariable("song", document);
        return exchange;
    }

    private List<String> sinks(Song song) {
        return runtime.settings().sinksOf(new SongRequest(song.request()));
    }

    private boolean isLastTry(Song song) {
        return song.attempt() + 1 >= runtime.settings().deliveryAttempts() && !(isPassing(song) && isYoung(song));
    }

    /** Whether the last try met trouble that has nothing to do with the audio itself. */
    private static boolean isPassing(Song song) {
        for (JsonNode clip : song.clips()) {
            if (PASSING.contains(clip.path("errorKind").asText())) {
                return true;
            }
        }
        return false;
    }

    private boolean isYoung(Song song) {
        Instant since = song.generatedAt().orElse(song.acceptedAt());
        return runtime.clock().instant().isBefore(since.plus(runtime.settings().deliveryPatience()));
    }

    /** Whether the audio is good and something of our own is not: a disk, a sink. */
    private static boolean isAtSinks(Exchange exchange) {
        return exchange.getException() != null
                || Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class));
    }

    private void record(Claim claim, Song song, ObjectNode document, Exchange exchange) {
        ArrayNode clips = document.withArray("clips");
        Optional<String> failure = failure(exchange, clips);
        if (failure.isEmpty()) {
            recorder.make(new Change.Delivered(claim, clips));
            LOG.info("A song was delivered. (song: {}, vendor: {}, clips: {})", song.id(), song.vendor(), clips.size());
        } else if (isStoppingOrStopped()) {
            // the stop interrupts what is under way, which says nothing of the audio or the sinks
            recorder.make(new Change.Released(claim));
        } else if (isLastTry(song) && !(isAtSinks(exchange) && isYoung(song))) {
            Reason reason = isAtSinks(exchange) ? Reason.SINK_FAILED : Reason.DOWNLOAD_BROKEN;
            recorder.make(new Change.Failed(claim, reason, failure.get(), List.of(), Task.Outcome.MADE));
            LOG.warn(
                    "A song was not delivered: {} (song: {}, vendor: {}, reason: {})",
                    failure.get(),
                    song.id(),
                    song.vendor(),
                    reason);
        } else {
            Duration backoff =
                    Backoff.DELIVER.after(song.attempt() + 1, runtime.time().random());
            Duration asked = asked(exchange);
            Instant due = runtime.clock().instant().plus(asked.compareTo(backoff) > 0 ? asked : backoff);
            recorder.make(new Change.DeliverLater(claim, clips, due, failure.get()));
            LOG.warn(
                    "A song was not delivered yet; will be tried again: {} (song: {}, vendor: {})",
                    failure.get(),
                    song.id(),
                    song.vendor());
        }
    }

    /** How long a host wants to be left alone, which may be a year, as far as a song is waited for. */
    private Duration asked(Exchange exchange) {
        Duration most = runtime.settings().deliveryPatience();
        Duration asked = Optional.ofNullable(exchange.getVariable("retryAfter", Long.class))
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO);
        return asked.compareTo(most) < 0 ? asked : most;
    }

    /** What stands between the song and its end; empty if every sink has it. Notes in each clip where it is. */
    private static Optional<String> failure(Exchange exchange, ArrayNode clips) {
        if (exchange.getException() != null) {
            return Optional.of(String.valueOf(exchange.getException().getMessage()));
        }
        if (!Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class))) {
            return Optional.of(missing(clips));
        }
        ObjectNode deliveries = exchange.getVariable("deliveries", ObjectNode.class);
        if (deliveries == null || deliveries.isEmpty()) {
            return Optional.of("No sink has answered.");
        }
        for (Map.Entry<String, JsonNode> sink : deliveries.properties()) {
            if (sink.getValue().hasNonNull("error")) {
                return Optional.of("%s: %s"
                        .formatted(sink.getKey(), sink.getValue().path("error").textValue()));
            }
            notePlaces(sink.getKey(), sink.getValue().path("places"), clips);
        }
        return Optional.empty();
    }

    private static void notePlaces(String sink, JsonNode places, ArrayNode clips) {
        int next = 0;
        for (JsonNode clip : clips) {
            if (clip.hasNonNull("file")) {
                ((ObjectNode) clip).withObject("/places").set(sink, places.path(Math.min(next++, places.size() - 1)));
            }
        }
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
