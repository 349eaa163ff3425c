package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.ledger.Drops.Drop;
import io.camelody.ledger.Drops.Taken;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestSongs;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for dropped files whatever database the ledger is in, and what does for one process alone. */
final class DropsTest {

    @Nested
    final class InSqlite extends Contract {

        @TempDir
        Path folder;

        @Override
        String url() {
            return "jdbc:sqlite:" + folder.resolve("ledger.db");
        }

        @Test
        void aProcessThatStartsTakesUpAtOnceWhatADeadOneHad() throws SQLException {
            Drop drop = take("a.jsonl").drop();
            Path asItIs = folder.resolve("as-it-is.db");
            try (Connection connection = DriverManager.getConnection(url());
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + asItIs + "'");
            }

            try (SongLedger next = SongLedger.openForWork("jdbc:sqlite:" + asItIs, clock)) {
                assertThat(next.drops()
                                .take("inbox", "a.jsonl", false)
                                .orElseThrow()
                                .drop())
                        .isEqualTo(drop);
            }
        }
    }

    @Nested
    final class InPostgres extends Contract {

        private final String url = PostgresServer.schema();

        @Override
        String url() {
            return url;
        }
    }

    abstract static class Contract {

        final SettableClock clock = new SettableClock();

        SongLedger ledger;

        private Drops drops;

        abstract String url();

        @BeforeEach
        void open() {
            ledger = SongLedger.openForWork(url(), clock);
            drops = ledger.drops();
        }

        @AfterEach
        void close() {
            ledger.close();
        }

        @Test
        void aDropIsTakenByOneAtATime() {
            Taken first = take("a.jsonl");

            assertThat(drops.take("inbox", "a.jsonl", false)).isEmpty();
            assertThat(drops.take(first.drop())).isEmpty();
            assertThat(take("b.jsonl").drop().batch()).isNotEqualTo(first.drop().batch());
            assertThat(drops.take("another inbox", "a.jsonl", false)).isPresent();
            assertThat(drops.take("inbox", "a.jsonl", true)).isPresent();
        }

        @Test
        void aDropIsTheSameWhoeverTakesItOverAndNothingCountsThatItsReaderBeforeDoes() {
            Taken slow = take("a.jsonl");
            clock.forward(Drops.LEASE.plusMillis(1));

            Taken next = take("a.jsonl");

            assertThat(next.drop()).isEqualTo(slow.drop());
            assertThat(next.number()).isGreaterThan(slow.number());
            assertThat(drops.renew(slow)).isEmpty();
            assertThat(drops.keep(slow)).isEmpty();
            assertThat(drops.read(slow, "done/wrong.jsonl", 1, 1)).isFalse();
            assertThat(drops.moved(slow, true)).isFalse();
            drops.release(slow);
            assertThat(drops.take("inbox", "a.jsonl", false))
                    .as("the next has it")
                    .isEmpty();
            assertThat(drops.read(next, "done/a.jsonl", 0, 0)).isTrue();
            assertThat(drops.moved(next, true)).isTrue();
        }

        @Test
        void aClaimThatIsKeptLastsAndIsRenewedWhenAThirdOfItIsOver() {
            Taken taken = take("a.jsonl");

            assertThat(drops.keep(taken)).hasValue(taken);
            for (int i = 0; i < 10; i++) {
                clock.forward(Drops.LEASE.dividedBy(2));
                taken = drops.keep(taken).orElseThrow();
                assertThat(taken.until()).isEqualTo(clock.instant().plus(Drops.LEASE));
                assertThat(drops.take("inbox", "a.jsonl", false)).isEmpty();
            }
        }

        @Test
        void whatIsGivenBackIsTakenAtOnce() {
            Taken taken = take("a.jsonl");

            drops.release(taken);

            assertThat(take("a.jsonl").drop()).isEqualTo(taken.drop());
        }

        @Test
        void aLedgerThatIsClosedGivesBackWhatItHad() {
            Drop drop = take("a.jsonl").drop();
            close();
            open();

            assertThat(take("a.jsonl").drop()).isEqualTo(drop);
        }

        @Test
        void aFileUnderTheNameOfOneThatWasMovedIsAnotherDrop() {
            Taken first = take("a.jsonl");
            drops.read(first, "done/a.jsonl", 0, 0);
            drops.moved(first, true);

            assertThat(take("a.jsonl").drop().batch()).isNotEqualTo(first.drop().batch());
        }

        @Test
        void twoFilesDoNotLeaveForOnePlaceAtOnce() {
            Taken first = take("a.jsonl");
            Taken second = take("a-2.jsonl");
            drops.read(first, "done/a-2.jsonl", 0, 0);

            assertThatThrownBy(() -> drops.read(second, "done/a-2.jsonl", 0, 0)).isInstanceOf(LedgerException.class);

            drops.moved(first, true);
            assertThat(drops.read(second, "done/a-2.jsonl", 0, 0)).isTrue();
        }

        @Test
        void aDropIsToBeReportedWhenItsSongsHaveEndedAndByOne() {
            Taken taken = take("a.jsonl");
            accept("s1", taken.drop().batch());
            drops.read(taken, "done/a.jsonl", 1, 2);
            assertThat(drops.ended(false)).as("still there").isEmpty();
            drops.moved(taken, true);
            assertThat(drops.ended(false)).as("its song is under way").isEmpty();

            ledger.steering().cancel("s1");

            Drop ended = drops.ended(false).get(0);
            Taken reporter = drops.take(ended).orElseThrow();
            assertThat(ended.standing() + ended.refused()).isEqualTo(3);
            assertThat(drops.ended(false)).isEmpty();
            assertThat(drops.take(ended)).isEmpty();
            clock.forward(Drops.LEASE.plusMillis(1));
            Taken second = drops.take(drops.ended(false).get(0)).orElseThrow();
            drops.reported(reporter);
            clock.forward(Drops.LEASE.plusMillis(1));
            assertThat(drops.ended(false)).as("the first has lost it").hasSize(1);
            drops.reported(second);
            assertThat(drops.ended(false)).isEmpty();
        }

        @Test
        void whatNobodyIsToBeToldOfIsNotReported() {
            Taken taken = take("picture.png");
            drops.read(taken, "rejected/picture.png", 0, 0);
            drops.moved(taken, false);

            assertThat(drops.ended(false)).isEmpty();
        }

        @Test
        void aDropIsLeftBehindWhenNobodyHasItAnyMore() {
            Taken taken = take("a.jsonl");
            assertThat(drops.leftBehind(false)).isEmpty();

            clock.forward(Drops.LEASE.plus(Drops.STALE).plusMillis(1));

            assertThat(drops.leftBehind(false)).containsExactly(taken.drop());
            assertThat(drops.leftBehind(true)).isEmpty();
            assertThat(drops.moved(take("a.jsonl"), false)).isTrue();
            assertThat(drops.leftBehind(false)).isEmpty();
        }

        Taken take(String path) {
            return drops.take("inbox", path, false).orElseThrow();
        }

        private void accept(String id, String batch) {
            ledger.accept(List.of(TestSongs.ofBatch(id, batch)), false);
        }
    }
}
