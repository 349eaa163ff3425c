package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code song:generated}: has a song's clips fetched and given to its sinks. Tried again for longer and longer, never with a
 * new task; after the last try what is good is delivered, and a song without a sound clip fails.
 *
 * <p>The body is the song's document. The route sets the variable {@code clipsReady} when the clips are good enough to go to
 * the sinks, and {@code deliveries} to what each sink answered.
 */
final class DeliverConsumer extends ClaimingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(DeliverConsumer.class);

    DeliverConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.GENERATED);
    }

    @Override
    Instant work(Lane lane) {
        int room = lane.room();
        if (room <= 0) {
            return Instant.MAX;
        }
        String vendor = lane.vendor().name();
        for (ClaimedSong claimed : runtime.ledger()
                .claimDue(
                        SongState.GENERATED,
                        vendor,
                        runtime.scope(),
                        room,
                        runtime.settings().lease())) {
            dispatch(lane, List.of(claimed), () -> deliver(lane, claimed));
        }
        return runtime.ledger()
                .nextDue(SongState.GENERATED, vendor, runtime.scope())
                .orElse(Instant.MAX);
    }

    private void deliver(Lane lane, ClaimedSong claimed) {
        Song song = claimed.song();
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
        ObjectNode document = SongDocument.of(song).put("state", SongState.DELIVERED.word());
        document.put("finishedAt", runtime.clock().instant().toString());
        document.remove("message");
        exchange.getMessage().setBody(document);
        exchange.setVariable("song", document);
        send(exchange, () -> {
            try {
                record(claimed, document, exchange);
            } finally {
                done(lane);
            }
        });
    }

    private List<String> sinks(Song song) {
        List<String> own = new SongRequest(song.request()).sinks();
        return own.isEmpty() ? runtime.settings().sinks() : own;
    }

    private boolean isLastTry(Song song) {
        return song.attempt() + 1 >= runtime.settings().deliveryAttempts();
    }

    private void record(ClaimedSong claimed, ObjectNode document, Exchange exchange) {
        Song song = claimed.song();
        ArrayNode clips = document.withArray("clips");
        Optional<String> failure = failure(exchange, clips);
        Change change;
        if (failure.isEmpty()) {
            change = new Change.Delivered(claimed.claim(), clips);
            LOG.info("A song was delivered. (song: {}, vendor: {}, clips: {})", song.id(), song.vendor(), clips.size());
        } else if (!isRunAllowed()) {
            // what was broken off by the stop is no try: it begins anew at the next start
            change = new Change.Released(claimed.claim());
        } else if (isLastTry(song)) {
            boolean hasAudio = Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class));
            Reason reason = hasAudio || exchange.getException() != null ? Reason.SINK_FAILED : Reason.DOWNLOAD_BROKEN;
            change = new Change.Failed(claimed.claim(), reason, failure.get(), List.of(), Task.Outcome.MADE);
            LOG.warn(
                    "A song was not delivered: {} (song: {}, vendor: {}, reason: {})",
                    failure.get(),
                    song.id(),
                    song.vendor(),
                    reason);
        } else {
            Instant due = runtime.clock()
                    .instant()
                    .plus(Backoff.DELIVER.after(
                            song.attempt() + 1, runtime.time().random()));
            change = new Change.DeliverLater(claimed.claim(), clips, due, failure.get());
            LOG.warn(
                    "A song was not delivered yet; will be tried again: {} (song: {}, vendor: {})",
                    failure.get(),
                    song.id(),
                    song.vendor());
        }
        runtime.ledger().make(change);
    }

    /** What stands between the song and its end; empty if every sink has it. Notes in each clip where it is. */
    private static Optional<String> failure(Exchange exchange, ArrayNode clips) {
        if (exchange.getException() != null) {
            return Optional.of(String.valueOf(exchange.getException().getMessage()));
        }
        if (!Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class))) {
            return Optional.of(firstError(clips));
        }
        ObjectNode deliveries = exchange.getVariable("deliveries", ObjectNode.class);
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

    private static String firstError(ArrayNode clips) {
        for (JsonNode clip : clips) {
            if (clip.hasNonNull("error")) {
                return clip.path("error").textValue();
            }
        }
        return "The clips were not fetched.";
    }
}
