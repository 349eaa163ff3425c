package io.camelody.component;

import static io.camelody.component.GivenSong.CLAIM;
import static io.camelody.component.GivenSong.clips;
import static io.camelody.component.GivenSong.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.Postponed;
import io.camelody.ledger.Song;
import io.camelody.pace.Gate;
import io.camelody.pace.Heard;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.TestVendors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A day of a million songs at three vendors with limits of their own, in virtual time: the program's own {@link Gate} says when
 * a paid call leaves, and its own {@link Flights} which tasks a status call is about. Songs come as people are awake, twice the
 * mean at noon and next to nothing at night; a task takes 80 seconds in the middle, and five minutes at most.
 */
final class DayOfSongsTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration SUBMIT_TAKES = Duration.ofMillis(800);
    private static final Duration POLL_TAKES = Duration.ofMillis(300);

    @Test
    void aMillionSongsAreKnownInTimeAndNoVendorIsAskedTooOften() {
        Day foxai = new Day(600_000, 25, 12, 1_200, 4, 1);
        Day sunomusic = new Day(300_000, 20, 6, 600, 4, 2);
        Day senseaudio = new Day(100_000, 1, 2, 200, 16, 3);

        for (Day day : List.of(foxai, sunomusic, senseaudio)) {
            day.pass();

            assertThat(day.ended).as(day.toString()).isEqualTo(day.songs);
            assertThat(day.mostWaiting)
                    .as("more than the vendor takes at noon: " + day)
                    .isGreaterThan(1_000);
            // the bucket holds a second's worth
            assertThat(day.mostPaid).as("paid calls in a second: " + day).isLessThanOrEqualTo(2 * day.rate);
            assertThat(day.mostRunning).as("tasks at a time: " + day).isLessThanOrEqualTo(day.running);
            // what the call itself takes, and the moment that it waits for others, come on top of the interval
            assertThat(day.lag(.9)).as("seconds: " + day).isLessThan(11);
            assertThat(day.lag(1))
                    .as("seconds, of those that take long: " + day)
                    .isLessThan(21);
        }
        assertThat(foxai.idsACall()).as(foxai.toString()).isGreaterThan(20);
        assertThat(sunomusic.idsACall()).as(sunomusic.toString()).isGreaterThan(16);
        assertThat(foxai.mostAsked).as("status calls in a second: " + foxai).isLessThan(10);
        assertThat(senseaudio.mostAsked)
                .as("status calls in a second: " + senseaudio)
                .isLessThan(30);
    }

    /** One vendor's part of the day. Times are milliseconds since midnight. */
    private static final class Day {

        private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");

        private final int songs;
        private final int rate;
        private final int running;
        private final int lanes;
        private final VendorSettings vendor;
        private final Flights flights;
        private final long linger;
        private final Random random;
        private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
        private final Map<String, Long> endsAt = new HashMap<>();
        private final Deque<Fresh> fresh = new ArrayDeque<>();
        private final Counter paid = new Counter();
        private final Counter asked = new Counter();
        private final float[] lags;
        private Gate gate = Gate.OPEN;
        private long now;
        private double came;
        private int waiting;
        private int submitted;
        private int submitting;
        private int asking;
        private long nextSubmit = Long.MAX_VALUE;
        private long nextAsk = Long.MAX_VALUE;
        private int ended;
        private int mostWaiting;
        private int mostPaid;
        private int mostRunning;
        private int mostAsked;
        private long calls;
        private long ids;
        private long postponed;

        private record Event(long at, Runnable what) {}

        /** A song that is due by the ledger, for the first time. */
        private record Fresh(String id, long dueAt, Flight flight) {}

        Day(int songs, int batch, int rate, int running, int lanes, long seed) {
            this.songs = songs;
            this.rate = rate;
            this.running = running;
            this.lanes = lanes;
            this.random = new Random(seed);
            this.lags = new float[songs];
            this.vendor = TestVendors.vendor(
                    "foxai", "poll-interval=" + INTERVAL.toSeconds() + "s", "poll-batch=" + batch, "timeout=6m");
            this.flights = new Flights(vendor, Duration.ofMinutes(3));
            this.linger = PollConsumer.linger(vendor).toMillis();
        }

        void pass() {
            at(0, this::come);
            for (Event next = events.poll(); next != null; next = events.poll()) {
                now = next.at();
                next.what().run();
            }
        }

        private void at(long when, Runnable what) {
            events.add(new Event(when, what));
        }

        private Instant instant() {
            return MIDNIGHT.plusMillis(now);
        }

        /** The requests of one second. */
        private void come() {
            double awake = 1 - Math.cos(2 * Math.PI * now / DAY.toMillis());
            came += awake * songs / DAY.toSeconds();
            boolean isOver = now + 1_000 >= DAY.toMillis();
            int all = isOver ? songs : Math.min(songs, (int) came);
            waiting = all - submitted;
            mostWaiting = Math.max(mostWaiting, waiting);
            if (!isOver) {
                at(now + 1_000, this::come);
            }
            submitSoon(now);
        }

        private void submitSoon(long when) {
            if (when < nextSubmit) {
                nextSubmit = when;
                at(when, this::submit);
            }
        }

        private void submit() {
            if (now != nextSubmit) {
                return;
            }
            nextSubmit = Long.MAX_VALUE;
            int room = Math.min(gate.room(rate, instant(), false), running - endsAt.size() - submitting);
            int leaving = Math.min(waiting, room);
            if (leaving > 0) {
                gate = gate.left(new Gate.Call("s", "c"), leaving, rate, instant());
            }
            for (int i = 0; i < leaving; i++) {
                waiting--;
                submitting++;
                String id = "s" + submitted++;
                mostPaid = Math.max(mostPaid, paid.count(now));
                at(now + SUBMIT_TAKES.toMillis(), () -> taken(id));
            }
            if (waiting > 0 && endsAt.size() + submitting < running) {
                submitSoon(Math.max(
                        now + 1,
                        Duration.between(MIDNIGHT, gate.opensAt(rate, instant(), false))
                                .toMillis()));
            }
        }

        private void taken(String id) {
            gate = gate.heard(new Heard(Heard.Kind.TAKEN), new Gate.Call("s", "c"), instant())
                    .gate();
            submitting--;
            double takes = Math.min(300, Math.exp(Math.log(80) + .5 * random.nextGaussian()));
            endsAt.put(id, now + (long) (takes * 1e3));
            mostRunning = Math.max(mostRunning, endsAt.size());
            fresh.addLast(new Fresh(id, now + FIRST.toMillis(), flight(id)));
            askSoon(now + FIRST.toMillis());
        }

        private Flight flight(String id) {
            Song song = GivenSong.with(task(1, id)).withId(id).submittedAt(instant());
            TaskReport report = new TaskReport(1, "running", clips(), Optional.empty(), 0, false);
            return Flight.of(
                            song,
                            new Change.PolledOn(CLAIM, List.of(report), Instant.EPOCH, Optional.empty()),
                            vendor.pollBatch())
                    .orElseThrow();
        }

        private void askSoon(long when) {
            if (when < nextAsk) {
                nextAsk = when;
                at(when, this::ask);
            }
        }

        /** As {@link PollConsumer} makes its rounds: what the ledger has, filled up with songs in flight, and then those. */
        private void ask() {
            if (now != nextAsk) {
                return;
            }
            nextAsk = Long.MAX_VALUE;
            List<Postponed> ending = flights.ending(instant());
            postponed += ending.size();
            flights.moveOn(ending, ending);
            while (asking < lanes && isFreshDue()) {
                List<Fresh> call = new ArrayList<>();
                while (call.size() < vendor.pollBatch()
                        && !fresh.isEmpty()
                        && fresh.peek().dueAt() <= now) {
                    call.add(fresh.poll());
                }
                leave(call, flights.toFill(instant(), vendor.pollBatch() - call.size()));
            }
            while (asking < lanes) {
                List<Flight> call = flights.forCall(instant());
                if (call.isEmpty()) {
                    break;
                }
                leave(List.of(), call);
            }
            if (asking < lanes) {
                Instant look = flights.nextLook(instant());
                long flying = look.equals(Instant.MAX)
                        ? Long.MAX_VALUE
                        : Duration.between(MIDNIGHT, look).toMillis();
                long ledger = fresh.isEmpty() ? Long.MAX_VALUE : fresh.peek().dueAt() + linger;
                long next = Math.min(flying, ledger);
                if (next < Long.MAX_VALUE) {
                    askSoon(Math.max(now + 1, next));
                }
            }
        }

        private boolean isFreshDue() {
            return !fresh.isEmpty() && fresh.peek().dueAt() + linger <= now;
        }

        private void leave(List<Fresh> first, List<Flight> flying) {
            asking++;
            calls++;
            ids += first.size() + flying.size();
            mostAsked = Math.max(mostAsked, asked.count(now));
            at(now + POLL_TAKES.toMillis(), () -> answered(first, flying));
        }

        private void answered(List<Fresh> first, List<Flight> flying) {
            asking--;
            List<Flight> goOn = new ArrayList<>();
            for (Fresh each : first) {
                if (!hasEnded(each.id())) {
                    flights.add(each.flight(), instant(), flights.until(each.flight(), instant()));
                }
            }
            for (Flight each : flying) {
                if (hasEnded(each.songId())) {
                    flights.land(List.of(each.songId()));
                } else {
                    goOn.add(each);
                }
            }
            flights.goOn(goOn, instant(), instant());
            askSoon(now);
            submitSoon(now);
        }

        /** By the vendor's answer, which it has made on half of its way. */
        private boolean hasEnded(String id) {
            long end = endsAt.get(id);
            if (end > now - POLL_TAKES.toMillis() / 2) {
                return false;
            }
            endsAt.remove(id);
            lags[ended++] = (now - end) / 1e3f;
            return true;
        }

        double idsACall() {
            return (double) ids / calls;
        }

        double lag(double part) {
            float[] sorted = lags.clone();
            Arrays.sort(sorted);
            return sorted[(int) Math.min(songs - 1, part * songs)];
        }

        @Override
        public String toString() {
            return ("%,d songs: %,d waited at most, %,d tasks at a time, %d paid calls in a second at most; %,d status calls of %.1f ids, %d in a second"
                            + " at most; ends known after %.1f s (half), %.1f s (90 %%), %.1f s (all); %,d rows moved on")
                    .formatted(
                            songs,
                            mostWaiting,
                            mostRunning,
                            mostPaid,
                            calls,
                            idsACall(),
                            mostAsked,
                            lag(.5),
                            lag(.9),
                            lag(1),
                            postponed);
        }
    }

    /** Of calls in the current second. */
    private static final class Counter {

        private long second = -1;
        private int last;

        int count(long now) {
            last = now / 1_000 == second ? last + 1 : 1;
            second = now / 1_000;
            return last;
        }
    }
}
