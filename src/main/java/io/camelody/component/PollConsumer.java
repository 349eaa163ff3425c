package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Claims.Claimed;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.request.Json;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
 * {@code song:submitted}: asks vendors about their tasks, as many in one call as the vendor takes.
 *
 * <p>A call that is not full waits a moment for more songs to come due, and takes those along that are due soon, so songs
 * find together and stay together. A status call is free and ends nothing by failing: the vendor is left alone for a while,
 * for longer each time, and only a song's own timeout goes on counting.
 */
final class PollConsumer extends ClaimingConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(PollConsumer.class);

    private static final Duration LINGER_AT_MOST = Duration.ofMillis(500);

    private static final Duration REST_AT_MOST = Duration.ofMinutes(10);

    /** A vendor that makes up a word each time is not to fill the log. */
    private static final int WORDS_SAID = 100;

    private final Set<String> unknownWords = ConcurrentHashMap.newKeySet();

    /** The tasks of one status call. */
    private record Call(Step step, List<ClaimedSong> songs, List<String> taskIds) {}

    PollConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.SUBMITTED);
    }

    @Override
    Instant work(Lane lane) {
        VendorSettings vendor = lane.vendor();
        Instant now = runtime.clock().instant();
        Instant opens = lane.opensAt(now);
        if (now.isBefore(opens)) {
            endWhatIsOver(vendor, now);
            return opens;
        }
        int room = lane.room() * vendor.pollBatch();
        if (room <= 0) {
            return Instant.MAX;
        }
        Instant nextDue = runtime.ledger()
                .claims()
                .nextDue(SongState.SUBMITTED, vendor.name(), runtime.scope())
                .orElse(Instant.MAX);
        if (nextDue.isAfter(now)) {
            return nextDue;
        }
        Instant lingerUntil = nextDue.plus(linger(vendor));
        if (now.isBefore(lingerUntil) && !isFull(vendor)) {
            return lingerUntil;
        }
        Claimed found = runtime.ledger()
                .claims()
                .claimForPoll(
                        vendor.name(),
                        runtime.scope(),
                        room,
                        vendor.pollBatch(),
                        now.plus(vendor.pollInterval().dividedBy(2)),
                        runtime.settings().lease());
        if (found.next().isAfter(now)) {
            // as another node was told
            lane.close(now, Duration.between(now, found.next()));
        }
        for (Call call : calls(vendor, found.songs())) {
            List<Claim> claims = call.songs().stream().map(ClaimedSong::claim).toList();
            if (call.taskIds().isEmpty()) {
                endWithoutACall(vendor, call, now);
            } else if (lane.room() > 0) {
                dispatch(lane, claims, () -> poll(lane, call));
            } else {
                // songs with several tasks each make more calls than songs alone would
                handBack(claims);
            }
        }
        return now.plusMillis(1);
    }

    /** How long the first song that is due waits for others: nothing where a call takes one id. */
    private static Duration linger(VendorSettings vendor) {
        Duration quarter = vendor.pollInterval().dividedBy(4);
        if (vendor.pollBatch() == 1) {
            return Duration.ZERO;
        }
        return quarter.compareTo(LINGER_AT_MOST) < 0 ? quarter : LINGER_AT_MOST;
    }

    private boolean isFull(VendorSettings vendor) {
        int batch = vendor.pollBatch();
        return runtime.ledger().claims().countDue(SongState.SUBMITTED, vendor.name(), runtime.scope(), batch) >= batch;
    }

    /** Songs of which there is nothing to ask: what their tasks said last decides. */
    private void endWithoutACall(VendorSettings vendor, Call call, Instant now) {
        PollJudge judge = new PollJudge(vendor, now);
        recorder.makeAll(call.songs().stream()
                .map(song -> judge.judge(song, List.of(), Map.of()))
                .toList());
    }

    /** Songs without an open task are the songs of calls without an id. */
    private static List<Call> calls(VendorSettings vendor, List<ClaimedSong> claimed) {
        List<Call> calls = new ArrayList<>();
        calls.add(new Call(Step.SONG, new ArrayList<>(), new ArrayList<>()));
        for (Step step : Step.values()) {
            Call call = new Call(step, new ArrayList<>(), new ArrayList<>());
            for (ClaimedSong each : claimed) {
                if (each.song().step() != step) {
                    continue;
                }
                List<String> ids = PollJudge.open(each.song(), vendor.pollBatch());
                if (ids.isEmpty()) {
                    calls.get(0).songs().add(each);
                    continue;
                }
                if (call.taskIds().size() + ids.size() > vendor.pollBatch()) {
                    calls.add(call);
                    call = new Call(step, new ArrayList<>(), new ArrayList<>());
                }
                call.songs().add(each);
                call.taskIds().addAll(ids);
            }
            if (!call.songs().isEmpty()) {
                calls.add(call);
            }
        }
        return calls;
    }

    private void poll(Lane lane, Call call) {
        String vendor = lane.vendor().name();
        ArrayNode ids = Json.MAPPER.valueToTree(call.taskIds());
        Exchange exchange = newExchange(vendor);
        exchange.setVariable("step", call.step().word());
        exchange.setVariable("taskIds", String.join(",", call.taskIds()));
        exchange.getMessage().setBody(ids);
        long left = System.nanoTime();
        send(exchange, () -> {
            try {
                record(lane, call, exchange, Duration.ofNanos(System.nanoTime() - left));
            } finally {
                done(lane, call.songs().stream().map(each -> each.song().id()).toList());
            }
        });
    }

    private void record(Lane lane, Call call, Exchange exchange, Duration took) {
        Instant now = runtime.clock().instant();
        PollJudge judge = new PollJudge(lane.vendor(), now);
        Optional<Duration> rest = Optional.empty();
        List<Change> changes;
        try {
            Map<String, TaskAnswer> answers = answers(lane.vendor(), call, exchange);
            heard(lane, call, Optional.empty(), took);
            lane.succeeded();
            call.taskIds().stream()
                    .flatMap(id -> Optional.ofNullable(answers.get(id)).stream())
                    .filter(answer -> !answer.isKnown())
                    .forEach(answer -> sayOnce(lane, answer.status()));
            changes = call.songs().stream()
                    .map(song -> judge.judge(song, call.taskIds(), answers))
                    .toList();
        } catch (VendorCallException e) {
            heard(lane, call, Optional.of(e.error().errorClass()), took);
            if (call.songs().size() > 1 && e.mayLieInOneTask()) {
                askOneByOne(lane, call);
                return;
            }
            Duration failedFor =
                    Backoff.POLL.after(lane.failed(), runtime.time().random());
            rest = e.error().retryAfter().map(asked -> rest(lane.vendor(), asked));
            lane.close(now, rest.orElse(failedFor));
            Instant notBefore = lane.opensAt(now);
            LOG.warn(
                    "A status call failed: {}; {} is asked again in {} s. (vendor: {}, tasks: {}, class: {})",
                    e.getMessage(),
                    lane.vendor().name(),
                    Duration.between(now, notBefore).toSeconds(),
                    lane.vendor().name(),
                    call.taskIds().size(),
                    e.error().errorClass().word());
            changes = call.songs().stream()
                    .map(song -> judge.judgeFailedCall(song, notBefore))
                    .toList();
        }
        recorder.makeAll(changes);
        rest.ifPresent(length -> runtime.ledger().claims().rest(lane.vendor().name(), runtime.sandbox(), length));
        for (int i = 0; i < changes.size(); i++) {
            if (PollJudge.isEndOfTask(changes.get(i))) {
                listener.ended(
                        lane.vendor().name(), Lag.atMost(call.songs().get(i).song(), lane.vendor(), now));
            }
        }
    }

    private void heard(Lane lane, Call call, Optional<ErrorClass> failure, Duration took) {
        listener.called(lane.vendor().name(), call.step(), WorkListener.Call.POLL, failure, took);
    }

    /** A vendor that wants a long rest is asked again before its songs time out unseen. */
    private static Duration rest(VendorSettings vendor, Duration asked) {
        Duration most = Collections.min(List.of(REST_AT_MOST, vendor.timeout().dividedBy(4)));
        return Collections.min(List.of(asked, most));
    }

    /** One task that the vendor or its file cannot do with must not keep the answers about the others back. */
    private void askOneByOne(Lane lane, Call call) {
        for (ClaimedSong song : call.songs()) {
            List<String> ids = PollJudge.open(song.song(), lane.vendor().pollBatch());
            Call alone = new Call(call.step(), List.of(song), ids);
            dispatch(lane, List.of(song.claim()), () -> poll(lane, alone));
        }
    }

    /** "Not found" about one task means that task; about several it says nothing of any of them. */
    private static Map<String, TaskAnswer> answers(VendorSettings vendor, Call call, Exchange exchange) {
        try {
            return Answers.ofPoll(exchange, vendor);
        } catch (VendorCallException e) {
            if (e.isNotFound() && call.taskIds().size() == 1) {
                return Map.of();
            }
            throw e;
        }
    }

    private void sayOnce(Lane lane, String word) {
        String vendor = lane.vendor().name();
        if (unknownWords.size() < WORDS_SAID && unknownWords.add(vendor + " " + word)) {
            LOG.warn(
                    "{} answered the status \"{}\", which its file does not know; such tasks are asked about until they time out. (vendor: {})",
                    vendor,
                    word,
                    vendor);
        }
    }

    /** While a vendor is left alone its songs still come to the end of their time. */
    private void endWhatIsOver(VendorSettings vendor, Instant now) {
        PollJudge judge = new PollJudge(vendor, now);
        List<ClaimedSong> over = runtime.ledger()
                .claims()
                .claimOver(vendor.name(), runtime.scope(), runtime.settings().lease());
        recorder.makeAll(
                over.stream().map(song -> judge.judgeFailedCall(song, now)).toList());
    }
}
