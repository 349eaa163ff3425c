package io.camelody.component;

import static io.camelody.component.GivenSong.CLAIM;
import static io.camelody.component.GivenSong.SUBMITTED;
import static io.camelody.component.GivenSong.clips;
import static io.camelody.component.GivenSong.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Postponed;
import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.TaskAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Songs that are asked about without a word to the ledger. The interval is ten seconds, and a call takes three ids. */
final class FlightsTest {

    private static final Instant NOW = SUBMITTED.plusSeconds(20);

    private final Flights flights = flights("poll-interval=10s", "poll-batch=3");

    @Test
    void aSongIsAskedAboutWhenTheIntervalIsOverAndThenNotUntilAnAnswerIsThere() {
        add("s1", NOW);

        assertThat(flights.nextLook(NOW)).isEqualTo(NOW.plusSeconds(10));
        assertThat(call(NOW.plusSeconds(9))).isEmpty();
        List<Flight> asked = flights.forCall(NOW.plusSeconds(11));
        assertThat(asked).extracting(Flight::songId).containsExactly("s1");
        assertThat(call(NOW.plusSeconds(30))).isEmpty();

        flights.goOn(asked, NOW.plusSeconds(12), NOW);

        assertThat(call(NOW.plusSeconds(21))).isEmpty();
        assertThat(call(NOW.plusSeconds(23))).containsExactly("s1");
    }

    @Test
    void aSongThatTakesLongIsAskedAboutHalfAsOften() {
        Instant late = SUBMITTED.plusSeconds(200);
        add("s1", late);

        assertThat(flights.nextLook(late)).isEqualTo(late.plusSeconds(20));
    }

    @Test
    void noSongIsAskedAboutBeforeTheVendorMayBe() {
        add("s1", NOW);
        Instant answered = NOW.plusSeconds(11);
        flights.goOn(flights.forCall(answered), answered, answered.plusSeconds(40));

        assertThat(flights.nextLook(answered)).isEqualTo(answered.plusSeconds(40));
    }

    @Test
    void aCallThatIsFullLeavesAtOnceAndOneThatIsNotWaitsAMoment() {
        for (String id : List.of("s1", "s2", "s3", "s4")) {
            add(id, NOW);
        }
        Instant due = NOW.plusSeconds(10);

        assertThat(call(due)).hasSize(3);
        assertThat(call(due)).isEmpty();
        assertThat(flights.nextLook(due)).isBetween(due.plusMillis(1), due.plusMillis(500));
        assertThat(call(due.plusMillis(500))).hasSize(1);
    }

    @Test
    void aCallIsFullWhereTheTasksOfTheNextSongNoLongerFit() {
        add("s1", NOW, task(1, "a"), task(2, "b"));
        add("s2", NOW, task(1, "c"), task(2, "d"));

        assertThat(call(NOW.plusSeconds(10))).hasSize(1);
    }

    @Test
    void aCallThatIsNotFullTakesThoseAlongThatAreDueSoon() {
        add("due", NOW);
        add("soon", NOW.plusSeconds(4));
        add("later", NOW.plusSeconds(8));

        assertThat(call(NOW.plusSeconds(11))).containsExactly("due", "soon");
        assertThat(flights.toFill(NOW.plusSeconds(14), 3))
                .extracting(Flight::songId)
                .containsExactly("later");
    }

    @Test
    void songsThatTheLedgerHasAgainAreNotAskedAbout() {
        add("s1", NOW);
        add("s2", NOW);
        List<Flight> asked = flights.forCall(NOW.plusSeconds(11));

        flights.land(List.of("s1"));
        flights.goOn(asked, NOW.plusSeconds(11), NOW);

        assertThat(call(NOW.plusSeconds(22))).containsExactly("s2");
    }

    @Test
    void aSongIsNotAskedAboutOnceItIsDueByTheLedger() {
        flights.add(flight("s1"), NOW, NOW.plusSeconds(10));

        assertThat(call(NOW.plusSeconds(11))).isEmpty();
        assertThat(flights.nextLook(NOW)).isEqualTo(Instant.MAX);
    }

    @Test
    void whatIsHalfOverIsMovedOnAndStays() {
        Flight flight = flight("s1");
        Instant until = flights.until(flight, NOW);
        flights.add(flight, NOW, until);
        assertThat(until).isEqualTo(NOW.plusSeconds(120));
        assertThat(flights.ending(NOW.plusSeconds(60))).isEmpty();

        Instant half = NOW.plusSeconds(61);
        List<Postponed> ending = flights.ending(half);

        assertThat(ending)
                .containsExactly(new Postponed(
                        "s1", until.toEpochMilli(), half.plusSeconds(120).toEpochMilli(), NOW.toEpochMilli()));
        flights.moveOn(ending, ending);
        assertThat(call(NOW.plusSeconds(121))).containsExactly("s1");
    }

    @Test
    void whatTheLedgerDoesNotMoveOnHasLanded() {
        add("s1", NOW);

        flights.moveOn(flights.ending(NOW.plusSeconds(61)), List.of());

        assertThat(call(NOW.plusSeconds(62))).isEmpty();
    }

    @Test
    void whatIsUnderWayIsMovedOnWhenItsAnswerIsThere() {
        add("s1", NOW);
        List<Flight> asked = flights.forCall(NOW.plusSeconds(60));
        assertThat(flights.ending(NOW.plusSeconds(61))).isEmpty();

        flights.goOn(asked, NOW.plusSeconds(62), NOW);

        assertThat(flights.ending(NOW.plusSeconds(63))).hasSize(1);
    }

    @Test
    void aCallThatNeverCameBackLeavesItsSongsToTheLedger() {
        add("s1", NOW);
        flights.forCall(NOW.plusSeconds(60));

        flights.ending(NOW.plusSeconds(121));

        assertThat(flights.handBack()).isEmpty();
    }

    @Test
    void noSongIsMovedOnBeyondItsTime() {
        Instant end = SUBMITTED.plus(GivenSong.SIX_MINUTES);
        Instant late = end.minusSeconds(100);
        add("s1", late);

        assertThat(flights.ending(end.minusSeconds(1))).isEmpty();
        assertThat(call(end)).isEmpty();
    }

    @Test
    void whatIsHandedBackIsDueWhenItWasHere() {
        add("s1", NOW);

        assertThat(flights.handBack())
                .extracting(Postponed::later)
                .containsExactly(NOW.plusSeconds(10).toEpochMilli());
        assertThat(call(NOW.plusSeconds(11))).isEmpty();
    }

    @Test
    void aVendorThatIsAskedSeldomHasNone() {
        assertThat(flights("poll-interval=30s").isWorthIt()).isTrue();
        assertThat(flights("poll-interval=31s").isWorthIt()).isFalse();
    }

    /** What comes next of these has to be counted, or decided with a clock of its own. */
    @Test
    void aSongWithAMissingTaskOrOneThatSettlesIsNotInFlight() {
        Song song = GivenSong.with(task(1, "t1")).claimed().song();
        TaskReport running = new TaskReport(1, "running", clips(), Optional.empty(), 0, false);
        TaskReport missing = new TaskReport(1, "running", clips(), Optional.empty(), 1, false);

        assertThat(Flight.of(song, polled(Optional.empty(), running), 25)).isPresent();
        assertThat(Flight.of(song, polled(Optional.empty(), missing), 25)).isEmpty();
        assertThat(Flight.of(song, polled(Optional.of(NOW), running), 25)).isEmpty();
        assertThat(Flight.of(song, polled(Optional.empty()), 25)).isEmpty();
        assertThat(Flight.of(song, polled(Optional.empty(), running), 0)).isEmpty();
        Song words = GivenSong.with(task(1, "t1", Step.LYRICS, Optional.empty(), clips(), 0, false))
                .atStep(Step.LYRICS)
                .claimed()
                .song();
        assertThat(Flight.of(words, polled(Optional.empty(), running), 25)).isEmpty();
    }

    @Test
    void anAnswerIsNewsWhereItSaysSomethingElseOrNothing() {
        Flight flight = flight("s1", task(1, "t1"), task(2, "t2"));
        TaskAnswer running = answer("running");

        assertThat(flight.isNews(Map.of("t1", running, "t2", running))).isFalse();
        assertThat(flight.isNews(Map.of("t1", running))).isTrue();
        assertThat(flight.isNews(Map.of("t1", running, "t2", answer("queued")))).isTrue();
        assertThat(flight.isNews(Map.of("t1", running, "t2", answer("running", "c1"))))
                .isTrue();
    }

    /** One task of several waited for its clips, which are there now. */
    @Test
    void theEndOfATaskIsNewsAlsoWhereItsWordAndItsClipsAreTheSame() {
        TaskReport settling = new TaskReport(1, "succeeded", clips("c1"), Optional.empty(), 0, false);

        assertThat(PollJudge.isNews(settling, answer("succeeded", "c1"))).isTrue();
    }

    private static TaskAnswer answer(String status, String... clips) {
        return new TaskAnswer(
                Optional.empty(), status, clips(clips), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Flights flights(String... settings) {
        return new Flights(TestVendors.vendor("foxai", settings), Duration.ofMinutes(20));
    }

    private void add(String id, Instant now, Task... tasks) {
        Flight flight = flight(id, tasks.length == 0 ? new Task[] {task(1, "task of " + id)} : tasks);
        flights.add(flight, now, flights.until(flight, now));
    }

    private static Flight flight(String id, Task... tasks) {
        Task[] all = tasks.length == 0 ? new Task[] {task(1, "task of " + id)} : tasks;
        ClaimedSong claimed = GivenSong.with(all).withId(id).claimed();
        List<TaskReport> reports = new ArrayList<>();
        for (Task task : all) {
            reports.add(new TaskReport(task.number(), "running", clips(), Optional.empty(), 0, false));
        }
        return Flight.of(claimed.song(), polled(Optional.empty(), reports.toArray(TaskReport[]::new)), 25)
                .orElseThrow();
    }

    private static Change.PolledOn polled(Optional<Instant> settlingSince, TaskReport... reports) {
        return new Change.PolledOn(CLAIM, List.of(reports), NOW, settlingSince);
    }

    private List<String> call(Instant now) {
        return flights.forCall(now).stream().map(Flight::songId).toList();
    }
}
