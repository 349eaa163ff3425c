package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    /** Calls to webhooks under way: receivers that keep callers waiting leave half of the places to the audio. */
    private final Semaphore mayTell;

    DeliverConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.GENERATED);
        this.mayTell = new Semaphore(Math.max(1, endpoint.getConcurrency() / 2));
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
        SinkJudge judge = new SinkJudge(runtime);
        List<SinkDelivery> sinks = judge.of(wanted(song), song.sinks());
        List<SinkDelivery> due = judge.due(sinks);
        ObjectNode document = document(song);
        if (due.isEmpty()) {
            // brought forward by a start, or the sinks are others by now
            hear(() -> conclude(lane, song, claim -> record(claim, song, sinks, song.clips())));
        } else if (SinkJudge.isTelling(due) && !mayTell.tryAcquire()) {
            Duration wait = Backoff.TELL.after(1, runtime.time().random());
            hear(() -> conclude(lane, song, claim -> recorder.make(later(claim, song, sinks, wait))));
        } else {
            Exchange exchange = exchange(song, due, document);
            send(exchange, () -> {
                if (SinkJudge.isTelling(due)) {
                    mayTell.release();
                }
                conclude(lane, song, claim -> record(claim, song, sinks, document, exchange));
            });
        }
    }

    private Change later(Claim claim, Song song, List<SinkDelivery> sinks, Duration wait) {
        return new Change.DeliverLater(
                claim,
                song.clips(),
                sinks,
                song.attempt(),
                runtime.clock().instant().plus(wait),
                song.message());
    }

    private void conclude(Lane lane, Song song, Consumer<Claim> outcome) {
        ClaimedSong latest = underWay.remove(song.id());
        try {
            if (latest.song().generatedAt().equals(song.generatedAt())) {
                outcome.accept(latest.claim());
            } else {
                // made once more meanwhile: these clips are those of a task that counts no longer
                recorder.make(new Change.Released(latest.claim()));
            }
        } catch (ClaimLostException e) {
            LOG.info("{}", e.getMessage());
        } finally {
            done(lane);
        }
    }

    /** As it will be once every sink has it. */
    private ObjectNode document(Song song) {
        ObjectNode document = SongDocument.of(song).put("state", SongState.DELIVERED.word());
        document.remove(List.of("message", "sinks"));
        return document;
    }

    private Exchange exchange(Song song, List<SinkDelivery> sinks, ObjectNode document) {
        Exchange exchange = newExchange(song.vendor());
        List<String> taskIds = song.stepTasks().stream()
                .flatMap(task -> task.taskId().stream())
                .toList();
        exchange.setVariable("songId", song.id());
        exchange.setVariable("sinks", sinks.stream().map(SinkDelivery::sink).toList());
        exchange.setVariable(
                "sinkAttempts",
                sinks.stream().collect(Collectors.toMap(SinkDelivery::sink, sink -> sink.attempt() + 1)));
        new SongRequest(song.request()).text("webhook").ifPresent(url -> exchange.setVariable("receiver", url));
        exchange.setVariable("refresh", song.attempt() > 0 && isMissingClips(song) && !taskIds.isEmpty());
        exchange.setVariable("taskIds", String.join(",", taskIds));
        exchange.setVariable("taskIdList", Json.MAPPER.valueToTree(taskIds));
        exchange.setVariable("lastTry", isLastTry(song));
        exchange.getMessage().setBody(document);
        exchange.setVariable("song", document);
        return exchange;
    }

    private List<String> wanted(Song song) {
        return runtime.settings().sinksOf(new SongRequest(song.request()));
    }

    private boolean isLastTry(Song song) {
        return song.attempt() + 1 >= runtime.settings().deliveryAttempts() && !(isPassing(song) && isYoung(song));
    }

    /** Whether the last try left clips that were not had, rather than sinks. */
    private static boolean isMissingClips(Song song) {
        return song.clips().findValue("errorKind") != null;
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
        return runtime.clock()
                .instant()
                .isBefore(since(song).plus(runtime.settings().deliveryPatience()));
    }

    private static Instant since(Song song) {
        return song.generatedAt().orElse(song.acceptedAt());
    }

    private void record(Claim claim, Song song, List<SinkDelivery> sinks, ObjectNode document, Exchange exchange) {
        ArrayNode clips = document.withArray("clips");
        boolean isReady = exchange.getException() == null
                && Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class));
        ObjectNode answers = exchange.getVariable("deliveries", ObjectNode.class);
        if (isReady && answers != null && !answers.isEmpty()) {
            List<SinkDelivery> judged = new SinkJudge(runtime).judge(sinks, answers, clips, since(song));
            judged.stream()
                    .filter(sink -> answers.has(sink.sink()))
                    .forEach(sink -> listener.delivered(sink.sink(), sink.isDelivered()));
            record(claim, song, judged, clips);
        } else if (isStoppingOrStopped()) {
            // the stop interrupts what is under way, which says nothing of the audio or the sinks
            recorder.make(new Change.Released(claim));
        } else {
            recordBroken(claim, song, clips, isReady, exchange);
        }
    }

    /** The clips are here, and the sinks have been called. */
    private void record(Claim claim, Song song, List<SinkDelivery> sinks, ArrayNode clips) {
        Optional<Instant> next = new SinkJudge(runtime).nextDue(sinks);
        Optional<String> trouble = sinks.stream()
                .flatMap(sink -> sink.message().map(why -> sink.sink() + ": " + why).stream())
                .findFirst();
        if (sinks.stream().allMatch(SinkDelivery::isDelivered)) {
            recorder.make(new Change.Delivered(claim, clips, sinks));
            LOG.info("A song was delivered. (song: {}, vendor: {}, clips: {})", song.id(), song.vendor(), clips.size());
        } else if (isStoppingOrStopped()) {
            recorder.make(new Change.Released(claim));
        } else if (next.isPresent()) {
            recorder.make(new Change.DeliverLater(claim, clips, sinks, song.attempt(), next.get(), trouble));
            trouble.ifPresent(why -> warnThatItWaits(song, why));
        } else {
            fail(claim, song, clips, sinks, Reason.SINK_FAILED, trouble.orElseThrow());
        }
    }

    /** The clips are not here, or what came before the sinks broke. */
    private void recordBroken(Claim claim, Song song, ArrayNode clips, boolean isReady, Exchange exchange) {
        boolean isOurs = isReady || exchange.getException() != null;
        String why = isReady ? "No sink has answered." : failure(exchange, clips);
        if (isLastTry(song) && !(isOurs && isYoung(song))) {
            fail(claim, song, clips, song.sinks(), isOurs ? Reason.SINK_FAILED : Reason.DOWNLOAD_BROKEN, why);
        } else {
            Duration backoff =
                    Backoff.DELIVER.after(song.attempt() + 1, runtime.time().random());
            Duration asked = asked(exchange);
            Instant due = runtime.clock().instant().plus(asked.compareTo(backoff) > 0 ? asked : backoff);
            recorder.make(
                    new Change.DeliverLater(claim, clips, song.sinks(), song.attempt() + 1, due, Optional.of(why)));
            warnThatItWaits(song, why);
        }
    }

    private void fail(
            Claim claim, Song song, ArrayNode clips, List<SinkDelivery> sinks, Reason reason, String message) {
        recorder.make(new Change.Undelivered(claim, clips, sinks, reason, message));
        LOG.warn(
                "A song was not delivered: {} (song: {}, vendor: {}, reason: {})",
                message,
                song.id(),
                song.vendor(),
                reason);
    }

    private static void warnThatItWaits(Song song, String why) {
        LOG.warn(
                "A song was not delivered yet; will be tried again: {} (song: {}, vendor: {})",
                why,
                song.id(),
                song.vendor());
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
