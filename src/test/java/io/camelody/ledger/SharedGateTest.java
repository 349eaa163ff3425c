package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.Claims.Claimed;
import io.camelody.ledger.Claims.Together;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.pace.Gate;
import io.camelody.pace.Gate.Turn;
import io.camelody.pace.Heard;
import io.camelody.pace.Heard.Kind;
import io.camelody.testkit.AtOnce;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.Sql;
import io.camelody.testkit.TestSongs;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all nodes together go by in calling a vendor. */
final class SharedGateTest {

    private static final Scope REAL = new Scope(false, Optional.empty());
    private static final Duration LEASE = Duration.ofMinutes(3);
    private static final Together LIMIT = new Together("foxai", 1_000, 0, 10);

    // two that wait for each other would do so to the end of the test
    private final String url = PostgresServer.schema() + "&options=-c%20deadlock_timeout=60s";
    private final SettableClock clock = new SettableClock();
    private final List<SongLedger> nodes = new ArrayList<>();
    private SongLedger one;
    private SongLedger other;

    @BeforeEach
    void open() {
        IntStream.range(0, 3).forEach(i -> nodes.add(SongLedger.openForWork(url, clock)));
        one = nodes.get(0);
        other = nodes.get(1);
        accept(100);
    }

    @AfterEach
    void close() {
        nodes.forEach(SongLedger::close);
    }

    @Test
    void failuresInARowAtAllNodesCloseTheGateForAll() {
        List<Claim> mine = call(one, 3);
        List<Claim> theirs = call(other, 2);
        clock.forward(Duration.ofSeconds(1));

        mine.forEach(claim -> assertThat(answer(one, claim, Kind.TROUBLE)).isEqualTo(Turn.NONE));
        assertThat(answer(other, theirs.get(0), Kind.TROUBLE)).isEqualTo(Turn.NONE);
        assertThat(room(one)).isEqualTo(10);
        assertThat(answer(other, theirs.get(1), Kind.TROUBLE)).isEqualTo(Turn.BROKEN);

        nodes.forEach(node -> assertThat(room(node)).isZero());
        assertThat(one.claims().claimToSubmit(LIMIT, REAL, 10, LEASE))
                .isEqualTo(new Claimed(List.of(), clock.instant().plusSeconds(10)));
    }

    @Test
    void answerAboutASongThatWentOnWithoutItCountsAsWell() {
        List<Claim> calls = call(one, Gate.BREAKS_AFTER);
        clock.forward(LEASE.plusMillis(1));
        assertThat(other.doubts().noteAbandoned()).hasSize(calls.size());

        calls.forEach(claim ->
                assertThatThrownBy(() -> answer(one, claim, Kind.TROUBLE)).isInstanceOf(ClaimLostException.class));

        nodes.forEach(node -> assertThat(room(node)).isZero());
        assertThat(calls).allSatisfy(claim -> assertThat(
                        one.catalog().find(claim.songId()).orElseThrow().state())
                .isEqualTo(SongState.IN_DOUBT));
    }

    @Test
    void goodAnswerAtOneNodeEndsTheRowOfFailuresOfAll() {
        List<Claim> mine = call(one, 4);
        Claim well = call(other, 1).get(0);

        mine.forEach(claim -> answer(one, claim, Kind.TROUBLE));
        answer(other, well, Kind.TAKEN);

        assertThat(answer(one, call(one, 1).get(0), Kind.TROUBLE)).isEqualTo(Turn.NONE);
    }

    @Test
    void brokenVendorIsTriedByOneCallOfAllNodes() throws Exception {
        breakDown();
        clock.forward(Duration.ofSeconds(10));

        List<Claimed> tried = AtOnce.forEach(nodes, node -> node.claims().claimToSubmit(LIMIT, REAL, 10, LEASE));

        assertThat(tried.stream().flatMap(each -> each.songs().stream())).hasSize(1);
        Claim trial = tried.stream()
                .flatMap(each -> each.songs().stream())
                .findFirst()
                .orElseThrow()
                .claim();
        one.make(new Change.Intended(trial, 2, 0));
        clock.forward(Duration.ofSeconds(100));
        nodes.forEach(node -> assertThat(room(node)).isZero());

        assertThat(answer(one, trial, Kind.TROUBLE)).isEqualTo(Turn.BROKEN);

        clock.forward(Duration.ofSeconds(19));
        nodes.forEach(node -> assertThat(room(node)).as("twice as long").isZero());
        clock.forward(Duration.ofSeconds(1));
        nodes.forEach(node -> assertThat(room(node)).isOne());
        assertThat(answer(other, call(other, 1).get(0), Kind.TAKEN)).isEqualTo(Turn.MENDED);
        clock.forward(Duration.ofSeconds(1));
        nodes.forEach(node -> assertThat(room(node)).isEqualTo(10));
    }

    @Test
    void failureOfACallThatLeftBeforeIsNotTheTrials() {
        Claim before = call(other, 1).get(0);
        breakDown();
        clock.forward(Duration.ofSeconds(10));
        call(one, 1);

        assertThat(answer(other, before, Kind.TROUBLE)).isEqualTo(Turn.NONE);

        assertThat(room(other)).as("the trial is under way").isZero();
    }

    @Test
    void trialOfADeadNodeIsOverWithItsClaim() {
        breakDown();
        clock.forward(Duration.ofSeconds(10));
        call(one, 1);

        clock.forward(LEASE);
        assertThat(room(other)).isZero();
        clock.forward(Duration.ofMillis(1));
        assertThat(room(other)).isOne();
    }

    @Test
    void trialWhoseCallHasNotLeftIsOverAtOnce() {
        breakDown();
        clock.forward(Duration.ofSeconds(10));
        Claim trial =
                one.claims().claimToSubmit(LIMIT, REAL, 1, LEASE).songs().get(0).claim();
        assertThat(room(other)).isZero();

        one.make(new Change.Released(trial));

        assertThat(room(other)).isOne();
    }

    @Test
    void brokenVendorIsRememberedByANodeThatStarts() {
        breakDown();
        nodes.forEach(SongLedger::close);
        nodes.replaceAll(closed -> SongLedger.openForWork(url, clock));

        nodes.forEach(node -> assertThat(room(node)).isZero());
    }

    @Test
    void nodeThatStartsWithAClockThatWasSetBackWaitsNoLonger() {
        breakDown();
        one.claims().rest("foxai", false, Duration.ofSeconds(30));
        SettableClock back = new SettableClock();
        back.set(SettableClock.START.minus(Duration.ofHours(1)));

        try (SongLedger node = SongLedger.openForWork(url, back)) {
            assertThat(room(node)).isZero();
            assertThat(claimForPoll(node).next()).isEqualTo(back.instant().plusSeconds(30));
            back.forward(Duration.ofSeconds(10));
            assertThat(room(node)).isOne();
        }
    }

    @Test
    void tooFastAtOneNodeHalvesThePaceOfAll() {
        answer(one, call(one, 1).get(0), Kind.TOO_FAST);
        clock.forward(Duration.ofSeconds(1));

        nodes.forEach(node -> assertThat(room(node)).isEqualTo(5));

        for (int i = 0; i < 10; i++) {
            clock.forward(Duration.ofSeconds(1));
            answer(nodes.get(i % 3), call(nodes.get(i % 3), 1).get(0), Kind.TAKEN);
        }
        clock.forward(Duration.ofSeconds(1));
        nodes.forEach(node -> assertThat(room(node)).isEqualTo(10));
    }

    @Test
    void timeThatTheVendorAskedOneNodeForIsKeptByAll() {
        Claim claim = call(one, 1).get(0);

        assertThat(answer(one, claim, new Heard(Kind.TOO_FAST, Duration.ofSeconds(30))))
                .isEqualTo(Turn.LEFT_ALONE);

        clock.forward(Duration.ofSeconds(29));
        nodes.forEach(node -> assertThat(room(node)).isZero());
        clock.forward(Duration.ofSeconds(1));
        nodes.forEach(node -> assertThat(room(node)).isPositive());
    }

    @Test
    void restThatAStatusCallWasAskedForIsKeptByAll() {
        call(one, 1).forEach(claim -> answer(one, claim, Kind.TAKEN));
        Instant until = clock.instant().plusSeconds(60);
        one.claims().rest("foxai", false, Duration.ofSeconds(60));
        one.claims().rest("foxai", false, Duration.ofSeconds(5));
        clock.forward(Duration.ofSeconds(59));

        nodes.forEach(node -> assertThat(claimForPoll(node)).isEqualTo(new Claimed(List.of(), until)));

        clock.forward(Duration.ofSeconds(1));
        assertThat(claimForPoll(other).songs()).hasSize(1);
    }

    @Test
    void ordinaryGoodAnswerLeavesTheRowAsItIs() throws SQLException {
        List<Claim> calls = call(one, 2);
        String before = text("SELECT xmin FROM vendor_pace");

        calls.forEach(claim -> answer(one, claim, Kind.TAKEN));

        assertThat(text("SELECT xmin FROM vendor_pace")).isEqualTo(before);
    }

    @Test
    void nodesThatCallAtOnceKeepToTheRate() throws Exception {
        for (int second = 0; second < 3; second++) {
            List<Claimed> claimed = AtOnce.forEach(nodes, node -> node.claims().claimToSubmit(LIMIT, REAL, 10, LEASE));

            assertThat(claimed.stream().mapToInt(each -> each.songs().size()).sum())
                    .isEqualTo(10);
            clock.forward(Duration.ofSeconds(1));
        }
    }

    /** A claim whose intent is not written yet is a call that is about to leave. */
    @Test
    void nodesThatCallAtOnceHaveNoMoreUnderWayThanTheVendorTakes() throws Exception {
        Together few = new Together("foxai", 7, 0, 100);

        List<Claimed> claimed = AtOnce.forEach(nodes, node -> node.claims().claimToSubmit(few, REAL, 10, LEASE));

        List<Claim> claims = claimed.stream()
                .flatMap(each -> each.songs().stream().map(ClaimedSong::claim))
                .toList();
        assertThat(claims).hasSize(7);
        one.make(new Change.Intended(claims.get(0), 1, 0));
        one.make(new Change.Intended(claims.get(1), 1, 0));
        answer(one, claims.get(1), Kind.TAKEN);
        one.make(new Change.Released(claims.get(2)));
        try (SongLedger fourth = SongLedger.openForWork(url, clock)) {
            assertThat(fourth.claims().claimToSubmit(few, REAL, 10, LEASE).songs())
                    .as("all but one: claimed, intended or submitted")
                    .hasSize(1);
        }
    }

    @Test
    void nodesThatWriteSeveralThingsAtATimeDoNotWaitForEachOther() throws Exception {
        Budget budget = new Budget(List.of(new Budget.Limit("camelody.budget.total", Optional.empty(), false, 100)));
        nodes.forEach(node -> node.keepWithin(budget));
        List<Claim> claims = call(one, 2, false);
        ExecutorService pool = Executors.newCachedThreadPool();
        try (Connection busy = DriverManager.getConnection(url);
                Statement statement = busy.createStatement()) {
            busy.setAutoCommit(false);
            statement.execute(LOCKS);
            statement.execute("SAVEPOINT locks");
            statement.execute("SELECT 1 FROM song WHERE id IN ('foxai98', 'foxai99') FOR UPDATE");
            List<Future<?>> all = new ArrayList<>();
            all.add(pool.submit(() -> one.steering().cancel("foxai98")));
            all.add(pool.submit(() -> other.steering().cancel("foxai99")));
            await().until(() -> text(WAITING).equals("2"));
            all.add(queue(pool, () -> one.make(new Change.Intended(claims.get(0), 1, 1))));
            all.add(queue(pool, () -> other.claims().rest("foxai", false, LEASE)));
            all.add(queue(pool, () -> one.claims().rest("foxai", false, LEASE)));
            all.add(queue(pool, () -> other.make(new Change.Intended(claims.get(1), 1, 1))));
            statement.execute("ROLLBACK TO locks");
            await().until(() -> text(WAITING + " AND wait_event = 'advisory'").equals("2"));
            busy.rollback();

            await().until(() -> all.stream().allMatch(Future::isDone));
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static final String LOCKS =
            """
            SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.camelody.' || name, 0))
            FROM (VALUES ('budget'), ('pace.foxai')) AS lock (name)
            """;

    private static final String WAITING = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";

    /** Behind what was queued before. */
    private static Future<?> queue(ExecutorService pool, Runnable work) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<?> queued = pool.submit(() -> {
            thread.set(Thread.currentThread());
            work.run();
        });
        await().until(() -> thread.get() != null && thread.get().getState() == Thread.State.WAITING);
        return queued;
    }

    private void breakDown() {
        call(one, Gate.BREAKS_AFTER).forEach(claim -> answer(one, claim, Kind.TROUBLE));
        assertThat(room(other)).isZero();
    }

    private List<Claim> call(SongLedger node, int calls) {
        return call(node, calls, true);
    }

    private List<Claim> call(SongLedger node, int calls, boolean isIntended) {
        List<Claim> claims = node.claims().claimToSubmit(LIMIT, REAL, calls, LEASE).songs().stream()
                .map(ClaimedSong::claim)
                .toList();
        assertThat(claims).hasSize(calls);
        if (isIntended) {
            claims.forEach(claim -> node.make(new Change.Intended(claim, number(claim), 0)));
        }
        return claims;
    }

    private int number(Claim claim) {
        return one.catalog().find(claim.songId()).orElseThrow().tasks().size() + 1;
    }

    private Turn answer(SongLedger node, Claim claim, Kind kind) {
        return answer(node, claim, new Heard(kind));
    }

    private Turn answer(SongLedger node, Claim claim, Heard heard) {
        Change change = heard.kind() == Kind.TAKEN
                ? new Change.Submitted(
                        claim,
                        one.catalog().find(claim.songId()).orElseThrow().tasks().size(),
                        List.of("t-" + claim.songId()),
                        clock.instant(),
                        clock.instant().plusSeconds(600))
                : new Change.AcceptedAgain(claim, clock.instant(), "no", Task.Outcome.NOT_MADE);
        PaidAnswer.Noted noted = node.make(change, new PaidAnswer("foxai", false, heard));
        noted.demandMade();
        return noted.turn();
    }

    private static int room(SongLedger node) {
        return node.claims().roomToSubmit(LIMIT, REAL).calls();
    }

    private Claimed claimForPoll(SongLedger node) {
        return node.claims().claimForPoll("foxai", REAL, 10, 1, clock.instant(), LEASE);
    }

    private void accept(int songs) {
        one.accept(
                IntStream.range(0, songs)
                        .mapToObj(i -> TestSongs.toldOf("foxai" + i))
                        .toList(),
                false);
    }

    private String text(String sql) throws SQLException {
        return Sql.find(url, sql).orElseThrow();
    }
}
