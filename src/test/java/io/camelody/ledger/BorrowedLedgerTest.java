package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.SmallPool;
import io.camelody.testkit.TestSongs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in the {@code DataSource} of an estate. */
final class BorrowedLedgerTest {

    @TempDir
    private Path folder;

    private Path file;
    private SmallPool pool;

    @BeforeEach
    void makePool() {
        file = folder.resolve("estate.db");
        pool = new SmallPool("jdbc:sqlite:" + file, 3);
    }

    @AfterEach
    void closePool() throws SQLException {
        pool.close();
    }

    @Test
    void holdsOneConnectionAndGivesEveryOtherBack() {
        try (SongLedger ledger = open()) {
            for (int i = 0; i < 10; i++) {
                ledger.accept(List.of(song("s" + i)), false);
                assertThat(ledger.catalog().find("s" + i)).isPresent();
            }

            assertThat(pool.out()).isOne();
        }

        assertThat(pool.out()).isZero();
        assertThat(pool.isClosed()).isFalse();
    }

    @Test
    void writesOnAnotherConnectionWhereThePoolHasClosedTheOneThatItHeld() throws SQLException {
        try (SongLedger ledger = open()) {
            ledger.accept(List.of(song("s1")), false);
            pool.flush();

            ledger.accept(List.of(song("s2")), false);

            assertThat(ledger.catalog().find("s2")).isPresent();
            assertThat(pool.out()).isOne();
        }
        assertThat(pool.out()).isZero();
    }

    @Test
    void aWriteInTheTransactionOfItsCallerFailsAlone() {
        try (SongLedger ledger = open()) {
            pool.inTransaction(() -> {
                assertThatThrownBy(() -> ledger.accept(List.of(song("s1")), false))
                        .hasMessageContaining("Deferred enlistment not supported");
                assertThatThrownBy(() -> ledger.accept(List.of(song("s2")), false))
                        .isInstanceOf(LedgerException.class);
                assertThatThrownBy(() -> ledger.catalog().find("s1"))
                        .hasMessageContaining("Deferred enlistment not supported");
            });

            ledger.accept(List.of(song("s3")), false);

            assertThat(ledger.catalog().find("s1")).isEmpty();
            assertThat(ledger.catalog().find("s2")).isEmpty();
            assertThat(ledger.catalog().find("s3")).isPresent();
            assertThat(pool.out()).isOne();
        }
        assertThat(pool.out()).isZero();
    }

    @Test
    void troubleOfAPoolIsTroubleWithTheLedgerWhateverItsClass() throws SQLException {
        try (SongLedger ledger = open()) {
            pool.flush();

            pool.inTrouble(new IllegalStateException("the pool rests"), () -> {
                assertThatThrownBy(() -> ledger.accept(List.of(song("s1")), false))
                        .isInstanceOf(LedgerException.class);
                assertThatThrownBy(() -> ledger.catalog().find("s1"))
                        .isInstanceOf(LedgerException.class)
                        .hasMessageContaining("the pool rests");
            });

            ledger.accept(List.of(song("s1")), false);
            assertThat(ledger.catalog().find("s1")).isPresent();
        }
        assertThat(pool.out()).isZero();
    }

    @Test
    void isDurableAndThereAgain() throws SQLException {
        try (SongLedger ledger = open()) {
            ledger.accept(List.of(song("s1")), false);
        }

        try (SongLedger ledger = open()) {
            assertThat(ledger.catalog().find("s1")).isPresent();
        }
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1))
                    .isEqualTo("wal");
        }
    }

    @Test
    void isWorkedOnByOneAtATimeAlsoByItsFile() {
        try (SongLedger ledger = open()) {
            assertThatThrownBy(() -> SongLedger.openForWork("jdbc:sqlite:" + file, Clock.systemUTC()))
                    .isInstanceOf(LedgerBusyException.class);
            assertThatThrownBy(this::open).isInstanceOf(LedgerBusyException.class);
            ledger.beat();
        }

        assertThat(pool.out()).isZero();
    }

    @Test
    void isNotBegunAnewWhereOneWasLost() throws IOException, SQLException {
        open().close();
        pool.close();
        Files.newOutputStream(file).close();
        pool = new SmallPool("jdbc:sqlite:" + file, 3);

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("empty, and was worked on before");
    }

    @Test
    void isBegunWhereAProcessDiedBeforeItHadBegunIt() {
        WorkLock.take(file).close();

        try (SongLedger ledger = open()) {
            ledger.accept(List.of(song("s1")), false);
        }
        try (SongLedger ledger = open()) {
            assertThat(ledger.catalog().find("s1")).isPresent();
        }
    }

    @Test
    void aDatabaseOfSomethingElseIsLeftAsItIs() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("CREATE TABLE customer (name TEXT)");
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("is a database and not a Camelody ledger");
        assertThat(pool.out()).isZero();
    }

    @Test
    void aPoolOfOneIsRefusedAtOnce() {
        SmallPool one = new SmallPool("jdbc:sqlite:" + file, 1);

        assertThatThrownBy(() -> LedgerSource.of(one))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("2 connections at a time at least, got: 1;");
    }

    @Test
    void aDatabaseInMemoryIsRefused() {
        SmallPool memory = new SmallPool("jdbc:sqlite::memory:", 3);

        assertThatThrownBy(() -> LedgerSource.of(memory))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("one in memory");
    }

    private SongLedger open() {
        return SongLedger.openForWork(LedgerSource.of(pool), Clock.systemUTC());
    }

    private static NewSong song(String id) {
        return TestSongs.song(id);
    }
}
