package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ledger in SQLite, and what only a file can go through. */
final class SqliteLedgerTest extends SongLedgerContract {

    @TempDir
    private Path home;

    @Override
    String url() {
        return "jdbc:sqlite:" + file();
    }

    private Path file() {
        return home.resolve("data/ledger.db");
    }

    @Test
    void aNewLedgerHasItsFolderMade() {
        assertThat(file()).isNotEmptyFile();
        assertThat(number("SELECT version FROM ledger_version")).isOne();
        assertThat(text("PRAGMA journal_mode")).isEqualTo("wal");
    }

    @Test
    void aLedgerThatIsOpenedAgainIsNotMigratedAgain() {
        ledger.accept(List.of(request("s1")), false);
        ledger.close();

        ledger = SongLedger.openForWork(url(), clock);

        assertThat(number("SELECT COUNT(*) FROM song")).isOne();
    }

    /** It died without a word: whoever begins in its place is alone, and asks at once. */
    @Test
    void whatWasPostponedIsDueWhenTheNextProcessBegins() {
        ledger.accept(List.of(request("s1")), false);
        execute("UPDATE song SET state = 'submitted', due_at = %1$d, polled_at = 1, submitted_at = 1, timeout_at = %1$d"
                .formatted(clock.instant().plusSeconds(90).toEpochMilli()));
        ledger.close();

        ledger = SongLedger.openForWork(url(), clock);

        assertThat(song("s1").dueAt()).isEqualTo(clock.instant());
    }

    @Test
    void aLedgerOfANewerProgramIsRefusedAndLeftAsItIs() {
        ledger.accept(List.of(request("s1")), false);
        execute("UPDATE ledger_version SET version = 7, oldest_program = 7");

        assertThatThrownBy(() -> SongLedger.openBeside(url(), clock))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("version 7")
                .hasMessageContaining("ledger.db");

        assertThat(number("SELECT version FROM ledger_version")).isEqualTo(7);
        assertThat(number("SELECT COUNT(*) FROM song")).isOne();
    }

    @Test
    void aLedgerThatIsRefusedIsFreeForTheRightProgram() {
        ledger.close();
        execute("UPDATE ledger_version SET version = 7, oldest_program = 7");
        assertThatThrownBy(() -> SongLedger.openForWork(url(), clock)).isInstanceOf(LedgerException.class);

        execute("UPDATE ledger_version SET version = 1, oldest_program = 1");

        ledger = SongLedger.openForWork(url(), clock);
    }

    @Test
    void oneWorkerALedger() throws Exception {
        assertThatThrownBy(() -> SongLedger.openForWork(url(), Clock.systemUTC()))
                .isInstanceOf(LedgerBusyException.class)
                .hasMessageContaining("process: " + ProcessHandle.current().pid());

        // also after the refused one above, which must not have given the lock away
        ChildJvm.Ended other = ChildJvm.run(LedgerChild.class, url(), "work");

        assertThat(other.exitCode()).as(other.output()).isEqualTo(7);
        assertThat(other.output())
                .contains("Another camelody works on this ledger")
                .contains("process: " + ProcessHandle.current().pid());
    }

    @Test
    void aPageOfABatchIsReadInItsOrderAndNotSorted() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + SongSearch.OF_BATCH)) {
            assertThat(plan.next()).isTrue();
            assertThat(plan.getString("detail")).contains("song_batch_accepted_idx");
            assertThat(plan.next()).as("a sort").isFalse();
        }
    }

    /** Of a hundred thousand songs in flight one alone has news. */
    @Test
    void aSongInFlightIsFoundByItsIdAndNotAmongAllThatAre() throws SQLException {
        for (String query :
                List.of(InFlight.CLAIM, InFlight.CLAIMED_NOW.formatted(Dialect.SQLITE.isOneOf), InFlight.POSTPONE)) {
            try (Connection connection = DriverManager.getConnection(url());
                    Statement statement = connection.createStatement();
                    ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + RowsAtOnce.alone(query))) {
                assertThat(plan.next()).isTrue();
                assertThat(plan.getString("detail")).contains("(id=?)");
            }
        }
    }

    @Test
    void aPlaceWhereNoFileCanBeIsNoLedger() throws IOException {
        Files.writeString(home.resolve("file"), "");
        String url = "jdbc:sqlite:" + home.resolve("file/ledger.db");

        assertThatThrownBy(() -> SongLedger.openForWork(url, clock))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("ledger.db");
    }

    @Test
    void anotherDatabaseIsNoLedger() {
        assertThatThrownBy(() -> SongLedger.openForWork("jdbc:h2:mem:x", clock))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("camelody.ledger.url");
    }

    @ParameterizedTest
    @CsvSource({
        "song_state_is_known, state = 'working'",
        "song_step_is_known, step = 'video'",
        "song_finished_iff_final, state = 'delivered'",
        "song_finished_iff_final, finished_at = 1",
        "song_reason_iff_failed, reason = 'vendor-timeout'",
        "song_reason_iff_failed, 'state = ''failed'', finished_at = 1'",
        "song_claim_is_whole, claimed_by = 'me'",
        "song_claim_is_whole, claimed_until = 1",
        "song_intended_only_before_submitted, 'intended_at = 1, state = ''submitted'''"
    })
    void theTableRefusesASongThatCannotBe(String rule, String assignment) {
        ledger.accept(List.of(request("s1")), false);

        assertThatThrownBy(() -> execute("UPDATE song SET " + assignment)).hasMessageContaining(rule);
    }

    @Test
    void theTableRefusesATaskThatCannotBe() {
        String task = "INSERT INTO task (song_id, number, step, vendor, outcome, price, sandbox, intended_at) VALUES ";
        ledger.accept(List.of(request("s1")), false);

        assertThatThrownBy(() -> execute(task + "('s1', 1, 'song', 'foxai', 'bought', 0, 0, 0)"))
                .hasMessageContaining("task_outcome_is_known");
        assertThatThrownBy(() -> execute(task + "('nobody', 1, 'song', 'foxai', 'made', 0, 0, 0)"))
                .hasMessageContaining("FOREIGN KEY");
    }

    @Test
    void theTokenOfACallbackIsNotInTheFile() throws IOException {
        CallbackToken token = calledBack("s1");
        ledger.callbacks().heard("foxai", token);
        ledger.close();

        assertThat(text("SELECT callback FROM task")).isEqualTo(token.hash());
        assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).doesNotContain(token.text());
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private int number(String sql) {
        return Integer.parseInt(text(sql));
    }

    private String text(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            return statement.executeQuery(sql).getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
