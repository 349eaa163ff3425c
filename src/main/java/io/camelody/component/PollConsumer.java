package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Postponed;
import io.camelody.ledger.Song;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    private static final Duration REST_AT_MOST = Duration.ofMinutes(10);

    /** A vendor that makes up a word each time is not to fill the log. */
    private static final int WORDS_SAID = 100;

    private final Set<String> unknownWords = ConcurrentHashMap.newKeySet();
    private final Map<String, Flights> flights = new HashMap<>();
    private final Map<String, Instant> lookAt = new ConcurrentHashMap<>();

    PollConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.SUBMITTED);
        Duration lease = runtime.settings().lease();
        runtime.vendors().all().forEach(vendor -> flights.put(vendor.name(), new Flights(vendor, lease)));
    }

    @Override
    void hearOfWork() {
        lookAt.clear();
        super.hearOfWork();
    }

    /** Whoever waits longer comes first: neither what the ledger has nor what is in flight keeps the other waiting for ever. */
    @Override
    Instant work(Lane lane) {
        Flights inFlight = flights.get(lane.vendor().name());
        Instant now = runtime.clock().instant();
        postpone(inFlight, now);
        Instant opens = lane.opensAt(now);
        if (now.isBefore(opens)) {
            endWhatIsOver(lane.vendor(), now);
            return opens;
        }
        if (lane.room() <= 0) {
            return Instant.MAX;
        }
        Instant due = nextDue(lane.vendor(), now);
        if (inFlight.nextLook(now).isBefore(due)) {
            askAboutFlights(lane, inFlight, now);
            return earlier(askByLedger(lane, due, now), inFlight.nextLook(now));
        }
        Instant later = askByLedger(lane, due, now);
        askAboutFlights(lane, inFlight, now);
        return earlier(later, inFlight.nextLook(now));
    }

    private void postpone(Flights inFlight, Instant now) {
        List<Postponed> ending = inFlight.ending(now);
        if (!ending.isEmpty()) {
            inFlight.moveOn(ending, runtime.ledger().claims().postpone(ending));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Looked at once a second, and when there is word of something new. */
    private Instant nextDue(VendorSettings vendor, Instant now) {
        Instant known = lookAt.get(vendor.name());
        if (known != null && now.isBefore(known)) {
            return known;
        }
        // what is heard of while this looks is looked for once more
        Instant soon = now.plus(LOOKS_EVERY);
        lookAt.put(vendor.name(), soon);
        Instant due = runtime.ledger()
                .claims()
                .nextDue(SongState.SUBMITTED, vendor.name(), runtime.scope())
                .orElse(Instant.MAX);
        lookAt.computeIfPresent(vendor.name(), (name, at) -> earlier(soon, due));
        return due;
    }

    private Instant askByLedger(Lane lane, Instant nextDue, Instant now) {
        VendorSettings vendor = lane.vendor();
        int room = lane.room() * vendor.pollBatch();
        if (room <= 0) {
            return Instant.MAX;
        }
        if (nextDue.isAfter(now)) {
            return nextDue;
        }
        Instant lingerUntil = nextDue.plus(linger(vendor));
        if (now.isBefore(lingerUntil) && !isFull(vendor)) {
            return lingerUntil;
        }
        lookAt.remove(vendor.name());
        List<ClaimedSong> claimed = runtime.ledger()
                .claims()
                .claimForPoll(
                        vendor.name(),
                        runtime.scope(),
                        room,
                        vendor.pollBatch(),
                        now.plus(vendor.pollInterval().dividedBy(2)),
                        runtime.settings().lease());
        Flights inFlight = flights.get(vendor.name());
        inFlight.land(claimed.stream().map(each -> each.song().id()).toList());
        for (PollCall call : PollCall.about(claimed, vendor.pollBatch())) {
            if (call.taskIds().isEmpty()) {
                endWithoutACall(vendor, call, now);
            } else if (lane.room() > 0) {
                if (call.step() == Step.SONG) {
                    call.fill(inFlight.toFill(
                            now, vendor.pollBatch() - call.taskIds().size()));
                }
                dispatch(lane, call.claims(), () -> poll(lane, call));
            } else {
                // songs with several tasks each make more calls than songs alone would
                handBack(call.claims());
            }
        }
        return now.plusMillis(1);
    }

    private void askAboutFlights(Lane lane, Flights inFlight, Instant now) {
        List<Flight> next = lane.room() > 0 ? inFlight.forCall(now) : List.of();
        while (!next.isEmpty()) {
            PollCall call = PollCall.aboutFlights(next);
            dispatch(lane, List.of(), () -> poll(lane, call));
            next = lane.room() > 0 ? inFlight.forCall(now) : List.of();
        }
    }

    /** How long the first song that is due waits for others: nothing where a call takes one id. */
    static Duration linger(VendorSettings vendor) {
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
    private void endWithoutACall(VendorSettings vendor, PollCall call, Instant now) {
        PollJudge judge = new PollJudge(vendor, now);
        recorder.makeAll(call.claimed().stream()
                .map(song -> judge.judge(song, List.of(), Map.of()))
                .toList());
    }

    private void poll(Lane lane, PollCall call) {
        String vendor = lane.vendor().name();
        ArrayNode ids = Json.MAPPER.valueToTree(call.taskIds());
        Exchange exchange = newExchange(vendor);
        exchange.setVariable("step", call.step().word());
        exchange.setVariable("taskIds", String.join(",", call.taskIds()));
        exchange.getMessage().setBody(ids);
        long left = System.nanoTime();
        send(exchange, () -> {
            try {
                hear(lane, call, exchange, Duration.ofNanos(System.nanoTime() - left));
            } finally {
                if (!call.claimed().isEmpty()) {
                    lookAt.remove(vendor);
                }
                done(lane, call.claimedIds());
            }
        });
    }

    private void hear(Lane lane, PollCall call, Exchange exchange, Duration took) {
        Instant now = runtime.clock().instant();
        PollJudge judge = new PollJudge(lane.vendor(), now);
        Flights inFlight = flights.get(lane.vendor().name());
        try {
            Map<String, TaskAnswer> answers = answers(lane.vendor(), call, exchange);
            heard(lane, call, Optional.empty(), took);
            lane.succeeded();
            call.taskIds().stream()
                    .flatMap(id -> Optional.ofNullable(answers.get(id)).stream())
                    .filter(answer -> !answer.isKnown())
                    .forEach(answer -> sayOnce(lane, answer.status()));
            Map<Boolean, List<Flight>> byNews =
                    call.flights().stream().collect(Collectors.partitioningBy(flight -> flight.isNews(answers)));
            inFlight.goOn(byNews.get(false), now, now);
            List<Asked> asked = new ArrayList<>(claim(inFlight, byNews.get(true)));
            call.claimed().forEach(song -> asked.add(Asked.of(song)));
            record(lane, asked, song -> judge.judge(song, call.taskIds(), answers), now);
        } catch (VendorCallException e) {
            heard(lane, call, Optional.of(e.error().errorClass()), took);
            if (call.songs() > 1 && e.mayLieInOneTask()) {
                // one task that the vendor or its file cannot do with must not keep the answers about the others back
                call.oneByOne(lane.vendor().pollBatch())
                        .forEach(alone -> dispatch(lane, alone.claims(), () -> poll(lane, alone)));
                return;
            }
            Instant notBefore = leaveAlone(lane, call, e, now);
            inFlight.goOn(call.flights(), now, notBefore);
            record(
                    lane,
                    call.claimed().stream().map(Asked::of).toList(),
                    song -> judge.judgeFailedCall(song, notBefore),
                    now);
        }
    }

    /** A song with an answer, and when it was asked about before. */
    private record Asked(ClaimedSong song, Optional<Instant> before) {

        static Asked of(ClaimedSong song) {
            return new Asked(song, Optional.empty());
        }
    }

    /** What there is news of in flight, as the ledger has it; what has gone on there is nobody's news. */
    private List<Asked> claim(Flights inFlight, List<Flight> flights) {
        if (flights.isEmpty()) {
            return List.of();
        }
        Map<String, Instant> askedAt = flights.stream()
                .collect(Collectors.toMap(Flight::songId, flight -> Instant.ofEpochMilli(flight.askedAt)));
        List<ClaimedSong> claimed = runtime.ledger()
                .claims()
                .claimSubmitted(
                        List.copyOf(askedAt.keySet()), runtime.settings().lease());
        inFlight.land(askedAt.keySet());
        return claimed.stream()
                .map(song -> new Asked(song, Optional.of(askedAt.get(song.song().id()))))
                .toList();
    }

    private void record(Lane lane, List<Asked> asked, Function<ClaimedSong, Change> judge, Instant now) {
        Flights inFlight = flights.get(lane.vendor().name());
        List<Change> changes = new ArrayList<>();
        Map<Claim, Flight> goOn = new LinkedHashMap<>();
        for (Asked each : asked) {
            Change change = judge.apply(each.song());
            if (change instanceof Change.PolledOn polled && inFlight.isWorthIt()) {
                Optional<Flight> flight =
                        Flight.of(each.song().song(), polled, lane.vendor().pollBatch());
                flight.ifPresent(goes -> goOn.put(polled.claim(), goes));
                change = flight.<Change>map(goes -> polled.dueAt(inFlight.until(goes, now)))
                        .orElse(change);
            }
            changes.add(change);
        }
        List<Claim> lost = recorder.makeAll(changes);
        goOn.keySet().removeAll(lost);
        goOn.values().forEach(flight -> inFlight.add(flight, now, inFlight.until(flight, now)));
        for (int i = 0; i < changes.size(); i++) {
            if (PollJudge.isEndOfTask(changes.get(i))) {
                Song song = asked.get(i).song().song();
                Optional<Instant> before = asked.get(i).before();
                listener.ended(
                        lane.vendor().name(),
                        before.map(at -> Lag.since(at, now)).orElseGet(() -> Lag.atMost(song, now)));
            }
        }
    }

    /** @return until when */
    private Instant leaveAlone(Lane lane, PollCall call, VendorCallException e, Instant now) {
        Duration failedFor = Backoff.POLL.after(lane.failed(), runtime.time().random());
        lane.close(
                now,
                e.error().retryAfter().map(asked -> rest(lane.vendor(), asked)).orElse(failedFor));
        Instant notBefore = lane.opensAt(now);
        LOG.warn(
                "A status call failed: {}; {} is asked again in {} s. (vendor: {}, tasks: {}, class: {})",
                e.getMessage(),
                lane.vendor().name(),
                Duration.between(now, notBefore).toSeconds(),
                lane.vendor().name(),
                call.taskIds().size(),
                e.error().errorClass().word());
        return notBefore;
    }

    private void heard(Lane lane, PollCall call, Optional<ErrorClass> failure, Duration took) {
        listener.called(lane.vendor().name(), call.step(), WorkListener.Call.POLL, failure, took);
    }

    /** A vendor that wants a long rest is asked again before its songs time out unseen. */
    private static Duration rest(VendorSettings vendor, Duration asked) {
        Duration most = Collections.min(List.of(REST_AT_MOST, vendor.timeout().dividedBy(4)));
        return Collections.min(List.of(asked, most));
    }

    /** "Not found" about one task means that task; about several it says nothing of any of them. */
    private static Map<String, TaskAnswer> answers(VendorSettings vendor, PollCall call, Exchange exchange) {
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
        flights.get(vendor.name())
                .land(over.stream().map(each -> each.song().id()).toList());
        recorder.makeAll(
                over.stream().map(song -> judge.judgeFailedCall(song, now)).toList());
    }

    /** So that others go on with what was in flight here. */
    @Override
    protected void doStop() throws Exception {
        super.doStop();
        try {
            for (Flights each : flights.values()) {
                runtime.ledger().claims().postpone(each.handBack());
            }
        } catch (LedgerException e) {
            LOG.debug("Songs in flight are due when they would have been moved on.", e);
        }
    }
}
