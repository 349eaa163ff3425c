package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Claims.Claimed;
import io.camelody.ledger.Claims.NextPolls;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Postponed;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.request.Json;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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

    private final Map<String, Flights> flights = new HashMap<>();
    private final Map<String, Instant> lookAt = new ConcurrentHashMap<>();
    private final PollAnswers answers;

    PollConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor, SongState.SUBMITTED);
        Duration lease = runtime.settings().lease();
        runtime.vendors().all().forEach(vendor -> flights.put(vendor.name(), new Flights(vendor, lease)));
        answers = new PollAnswers(runtime, listener, recorder, flights);
    }

    @Override
    void hearOfWork() {
        lookAt.clear();
        super.hearOfWork();
    }

    /** Whoever waits longer comes first: neither what the ledger has nor what is in flight keeps the other waiting for ever. */
    @Override
    Instant work(Lane lane, Instant due) {
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
        if (inFlight.firstDue(now).isBefore(due)) {
            askAboutFlights(lane, inFlight, now);
            return earlier(askByLedger(lane, due, now), inFlight.nextLook(now));
        }
        Instant later = askByLedger(lane, due, now);
        askAboutFlights(lane, inFlight, now);
        return earlier(later, inFlight.nextLook(now));
    }

    private void postpone(Flights inFlight, Instant now) {
        List<Postponed> ending = inFlight.ending(now);
        if (ending.isEmpty()) {
            return;
        }
        try {
            inFlight.moveOn(ending, runtime.ledger().inFlight().postpone(ending));
        } catch (LedgerException e) {
            // it may stand all the same, and then nobody else asks about them sooner
            inFlight.moveOn(ending, Set.copyOf(ending));
            throw e;
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** By the ledger once a second, and when there is word of something new. */
    @Override
    Map<String, Instant> look(List<Lane> vendors) {
        Instant now = runtime.clock().instant();
        Map<String, Instant> due = new HashMap<>();
        List<Lane> unknown = new ArrayList<>();
        for (Lane lane : vendors) {
            Instant known = lookAt.get(lane.name());
            if (known != null && now.isBefore(known)) {
                due.put(lane.name(), known);
            } else {
                unknown.add(lane);
            }
        }
        if (!unknown.isEmpty()) {
            look(unknown, now, due);
        }
        return due;
    }

    private void look(List<Lane> unknown, Instant now, Map<String, Instant> due) {
        // what is heard of while this looks is looked for once more
        Instant soon = now.plus(LOOKS_EVERY);
        unknown.forEach(lane -> lookAt.put(lane.name(), soon));
        NextPolls next;
        try {
            next = runtime.ledger()
                    .claims()
                    .nextPolls(unknown.stream().map(Lane::name).toList(), runtime.scope());
        } catch (LedgerException e) {
            // or the next round would think that it had looked
            unknown.forEach(lane -> lookAt.remove(lane.name()));
            throw e;
        }
        for (Lane lane : unknown) {
            Instant rests = next.restsUntil().getOrDefault(lane.name(), now);
            if (rests.isAfter(now)) {
                // as another node was told
                lane.close(now, Duration.between(now, rests));
            }
            Instant found = next.due().getOrDefault(lane.name(), Instant.MAX);
            due.put(lane.name(), found);
            lookAt.computeIfPresent(lane.name(), (name, at) -> earlier(soon, found));
        }
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
        Flights inFlight = flights.get(vendor.name());
        inFlight.land(found.songs().stream().map(each -> each.song().id()).toList());
        for (PollCall call : PollCall.about(found.songs(), vendor.pollBatch())) {
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
        return Rounds.after(found.songs(), now);
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
                // one task that the vendor or its file cannot do with must not keep the answers about the others back
                answers.hear(lane, call, exchange, Duration.ofNanos(System.nanoTime() - left))
                        .forEach(alone -> dispatch(lane, alone.claims(), () -> poll(lane, alone)));
            } finally {
                if (!call.claimed().isEmpty()) {
                    lookAt.remove(vendor);
                }
                done(lane, call.claimedIds());
            }
        });
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

    /** Also with what has been dispatched and does not begin any more. */
    @Override
    protected void doSuspend() throws ExecutionException {
        super.doSuspend();
        handFlightsBack();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        handFlightsBack();
    }

    /** So that others go on with what was in flight here. */
    private void handFlightsBack() {
        for (Flights each : flights.values()) {
            List<Postponed> handed = each.handBack();
            try {
                if (!handed.isEmpty()) {
                    runtime.ledger().inFlight().postpone(handed);
                }
            } catch (LedgerException e) {
                LOG.debug("Songs in flight are due when they would have been moved on.", e);
            }
        }
    }
}
