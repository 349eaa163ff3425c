package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Instant work(Lane lane, Instant due) {
        int room = lane.room();
        if (room <= 0) {
            return Instant.MAX;
        }
        String vendor = lane.vendor().name();
        Instant now = runtime.clock().instant();
        if (due.isAfter(now)) {
            return due;
        }
        List<ClaimedSong> found = runtime.ledger()
                .claims()
                .claimDue(
                        SongState.GENERATED,
                        vendor,
                        runtime.scope(),
                        room,
                        runtime.settings().lease());
        for (ClaimedSong claimed : found) {
            // a worker that is still at it, though its claim is over, is let finish: two must not write one file
            boolean isUnderWay = underWay.computeIfPresent(claimed.song().id(), (id, before) -> {
                        // before it ends, which is when it lets go of it
                        leases.replace(claimed.claim());
                        return claimed;
                    })
                    != null;
            if (!isUnderWay) {
                underWay.put(claimed.song().id(), claimed);
                dispatch(lane, List.of(claimed.claim()), () -> deliver(lane, claimed));
            }
        }
        return Rounds.after(found, now);
    }

    private void deliver(Lane lane, ClaimedSong claimed) {
        Song song = claimed.song();
        SinkJudge judge = new SinkJudge(runtime);
        List<SinkDelivery> sinks = judge.of(wanted(song), song.sinks());
        List<SinkDelivery> due = judge.due(sinks);
        ObjectNode document = document(song);
        if (due.isEmpty()) {
            // brought forward by a start, or the sinks are others by now
            recorder.hear(
                    () -> conclude(
                            lane,
                            song,
                            claim -> record(song, new DeliverJudge(runtime, song).judge(claim, sinks, song.clips()))),
                    getExceptionHandler());
        } else if (SinkJudge.isTelling(due) && !mayTell.tryAcquire()) {
            recorder.hear(
                    () -> conclude(
                            lane, song, claim -> recorder.make(new DeliverJudge(runtime, song).postpone(claim, sinks))),
                    getExceptionHandler());
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
            // not what this node has claimed anew and is at; it cannot begin meanwhile
            underWay.computeIfAbsent(song.id(), id -> {
                runtime.lost(id);
                return null;
            });
        } finally {
            done(lane, List.of(song.id()));
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
        DeliverJudge judge = new DeliverJudge(runtime, song);
        List<String> taskIds = song.stepTasks().stream()
                .flatMap(task -> task.taskId().stream())
                .toList();
        exchange.setVariable("songId", song.id());
        exchange.setVariable("sinks", sinks.stream().map(SinkDelivery::sink).toList());
        exchange.setVariable(
                "sinkAttempts",
                sinks.stream().collect(Collectors.toMap(SinkDelivery::sink, sink -> sink.attempt() + 1)));
        new SongRequest(song.request()).text("webhook").ifPresent(url -> exchange.setVariable("receiver", url));
        exchange.setVariable("refresh", song.attempt() > 0 && judge.isMissingClips() && !taskIds.isEmpty());
        exchange.setVariable("taskIds", String.join(",", taskIds));
        exchange.setVariable("taskIdList", Json.MAPPER.valueToTree(taskIds));
        exchange.setVariable("lastTry", judge.isLastTry());
        exchange.getMessage().setBody(document);
        exchange.setVariable("song", document);
        return exchange;
    }

    private List<String> wanted(Song song) {
        return runtime.settings().sinksOf(new SongRequest(song.request()));
    }

    private void record(Claim claim, Song song, List<SinkDelivery> sinks, ObjectNode document, Exchange exchange) {
        ArrayNode clips = document.withArray("clips");
        DeliverJudge judge = new DeliverJudge(runtime, song);
        boolean isReady = exchange.getException() == null
                && Boolean.TRUE.equals(exchange.getVariable("clipsReady", Boolean.class));
        ObjectNode answers = exchange.getVariable("deliveries", ObjectNode.class);
        if (isReady && answers != null && !answers.isEmpty()) {
            List<SinkDelivery> judged = new SinkJudge(runtime).judge(sinks, answers, clips, judge.since());
            judged.stream()
                    .filter(sink -> answers.has(sink.sink()))
                    .forEach(sink -> listener.delivered(sink.sink(), sink.isDelivered()));
            record(song, judge.judge(claim, judged, clips));
        } else {
            record(song, judge.judgeBroken(claim, clips, isReady, exchange));
        }
    }

    private void record(Song song, Change change) {
        if (isStoppingOrStopped() && !(change instanceof Change.Delivered)) {
            // the stop interrupts what is under way, which says nothing of the audio or the sinks
            recorder.make(new Change.Released(change.claim()));
            return;
        }
        recorder.make(change);
        if (change instanceof Change.Delivered delivered) {
            int clips = delivered.clips().size();
            LOG.info("A song was delivered. (song: {}, vendor: {}, clips: {})", song.id(), song.vendor(), clips);
        } else if (change instanceof Change.Undelivered undelivered) {
            LOG.warn(
                    "A song was not delivered: {} (song: {}, vendor: {}, reason: {})",
                    undelivered.message(),
                    song.id(),
                    song.vendor(),
                    undelivered.reason());
        } else if (change instanceof Change.DeliverLater later) {
            later.message()
                    .ifPresent(why -> LOG.warn(
                            "A song was not delivered yet; will be tried again: {} (song: {}, vendor: {})",
                            why,
                            song.id(),
                            song.vendor()));
        }
    }
}
