package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Song;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what became of status calls: what is news is judged and recorded, what runs on goes on in flight, and a vendor whose call
 * failed is left alone for a while. Thread-safe.
 */
final class PollAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(PollConsumer.class);

    private static final Duration REST_AT_MOST = Duration.ofMinutes(10);

    /** A vendor that makes up a word each time is not to fill the log. */
    private static final int WORDS_SAID = 100;

    private final Set<String> unknownWords = ConcurrentHashMap.newKeySet();
    private final SongRuntime runtime;
    private final WorkListener listener;
    private final Recorder recorder;
    private final Map<String, Flights> flights;

    PollAnswers(SongRuntime runtime, WorkListener listener, Recorder recorder, Map<String, Flights> flights) {
        this.runtime = runtime;
        this.listener = listener;
        this.recorder = recorder;
        this.flights = flights;
    }

    /** @return calls to be made instead: the answer may be missing for one of the tasks alone */
    List<PollCall> hear(Lane lane, PollCall call, Exchange exchange, Duration took) {
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
            List<Asked> asked = new ArrayList<>(claim(lane.vendor(), byNews.get(true), now));
            call.claimed().forEach(song -> asked.add(Asked.of(song)));
            record(lane, asked, song -> judge.judge(song, call.taskIds(), answers), now);
        } catch (VendorCallException e) {
            heard(lane, call, Optional.of(e.error().errorClass()), took);
            if (call.songs() > 1 && e.mayLieInOneTask()) {
                return call.oneByOne(lane.vendor().pollBatch());
            }
            Optional<Duration> rest = e.error().retryAfter().map(asked -> rest(lane.vendor(), asked));
            Instant notBefore = leaveAlone(lane, call, rest, e, now);
            inFlight.goOn(call.flights(), now, notBefore);
            record(
                    lane,
                    call.claimed().stream().map(Asked::of).toList(),
                    song -> judge.judgeFailedCall(song, notBefore),
                    now);
            rest.ifPresent(
                    length -> runtime.ledger().claims().rest(lane.vendor().name(), runtime.sandbox(), length));
        }
        return List.of();
    }

    /** A song with an answer, and when it was asked about before. */
    private record Asked(ClaimedSong song, Optional<Instant> before) {

        static Asked of(ClaimedSong song) {
            return new Asked(song, Optional.empty());
        }
    }

    /** What there is news of in flight, as the ledger has it; what has gone on there is nobody's news. */
    private List<Asked> claim(VendorSettings vendor, List<Flight> news, Instant now) {
        if (news.isEmpty()) {
            return List.of();
        }
        Flights inFlight = flights.get(vendor.name());
        Map<String, Instant> askedAt =
                news.stream().collect(Collectors.toMap(Flight::songId, flight -> Instant.ofEpochMilli(flight.askedAt)));
        List<ClaimedSong> claimed;
        try {
            claimed = runtime.ledger()
                    .inFlight()
                    .claim(
                            vendor.name(),
                            runtime.sandbox(),
                            List.copyOf(askedAt.keySet()),
                            runtime.settings().lease());
        } catch (LedgerException e) {
            // by the ledger they are due in minutes; and what else the call was about is not to wait for them
            LOG.debug("News is asked for once more: {} (vendor: {})", e.getMessage(), vendor.name());
            inFlight.goOn(news, now, now);
            return List.of();
        }
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
            if (PollJudge.isEndOfTask(changes.get(i))
                    && !lost.contains(changes.get(i).claim())) {
                Song song = asked.get(i).song().song();
                Optional<Instant> before = asked.get(i).before();
                listener.ended(
                        lane.vendor().name(),
                        before.map(at -> Lag.since(at, now)).orElseGet(() -> Lag.atMost(song, now)));
            }
        }
    }

    /** @return until when */
    private Instant leaveAlone(Lane lane, PollCall call, Optional<Duration> rest, VendorCallException e, Instant now) {
        Duration failedFor = Backoff.POLL.after(lane.failed(), runtime.time().random());
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
}
