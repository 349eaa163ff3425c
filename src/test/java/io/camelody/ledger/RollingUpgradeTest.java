package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongLedger.Scope;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The old and the new version of the program on one ledger, with migrations that only this test has. */
final class RollingUpgradeTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    private static final String EXPANDS = "V2__mood.sql";

    private static final String CONTRACTS = "V3__contracts.sql";

    /** More than a driver needs to prepare a statement on the server. */
    private static final int ROUNDS = 12;

    @TempDir
    private Path home;

    private final SettableClock clock = new SettableClock();

    private String url;

    private void in(Dialect dialect) {
        url = dialect == Dialect.SQLITE ? "jdbc:sqlite:" + home.resolve("ledger.db") : PostgresServer.schema();
    }

    private LedgerSource program(String... later) {
        LedgerSource source = LedgerSource.of(url);
        List<String> scripts = new ArrayList<>(source.dialect().migrations);
        scripts.addAll(List.of(later));
        return source.knowing(scripts);
    }

    @ParameterizedTest
    @EnumSource
    void noCallOfTheOldProgramFailsWhileTheNewOneExpandsTheLedger(Dialect dialect) throws Exception {
        in(dialect);
        AtomicInteger rounds = new AtomicInteger();
        try (SongLedger old = SongLedger.openForWork(program(), clock)) {
            CompletableFuture<Void> working = CompletableFuture.runAsync(() -> {
                while (rounds.get() >= 0) {
                    makeASong(old, "old" + rounds.getAndIncrement());
                }
            });
            awaitRounds(rounds, ROUNDS, working);

            try (SongLedger young =
                    SongLedger.findBeside(program(EXPANDS), clock).orElseThrow()) {
                assertThat(young.version()).isEqualTo(2);
                awaitRounds(rounds, rounds.get() + ROUNDS, working);
                makeASong(young, "young");
                // by whichever of the two took it
                await().until(() -> old.catalog().find("young").orElseThrow().state() == SongState.SUBMITTED);
                assertThat(young.catalog().find("old1").orElseThrow().state()).isEqualTo(SongState.SUBMITTED);
            }
            rounds.set(Integer.MIN_VALUE);
            working.get();
        }

        try (SongLedger back = SongLedger.openForWork(program(), clock)) {
            makeASong(back, "back");
            assertThat(back.version()).isEqualTo(2);
        }
        assertThat(text("SELECT mood FROM song WHERE id = 'back'")).isEqualTo("calm");
    }

    private static void awaitRounds(AtomicInteger rounds, int least, CompletableFuture<Void> working) {
        await().until(() -> working.isCompletedExceptionally() || rounds.get() >= least);
        if (working.isCompletedExceptionally()) {
            working.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oldProgramStopsWhereTheLedgerIsContractedAndTheOneBetweenGoesOn(Dialect dialect) {
        in(dialect);
        try (SongLedger old = SongLedger.openForWork(program(), clock)) {
            makeASong(old, "s1");
            old.accept(List.of(SongLedgerContract.request("s2")), false);
            List<ClaimedSong> claimed = claim(old);
            try (SongLedger between =
                    SongLedger.findBeside(program(EXPANDS), clock).orElseThrow()) {
                SongLedger.findBeside(program(EXPANDS, CONTRACTS), clock)
                        .orElseThrow()
                        .close();

                assertThatThrownBy(() ->
                                old.make(new Change.Intended(claimed.get(0).claim(), 1, 0)))
                        .isInstanceOf(LedgerException.class)
                        .hasMessageContaining(
                                "expected one that knows version 2 of the ledger, this one knows up to 1");
                assertThatThrownBy(() -> claim(old)).hasMessageContaining("Use the newer Camelody");
                assertThatThrownBy(() -> SongLedger.findBeside(program(), clock))
                        .hasMessageContaining("Use the newer Camelody");
                assertThat(between.catalog().find("s2").orElseThrow().state()).isEqualTo(SongState.ACCEPTED);
            }
        }

        assertThatThrownBy(() -> SongLedger.openForWork(program(), clock))
                .hasMessageContaining("Use the newer Camelody");
        try (SongLedger between = SongLedger.openForWork(program(EXPANDS), clock)) {
            between.steering().cancel("s2");
            assertThat(between.version()).isEqualTo(3);
        }
    }

    @Test
    void migrationThatHasToWaitLetsTheOthersGoOn() throws Exception {
        in(Dialect.POSTGRES);
        try (SongLedger old = SongLedger.openForWork(program(), clock);
                Connection slow = DriverManager.getConnection(url);
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT 1 FROM song");
            CompletableFuture<Void> upgrade = CompletableFuture.runAsync(
                    () -> SongLedger.openForWork(program(EXPANDS), clock).close());
            await().until(() -> text("SELECT COUNT(*) FROM pg_locks JOIN pg_namespace ON nspname = current_schema()"
                            + " JOIN pg_class ON relation = pg_class.oid AND relnamespace = pg_namespace.oid"
                            + " WHERE NOT granted AND mode = 'AccessExclusiveLock'")
                    .equals("1"));

            CompletableFuture.runAsync(() -> old.accept(List.of(SongLedgerContract.request("s1")), false))
                    .get(8, TimeUnit.SECONDS);

            assertThat(upgrade).isNotDone();
            slow.rollback();
            upgrade.get();
            assertThat(old.version()).isEqualTo(2);
        }
    }

    private void makeASong(SongLedger ledger, String id) {
        ledger.accept(List.of(SongLedgerContract.request(id)), false);
        Claim claim = claim(ledger).get(0).claim();
        ledger.make(new Change.Intended(claim, 1, 0));
        ledger.make(new Change.Submitted(claim, 1, List.of("t"), clock.instant(), clock.instant()));
        assertThat(ledger.catalog().find(claim.songId()).orElseThrow().state()).isEqualTo(SongState.SUBMITTED);
        assertThat(ledger.happenings().of(claim.songId())).hasSize(2);
    }

    private static List<ClaimedSong> claim(SongLedger ledger) {
        return ledger.claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 1, Duration.ofMinutes(3));
    }

    private String text(String sql) throws SQLException {
        return Sql.find(url, sql).orElseThrow();
    }
}
