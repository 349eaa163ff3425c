package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongLedger.Scope;
import io.camelody.testkit.AtOnce;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.SmallPool;
import io.camelody.testkit.Sql;
import io.camelody.testkit.TestSongs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several nodes do to each other on one ledger. */
final class PostgresNodesTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    private static final Duration LEASE = Duration.ofMinutes(5);

    private final String url = PostgresServer.schema();
    private final SettableClock clock = new SettableClock();
    private SongLedger one;
    private SongLedger other;

    @BeforeEach
    void open() {
        one = SongLedger.openForWork(url, clock);
        other = SongLedger.openForWork(url, clock);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void nodesThatStartTogetherMakeOneLedger() throws Exception {
        String fresh = PostgresServer.schema();

        List<Integer> versions = AtOnce.forEach(List.of(one, other), node -> {
            try (SongLedger ledger = SongLedger.openForWork(fresh, clock)) {
                return ledger.version();
            }
        });

        assertThat(versions).containsExactly(1, 1);
    }

    @Test
    void nodeThatStartsOrEndsLeavesTheClaimsOfOthersAlone() {
        accept("s1");
        Claim claim = claim(one).get(0);

        try (SongLedger third = SongLedger.openForWork(url, clock)) {
            assertThat(claim(third)).isEmpty();
        }

        one.make(new Change.Intended(claim, 1, 0));
    }

    @Test
    void songsOfADeadNodeAreTakenOverWhenItsClaimsRunOut() {
        accept("s1");
        Claim dead = claim(one).get(0);

        clock.forward(LEASE.plusMillis(1));

        assertThat(claim(other)).hasSize(1);
        assertThatThrownBy(() -> one.make(new Change.Intended(dead, 1, 0))).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void paidCallOfADeadNodeIsInDoubtOnce() throws Exception {
        List<String> ids = accept(ids(50));
        claim(one).forEach(claim -> one.make(new Change.Intended(claim, 1, 0)));
        clock.forward(LEASE.plusMillis(1));

        List<List<String>> found =
                AtOnce.forEach(List.of(one, other), node -> node.doubts().noteAbandoned());

        assertThat(found.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(ids);
    }

    /** Nobody could renew while the database was away, and the node that starts does not know that it was. */
    @Test
    void nodeThatStartsLeavesOthersTheTimeToRenewTheClaimsOfTheirPaidCalls() {
        accept("s1", "s2");
        List<Claim> claims = claim(one);
        claims.forEach(claim -> one.make(new Change.Intended(claim, 1, 0)));
        clock.forward(LEASE.plusMillis(1));

        try (SongLedger third = SongLedger.openForWork(url, clock)) {
            clock.forward(Duration.ofSeconds(30).minusMillis(1));
            assertThat(third.doubts().noteAbandoned()).isEmpty();
            one.claims().renew(claims.subList(0, 1), LEASE);
            clock.forward(Duration.ofMillis(1));

            assertThat(third.doubts().noteAbandoned())
                    .containsExactly(claims.get(1).songId());
        }
    }

    @Test
    void nodeThatEndsPutsThePaidCallsOfNoOtherInDoubt() {
        accept("s1", "s2");
        Claim theirs = claims(one, 1).get(0);
        Claim own = claims(other, 1).get(0);
        one.make(new Change.Intended(theirs, 1, 0));
        other.make(new Change.Intended(own, 1, 0));
        clock.forward(LEASE.plusMillis(1));

        other.close();

        assertThat(state(theirs)).isEqualTo(SongState.ACCEPTED);
        assertThat(state(own)).isEqualTo(SongState.IN_DOUBT);
    }

    private SongState state(Claim claim) {
        return one.catalog().find(claim.songId()).orElseThrow().state();
    }

    @Test
    void songThatAnotherNodeIsClaimingIsLeftToItWithoutWaiting() throws SQLException {
        accept("s1", "s2");
        try (Connection slow = begin();
                Statement statement = slow.createStatement()) {
            statement.execute("SELECT 1 FROM song WHERE id = 's1' FOR UPDATE");

            assertThat(claim(one)).extracting(Claim::songId).containsExactly("s2");
            slow.rollback();
        }
        assertThat(claim(other)).extracting(Claim::songId).containsExactly("s1");
    }

    /** The first to change a song may be the last to commit. */
    @Test
    void whoFollowsMissesNothingThatIsCommittedLater() throws SQLException {
        accept("s1", "s2");
        long accepted = one.happenings().last();
        try (Connection slow = begin();
                Statement statement = slow.createStatement()) {
            statement.execute("UPDATE song SET state = 'cancelled', finished_at = 1 WHERE id = 's1'");
            other.steering().cancel("s2");
            List<Happening> seen = one.happenings().after(accepted, 10);
            assertThat(seen).extracting(Happening::songId).containsExactly("s2");
            slow.commit();

            assertThat(one.happenings().after(seen.get(0).number(), 10))
                    .extracting(Happening::songId)
                    .containsExactly("s1");
        }
    }

    /** Both are asked before either has its intent written down. */
    @Test
    void nodesTogetherStayWithinTheBudget() throws Exception {
        accept("s1", "s2");
        Budget budget = new Budget(List.of(new Budget.Limit("camelody.budget.total", Optional.empty(), false, 1)));
        List.of(one, other).forEach(node -> node.keepWithin(budget));
        Map<SongLedger, Claim> claims =
                Map.of(one, claims(one, 1).get(0), other, claims(other, 1).get(0));
        CompletableFuture<List<Boolean>> intended;
        try (Connection slow = begin();
                Statement statement = slow.createStatement()) {
            statement.execute("SELECT 1 FROM song FOR UPDATE");
            intended = CompletableFuture.supplyAsync(() -> {
                try {
                    return AtOnce.forEach(List.of(one, other), node -> {
                        try {
                            node.make(new Change.Intended(claims.get(node), 1, 1));
                            return true;
                        } catch (BudgetReachedException e) {
                            return false;
                        }
                    });
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> number("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 2);
            slow.rollback();
        }

        assertThat(intended.get()).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void nodesTogetherCallNoMoreThanTheVendorWantsASecond() throws Exception {
        accept(ids(60));
        Claims.Together limit = new Claims.Together("foxai", 1_000, 0, 10);

        assertThat(claimToSubmit(limit)).isEqualTo(10);
        clock.forward(Duration.ofMillis(500));
        assertThat(claimToSubmit(limit)).isEqualTo(5);
        clock.forward(Duration.ofHours(1));
        assertThat(claimToSubmit(limit)).as("one second's worth").isEqualTo(10);
        assertThat(one.claims().claimToSubmit(limit, REAL, 1, LEASE).next())
                .isBetween(clock.instant().plusMillis(1), clock.instant().plusMillis(200));
    }

    @Test
    void nodesTogetherHaveNoMoreTasksUnderWayThanTheVendorTakes() {
        accept(ids(20));
        List<ClaimedSong> mine = one.claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 4, LEASE);
        mine.forEach(song -> one.make(new Change.Intended(song.claim(), 1, 0)));
        one.make(new Change.Submitted(
                mine.get(0).claim(),
                1,
                List.of("t1"),
                clock.instant(),
                clock.instant().plusSeconds(600)));

        List<ClaimedSong> room = other.claims()
                .claimToSubmit(new Claims.Together("foxai", 7, 1, 100), REAL, 20, LEASE)
                .songs();

        assertThat(room)
                .as("seven, without one task, three calls and its own one")
                .hasSize(2);
    }

    /** How many songs both nodes got. */
    private int claimToSubmit(Claims.Together limit) throws Exception {
        return AtOnce.forEach(List.of(one, other), node -> node.claims()
                        .claimToSubmit(limit, REAL, 10, LEASE)
                        .songs()
                        .size())
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void requestThatComesToBothNodesIsAcceptedByOne() throws Exception {
        List<String> ids = ids(200);
        List<String> reversed = new ArrayList<>(ids);
        Collections.reverse(reversed);

        List<Long> made =
                AtOnce.forEach(
                        List.of(one, other), node -> node
                                .accept(
                                        (node == one ? ids : reversed)
                                                .stream()
                                                        .map(PostgresNodesTest::song)
                                                        .toList(),
                                        false)
                                .stream()
                                .filter(Receipt::isNew)
                                .count());

        assertThat(made.stream().mapToLong(Long::longValue).sum()).isEqualTo(200);
    }

    @Test
    void changeThatWaitsForAnotherWhichWaitsForItIsMadeOnceMore() throws Exception {
        accept("s1", "s2");
        CompletableFuture<List<Receipt>> joining;
        try (Connection patient = begin();
                Statement statement = patient.createStatement()) {
            // whoever has waited for a second is the one who is ended; without the right to say so, it is mostly the
            // first
            statement.execute("SELECT set_config('deadlock_timeout', '60s', true)"
                    + " WHERE current_setting('is_superuser') = 'on'");
            statement.execute("UPDATE song SET message = 'x' WHERE id = 's2'");
            joining = CompletableFuture.supplyAsync(
                    () -> one.accept(List.of(TestSongs.ofBatch("s1", "b"), TestSongs.ofBatch("s2", "b")), false));
            await().until(() -> number("SELECT COUNT(*)" + WAITING) == 1);
            statement.execute("UPDATE song SET message = 'x' WHERE id = 's1'");
            patient.commit();
        }

        assertThat(joining.get()).hasSize(2);
        assertThat(one.catalog().count("b").total()).isEqualTo(2);
    }

    @Test
    void songIsSteeredByOneOfTwoOperators() throws Exception {
        for (String id : accept(ids(20))) {
            one.steering().cancel(id);

            List<Boolean> done = AtOnce.forEach(List.of(one, other), node -> {
                try {
                    node.steering().retry(id, LEASE);
                    return true;
                } catch (NotPossibleException e) {
                    return false;
                }
            });

            assertThat(done).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void endOfASongIsToldByOneNode() throws Exception {
        accept(ids(60)).forEach(id -> one.steering().cancel(id));

        List<List<Song>> told =
                AtOnce.forEach(List.of(one, other), node -> node.announcements().take(false, 100));

        assertThat(told.stream().flatMap(List::stream)).hasSize(60);
        clock.forward(Duration.ofMinutes(6));
        assertThat(one.announcements().take(false, 100)).as("nobody was told").hasSize(60);
    }

    @Test
    void noticeIsSentByOneNodeAndByTheNextWhereThatDies() throws Exception {
        accept(ids(60));
        claim(one)
                .forEach(claim -> one.make(new Change.Failed(
                        claim, Reason.VENDOR_REFUSED, "no", List.of(), Task.Outcome.NOT_MADE, Optional.empty())));

        List<List<Notices.Notice>> taken =
                AtOnce.forEach(List.of(one, other), node -> node.notices().due(REAL, 100, 100));

        assertThat(taken.stream().flatMap(List::stream)).hasSize(60);
        assertThat(one.notices().due(REAL, 100, 100))
                .as("its own, under way")
                .hasSize(taken.get(0).size());
        clock.forward(Duration.ofMinutes(6));
        assertThat(other.notices().due(REAL, 100, 100)).hasSize(60);
    }

    @Test
    void fileThatNodesSeeTogetherIsOneDropOfOneNode() throws Exception {
        List<String> files = ids(50);

        List<List<Drops.Taken>> taken = AtOnce.forEach(List.of(one, other), node -> files.stream()
                .flatMap(file -> node.drops().take("inbox", file, false).stream())
                .toList());

        assertThat(taken.stream().flatMap(List::stream))
                .extracting(each -> each.drop().path())
                .containsExactlyInAnyOrderElementsOf(files);
        assertThat(number("SELECT COUNT(*) FROM dropped_file")).isEqualTo(50);
    }

    /** The node that looks may still see it: folders that come over a network are remembered for a minute. */
    @Test
    void fileThatAnotherNodeHasJustMovedIsNotBegunOnceMore() {
        Drops.Taken taken = one.drops().take("inbox", "a.jsonl", false).orElseThrow();
        one.drops().moved(taken, true);

        assertThat(other.drops().take("inbox", "a.jsonl", false)).isEmpty();
        assertThat(one.drops().take("inbox", "a.jsonl", false))
                .as("who has moved it knows")
                .isPresent();
    }

    @Test
    void fileUnderTheNameOfOneThatAnotherNodeHasMovedIsTakenAfterAWhile() {
        Drops.Taken taken = one.drops().take("inbox", "a.jsonl", false).orElseThrow();
        one.drops().moved(taken, true);

        clock.forward(Drops.STALE.plusMillis(1));

        assertThat(other.drops().take("inbox", "a.jsonl", false)).isPresent();
    }

    @Test
    void fileWhoseMoveIsNotedAtThisMomentIsNotBegunOnceMore() throws Exception {
        Drops.Taken taken = one.drops().take("inbox", "a.jsonl", false).orElseThrow();
        CompletableFuture<Optional<Drops.Taken>> late;
        try (Connection slow = begin();
                Statement statement = slow.createStatement()) {
            statement.execute("UPDATE dropped_file SET moved_by = claimed_by, claimed_until = 0, moved_at = "
                    + clock.millis() + " WHERE batch = '" + taken.drop().batch() + "'");
            late = CompletableFuture.supplyAsync(() -> other.drops().take("inbox", "a.jsonl", false));
            await().until(() -> number("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 1);
            slow.commit();
        }

        assertThat(late.get()).isEmpty();
        assertThat(number("SELECT COUNT(*) FROM dropped_file")).isEqualTo(1);
    }

    @Test
    void dropThatHasEndedIsReportedByOneNode() throws Exception {
        for (String file : ids(20)) {
            Drops.Taken taken = one.drops().take("inbox", file, false).orElseThrow();
            one.drops().read(taken, "done/" + file, 0, 0);
            one.drops().moved(taken, true);
        }

        List<List<Drops.Taken>> taken = AtOnce.forEach(List.of(one, other), node -> node.drops().ended(false).stream()
                .flatMap(drop -> node.drops().take(drop).stream())
                .toList());

        assertThat(taken.stream().flatMap(List::stream)).hasSize(20);
    }

    /** A node that does not see its file yet would else take it for one that somebody has taken away. */
    @Test
    void dropThatANodeHasJustGivenBackIsNotLeftBehindYet() {
        one.drops().release(one.drops().take("inbox", "a.jsonl", false).orElseThrow());

        assertThat(other.drops().leftBehind(false)).isEmpty();
        clock.forward(Drops.STALE.plusSeconds(1));
        assertThat(other.drops().leftBehind(false)).hasSize(1);
    }

    @Test
    void nodeWhoseConnectionsAreEndedGoesOnWithNewOnes() throws SQLException {
        accept("s1");

        endConnections();
        accept("s2");

        assertThat(one.catalog().find("s2")).isPresent();
    }

    @Test
    void workOfOneNodeWakesTheOthersAlsoAfterTheirConnectionsWereEnded() throws SQLException {
        Set<String> woken = ConcurrentHashMap.newKeySet();
        other.onDue(SongState.ACCEPTED, () -> woken.add("accepted"));
        other.onDue(SongState.SUBMITTED, () -> woken.add("submitted"));
        other.happenings().onHappening(() -> woken.add("happened"));
        AtomicInteger songs = new AtomicInteger();
        await().until(() -> {
            accept("early" + songs.incrementAndGet());
            return woken.contains("accepted") && woken.contains("happened");
        });

        woken.clear();
        endConnections();
        await().until(() -> woken.size() == 3);
        woken.clear();
        accept("s2");
        await().until(() -> woken.contains("accepted"));
    }

    /** The commit waits for the number of its event, and is broken off there. */
    @Test
    void changeWhoseCommitWasBrokenOffIsMadeOnce() throws Exception {
        CompletableFuture<List<Receipt>> accepted;
        try (Connection slow = begin();
                Statement statement = slow.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.camelody.event', 0))");
            accepted = CompletableFuture.supplyAsync(() -> one.accept(List.of(song("s1")), false));
            await().until(() -> number("SELECT COUNT(*)" + WAITING_TO_COMMIT) == 1);
            execute("SELECT pg_terminate_backend(pid)" + WAITING);
            await().until(() -> number("SELECT COUNT(*)" + WAITING_TO_COMMIT) == 1);
            slow.rollback();
        }

        assertThat(accepted.get()).extracting(Receipt::isNew).containsExactly(true);
        assertThat(one.happenings().of("s1")).hasSize(1);
    }

    @Test
    void whatTheDatabaseRefusesIsSaidWithoutTheTextsInIt() {
        NewSong broken = TestSongs.ofVendor("s1", null);

        assertThatThrownBy(() -> one.accept(List.of(broken), false))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("null value in column \"vendor\"")
                .satisfies(e -> assertThat(e.getCause().getMessage()).doesNotContain("a tango"));
    }

    @Test
    void textsThatPostgresHasNotAreKeptAsFarAsTheyCanBe() {
        accept("s1");
        Claim claim = claim(one).get(0);

        one.make(new Change.Failed(
                claim, Reason.VENDOR_REFUSED, "no\0body \ud83c", List.of(), Task.Outcome.NOT_MADE, Optional.empty()));

        assertThat(one.catalog().find("s1").orElseThrow().message().orElseThrow())
                .startsWith("no\ufffdbody ");
    }

    /** The answer to the commit is lost on its way, once. */
    @Test
    void changeWhoseCommitWasNotHeardOfIsNotMadeTwice() {
        AtomicBoolean cut = new AtomicBoolean();
        LedgerSource source = LedgerSource.of(cutting(new SmallPool(url, 5), "getConnection", cut));
        try (SongLedger deaf = SongLedger.openForWork(source, clock)) {
            cut.set(true);

            List<Receipt> accepted = deaf.accept(List.of(song("s1")), false);

            assertThat(cut).isFalse();
            assertThat(accepted).extracting(Receipt::isNew).containsExactly(true);
            assertThat(deaf.happenings().of("s1")).hasSize(1);
        }
    }

    /** A pool gives such a thread no connection. */
    @Test
    void threadThatIsToStopStillHearsWhetherItsChangeWasCommitted() {
        AtomicBoolean cut = new AtomicBoolean();
        LedgerSource source = LedgerSource.of(cutting(new SmallPool(url, 5), "getConnection", cut));
        try (SongLedger deaf = SongLedger.openForWork(source, clock)) {
            cut.set(true);
            Thread.currentThread().interrupt();

            List<Receipt> accepted = deaf.accept(List.of(song("s1")), false);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(cut).isFalse();
            assertThat(accepted).extracting(Receipt::isNew).containsExactly(true);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void threadThatIsToStopFailsNoWritesOfOthersThatAreInItsTransaction() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean cut = new AtomicBoolean(true);
        try (Database database = new Database(LedgerSource.of(url))) {
            CompletableFuture<Boolean> first = writing(database, () -> awaitLatch(mayEnd), false);
            CompletableFuture<Boolean> stopping = writing(
                    database,
                    () -> {
                        if (cut.getAndSet(false)) {
                            throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
                        }
                    },
                    true);
            CompletableFuture<Boolean> other = writing(database, () -> {}, false);

            mayEnd.countDown();

            assertThat(first.get()).isFalse();
            assertThat(other.get()).isFalse();
            assertThat(stopping.get()).as("it is still to stop").isTrue();
            assertThat(cut).isFalse();
        }
    }

    private interface Work {
        void run() throws SQLException;
    }

    /** Writes in a thread of its own, behind those that do already. @return whether the thread is to stop then */
    private static CompletableFuture<Boolean> writing(Database database, Work work, boolean isToStop) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            if (isToStop) {
                Thread.currentThread().interrupt();
            }
            try {
                database.write(session -> {
                    work.run();
                    return null;
                });
                written.complete(Thread.interrupted());
            } catch (RuntimeException e) {
                written.completeExceptionally(e);
            }
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return written;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anEstatesPoolThatLeavesNoConnectionToReadersIsRefusedAtOnce() {
        SmallPool three = new SmallPool(url, 3);

        assertThatThrownBy(() -> LedgerSource.of(three))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("4 connections at a time at least, got: 3;");
        assertThat(three.out()).isZero();
    }

    /** Its pool's connections come as the estate has them, and a node that is paused would keep its locks for as long. */
    @Test
    void anEstatesTransactionThatStandsStillIsEndedToo() throws Exception {
        try (SmallPool pool = new SmallPool(url, 4)) {
            LedgerSource source = LedgerSource.of(pool);
            SongLedger.openForWork(source).close();
            Session session = new Session(source.connect(), source.dialect());
            source.begin(session, source.dialect().beginWrite);

            assertThat(session.find(row -> row.getString(1), "SHOW idle_in_transaction_session_timeout"))
                    .contains("10s");
            session.update("ROLLBACK");
            session.close();
        }
    }

    /** The same thing, but that the answer to a COMMIT which is made with what it gives is cut off where that is asked for. */
    @SuppressWarnings("unchecked")
    private static <T> T cutting(T real, String gives, AtomicBoolean cut) {
        Class<?> type = real instanceof DataSource
                ? DataSource.class
                : real instanceof Connection ? Connection.class : PreparedStatement.class;
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object given;
            try {
                given = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (!method.getName().equals(gives)) {
                return given;
            }
            if (given instanceof Connection connection) {
                return cutting(connection, "prepareStatement", cut);
            }
            if (given instanceof PreparedStatement statement) {
                return String.valueOf(arguments[0]).endsWith("COMMIT")
                        ? cutting(statement, "executeUpdate", cut)
                        : statement;
            }
            if (cut.getAndSet(false)) {
                throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
            }
            return given;
        });
    }

    /** No connections of other tests, which may use the server at this moment: see {@link PostgresServer#schema}. */
    private static final String OURS = " FROM pg_stat_activity WHERE application_name = current_schema()";

    private static final String WAITING = OURS + " AND wait_event_type = 'Lock'";

    private static final String WAITING_TO_COMMIT = WAITING + " AND query LIKE '%COMMIT'";

    private void endConnections() throws SQLException {
        execute("SELECT pg_terminate_backend(pid)" + OURS + " AND pid <> pg_backend_pid()");
    }

    private List<String> accept(String... ids) {
        return accept(List.of(ids));
    }

    private List<String> accept(List<String> ids) {
        one.accept(ids.stream().map(PostgresNodesTest::song).toList(), false);
        return ids;
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
    }

    private static List<Claim> claim(SongLedger node) {
        return claims(node, 100);
    }

    private static List<Claim> claims(SongLedger node, int songs) {
        return node.claims().claimDue(SongState.ACCEPTED, "foxai", REAL, songs, LEASE).stream()
                .map(ClaimedSong::claim)
                .toList();
    }

    private static NewSong song(String id) {
        return TestSongs.toldOf(id);
    }

    private Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        return connection;
    }

    private void execute(String sql) throws SQLException {
        Sql.execute(url, sql);
    }

    private int number(String sql) throws SQLException {
        return Integer.parseInt(Sql.find(url, sql).orElseThrow());
    }
}
