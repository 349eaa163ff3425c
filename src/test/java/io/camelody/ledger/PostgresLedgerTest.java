package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.PostgresServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    void whoWritesFindsRowsByAnIndexAlsoWhereTheTablesAreStillEmpty() {
        try (Database database = new Database(LedgerSource.of(url))) {
            List<String> plan = database.write(session -> session.list(
                    row -> row.getString(1),
                    "EXPLAIN " + Rows.TASKS.formatted(session.dialect().eachOf),
                    "[\"s1\", \"s2\"]"));

            assertThat(String.join("\n", plan)).contains("task_pkey").doesNotContain("Seq Scan on task");
        }
    }

    /** Before a pool has waited for a connection in vain, which takes five seconds. */
    @Test
    void whatWaitingCannotMendIsToldAtOnce() {
        String elsewhere = url.replaceFirst("/[^/?]+[?]", "/nowhere?");
        String stranger = url.replaceFirst("user=[^&]+", "user=stranger");

        assertThat(opening(elsewhere))
                .failsWithin(Duration.ofSeconds(4))
                .withThrowableThat()
                .withMessageContaining("database \"nowhere\" does not exist. Create it");
        assertThat(opening(stranger))
                .failsWithin(Duration.ofSeconds(4))
                .withThrowableThat()
                .withMessageContaining("PostgreSQL refused the user.");
    }

    private static CompletableFuture<?> opening(String url) {
        return CompletableFuture.supplyAsync(() -> SongLedger.findBeside(LedgerSource.of(url)));
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
