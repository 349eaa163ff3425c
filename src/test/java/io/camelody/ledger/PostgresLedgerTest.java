package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The ledger in PostgreSQL, and what only several nodes can go through. */
final class PostgresLedgerTest extends SongLedgerContract {

    private final String url = PostgresServer.schema();

    @Override
    String url() {
        return url;
    }

    /** Nobody knows that it is dead: its claims run out. */
    @Override
    Instant afterADeath() {
        return Instant.now().plus(Duration.ofMinutes(4));
    }

    @Override
    void awaitDoubts() {
        clock.forward(Duration.ofSeconds(30));
        ledger.doubts().noteAbandoned();
    }

    @Test
    void claimWaitsForNobodyWhoWrites() throws Exception {
        CountDownLatch isWriting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Database database = new Database(LedgerSource.of(url))) {
            CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> database.write(session -> {
                isWriting.countDown();
                return isOver(goOn);
            }));
            isWriting.await();

            CompletableFuture<Integer> claimed =
                    CompletableFuture.supplyAsync(() -> database.claim(List.of(), session -> 1));

            assertThat(claimed).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(1);
            assertThat(written).isNotDone();
            goOn.countDown();
            assertThat(written.get()).isTrue();
        } finally {
            goOn.countDown();
        }
    }

    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Its statements are planned once, and a plan for empty tables would read all rows of full ones. */
    @Test
    void whoWritesFindsTasksByTheirSongsAlsoWhereTheTablesAreStillEmpty() {
        assertThat(plan(session ->
                        explained(session, Rows.TASKS.formatted(session.dialect().isOneOf), "[\"s1\", \"s2\"]")))
                .contains("task_pkey")
                .doesNotContain("Seq Scan on task");
    }

    /** Nor all those in a state, of which there may have been none when somebody counted them. */
    @Test
    void manyRowsAreFoundByTheirKeysWhateverTheTablesHeldBefore() throws SQLException {
        Object[] claim = {"me", 1L, "s", "foxai", 0, 1L};
        Object[] later = {1L, 1L, "s", 1L};
        Object[] intent = {1L, 1L, 1L, "s", "me", 1L};
        Object[] task = {1, 1L, 1L, null, "s"};
        for (boolean isCounted : List.of(false, true)) {
            if (isCounted) {
                List<NewSong> songs = IntStream.range(0, 2_000)
                        .mapToObj(i -> request("s" + i))
                        .toList();
                ledger.accept(songs, false);
                songs.forEach(song -> ledger.steering().cancel(song.id()));
                Sql.execute(url, "ANALYZE song");
            }
            assertThat(planOfMany(InFlight.CLAIM, claim)).contains("song_pkey").doesNotContain("_idx");
            assertThat(planOfMany(InFlight.POSTPONE, later))
                    .contains("song_pkey")
                    .doesNotContain("_idx");
            assertThat(planOfMany(ChangeSteps.INTEND_SONG, intent))
                    .contains("song_pkey")
                    .doesNotContain("_idx");
            assertThat(planOfMany(TaskChanges.INTEND_TASK, task))
                    .contains("song_pkey")
                    .doesNotContain("_idx");
            assertThat(planToRead(VendorGate.INTENDED_ELSEWHERE, "foxai", 0, "me:%"))
                    .contains("task_intended_idx", "song_pkey");
            assertThat(planToRead(VendorGate.NOT_YET_INTENDED, "[\"s1\", \"s2\"]", 1L))
                    .contains("song_pkey")
                    .doesNotContain("_idx");
            assertThat(planToRead(Doubts.ABANDONED, 1L, "%")).contains("task_intended_idx", "song_pkey");
        }
    }

    /** Events are written as a transaction commits, in the order of what happened in it; its notes of what came are gone then. */
    @Test
    void whatHappenedInOneTransactionIsNumberedInItsOrderWithoutWhatIsGone() throws SQLException {
        String insert =
                """
                INSERT INTO song (id, state, state_at, vendor, step, step_vendor, due_at, accepted_at, sandbox, notes, movable, request)
                SELECT id, 'accepted', %d, 'foxai', 'song', 'foxai', 1, 1, %d, '[]', 0, '{}' FROM unnest(ARRAY['%s', '%s']) AS id;
                """;

        Sql.execute(
                url,
                "BEGIN;" + insert.formatted(1, 1, "a", "b") + "DELETE FROM song WHERE id = 'a';"
                        + insert.formatted(2, 0, "a", "c")
                        + "UPDATE song SET state = 'in-doubt', state_at = 3 WHERE id = 'c';" + "COMMIT");

        assertThat(Sql.find(
                        url,
                        "SELECT string_agg(song_id || ' ' || state || ' ' || at, ', ' ORDER BY number) FROM event"))
                .contains("b accepted 1, a accepted 2, c accepted 2, c in-doubt 3");
        assertThat(Sql.find(url, "SELECT 1 FROM arrival")).isEmpty();
    }

    private String planToRead(String sql, Object... parameters) {
        try (Database database = new Database(LedgerSource.of(url))) {
            List<String> plan = database.read(session -> explained(session, sql, parameters));
            return String.join("\n", plan);
        }
    }

    private String planOfMany(String sql, Object[] row) {
        return planOf(20, sql, row) + planOf(RowsAtOnce.MANY, sql, row);
    }

    private String planOf(int rows, String sql, Object[] row) {
        return plan(session -> {
            RowsAtOnce all =
                    RowsAtOnce.of(session.connection(), sql, Collections.nCopies(rows, row), RowsAtOnce.NOTHING);
            return explained(session, all.sql(), all.columns().toArray());
        });
    }

    private static List<String> explained(Session session, String sql, Object... parameters) throws SQLException {
        return session.list(row -> row.getString(1), "EXPLAIN " + sql, parameters);
    }

    private String plan(Database.Work<List<String>> explaining) {
        try (Database database = new Database(LedgerSource.of(url))) {
            return String.join("\n", database.write(explaining));
        }
    }

    /** Which the driver tells of a batch unless it is told not to, as a pool of somebody else's may not have been. */
    @Test
    void theValuesOfARowThatIsRefusedAreNotInTheMessage() {
        PGSimpleDataSource talkative = new PGSimpleDataSource();
        talkative.setUrl(url);
        try (Database database = new Database(LedgerSource.of(talkative))) {
            List<Object[]> rows = List.of(new Object[] {"secret"}, new Object[] {"secret"});

            assertThatThrownBy(() -> database.write(
                            session -> session.updateEach("INSERT INTO source (path, generation) VALUES (?, 1)", rows)))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("duplicate key")
                    .hasMessageNotContaining("secret");
        }
    }
}
