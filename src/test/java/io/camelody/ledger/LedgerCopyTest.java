package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.testkit.ChildJvm;
import io.camelody.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger on its way from a file to PostgreSQL. */
final class LedgerCopyTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    private static final List<String> TABLES =
            List.of("song", "task", "event", "notice", "source", "dropped_file", "vendor_pause");

    private static final String MOVED = "nothing works on the file any more";

    @TempDir
    private Path home;

    private final String target = PostgresServer.schema();

    private String file() {
        return "jdbc:sqlite:" + home.resolve("ledger.db");
    }

    @Test
    void everyRowIsThereAsItWasAndWorkGoesOn() throws Exception {
        ChildJvm.run(LedgerChild.class, file(), "after-intent");
        long last = fill();

        Map<String, Long> rows = copy().orElseThrow();

        assertThat(rows).containsOnlyKeys(TABLES).containsEntry("song", 10_509L);
        for (String table : rows.keySet()) {
            List<String> columns = columns(table);
            assertThat(rows(target, table, columns)).as(table).isEqualTo(rows(file(), table, columns));
        }
        try (SongLedger there = SongLedger.openForWork(LedgerSource.of(target));
                SongLedger before = SongLedger.openBeside(file(), Clock.systemUTC())) {
            assertThat(songs(there)).isEqualTo(songs(before));
            assertThat(there.happenings().after(0, 20_000))
                    .isEqualTo(before.happenings().after(0, 20_000));
            assertThat(there.catalog().find("s1").orElseThrow().state())
                    .as("nobody heard its paid call")
                    .isEqualTo(SongState.IN_DOUBT);
            assertThat(there.notices().due(REAL, 100, 100)).isNotEmpty();
            deliver(there, "submitted");
            assertThat(there.happenings().after(last, 10))
                    .extracting(Happening::state)
                    .containsExactly("generated", "delivered");
            assertThat(there.happenings().after(last, 1).get(0).number())
                    .as("behind one that is gone")
                    .isGreaterThan(last + 1);
        }
    }

    private static void deliver(SongLedger ledger, String id) {
        Claim claim = claim(ledger, id, SongState.SUBMITTED);
        ledger.make(new Change.Generated(
                claim, List.of(SongLedgerContract.report(1, "succeeded", true)), SongLedgerContract.clips("c1")));
        claim = claim(ledger, id, SongState.GENERATED);
        ledger.make(new Change.Delivered(claim, SongLedgerContract.clips("c1"), List.of()));
    }

    private static Claim claim(SongLedger ledger, String id, SongState state) {
        List<ClaimedSong> claimed = ledger.claims().claimDue(state, "foxai", REAL, 10, Duration.ofMinutes(5));
        assertThat(claimed).extracting(each -> each.song().id()).containsExactly(id);
        return claimed.get(0).claim();
    }

    @Test
    void fileThatIsMovedIsWorkedOnNoMore() {
        accept(file(), "s1");
        try (SongLedger beside = SongLedger.openBeside(file(), Clock.systemUTC())) {
            copy();

            assertThatThrownBy(() -> SongLedger.openForWork(LedgerSource.of(file())))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContainingAll(MOVED, "Set camelody.ledger.url", "jdbc:postgresql:", "schema camelody_")
                    .hasMessageNotContaining("user=");
            assertThatThrownBy(() -> beside.steering().cancel("s1")).hasMessageContaining(MOVED);
            assertThat(beside.catalog().find("s1")).isPresent();
        }
        assertThat(copy()).as("it is there already").isEmpty();
        assertThatThrownBy(() -> giveUp()).isInstanceOf(NotPossibleException.class);
    }

    @Test
    void copyWhoseProcessDiesLeavesNothingAndIsFinishedByTheNext() throws Exception {
        fill();

        assertThat(ChildJvm.run(LedgerChild.class, file(), "copy", target).exitCode())
                .isEqualTo(9);

        assertThatThrownBy(() -> SongLedger.openForWork(LedgerSource.of(file())))
                .hasMessageContaining(MOVED);
        assertThat(rows(target, "song", List.of("id"))).isEmpty();
        assertThat(copy()).isPresent();
        assertThat(rows(target, "song", List.of("id"))).isEqualTo(rows(file(), "song", List.of("id")));
    }

    @Test
    void copyThatWasBrokenOffCanBeGivenUp() {
        accept(file(), "s1");
        assertThatThrownBy(() -> giveUp()).isInstanceOf(NotPossibleException.class);
        assertThatThrownBy(() -> copier().make((table, rows, of) -> {
                    throw new LedgerException("The line was cut.");
                }))
                .hasMessageStartingWith("The line was cut.")
                .hasMessageContaining("--give-up");
        assertThatThrownBy(() -> SongLedger.openForWork(LedgerSource.of(file())))
                .hasMessageContaining(MOVED);
        assertThatThrownBy(() ->
                        new LedgerCopy(LedgerSource.of(file()), LedgerSource.of(PostgresServer.schema())).giveUp())
                .hasMessageContaining("already");

        giveUp();

        SongLedger.openForWork(LedgerSource.of(file())).close();
    }

    @Test
    void connectionThatIsLostOnTheWayBeginsAnew() throws Exception {
        accept(file(), "s1");
        AtomicBoolean cut = new AtomicBoolean();

        Map<String, Long> rows = copier().make((table, copied, of) -> {
                    if (table.equals("song") && copied > 0 && !cut.getAndSet(true)) {
                        execute(
                                target,
                                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()");
                    }
                })
                .orElseThrow();

        assertThat(cut).isTrue();
        assertThat(rows).containsEntry("song", 1L).containsEntry("event", 1L);
        assertThat(rows(target, "song", List.of("id"))).containsExactly("s1");
    }

    @Test
    void ledgerWithSongsOfItsOwnIsNotCopiedTo() {
        accept(file(), "s1");
        accept(target, "s2");

        assertThatThrownBy(this::copy).hasMessageContaining("Expected an empty ledger");

        SongLedger.openForWork(LedgerSource.of(file())).close();
    }

    @Test
    void ledgerThatSomebodyWorksOnIsNotCopied() {
        try (SongLedger working = SongLedger.openForWork(LedgerSource.of(file()))) {
            assertThatThrownBy(this::copy).isInstanceOf(LedgerBusyException.class);
            working.accept(List.of(SongLedgerContract.request("s1")), false);
        }
    }

    @Test
    void whereThereIsNoLedgerNoneIsBegun() {
        assertThatThrownBy(this::copy).hasMessageContaining("There is no ledger");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void otherWaysThanFromAFileToADatabaseAreRefused() {
        assertThatThrownBy(() -> new LedgerCopy(LedgerSource.of(file()), LedgerSource.of(file())))
                .hasMessageContaining("Expected a ledger in a file to copy to jdbc:postgresql");
    }

    private Optional<Map<String, Long>> copy() {
        return copier().make((table, rows, of) -> {});
    }

    private void giveUp() {
        copier().giveUp();
    }

    private LedgerCopy copier() {
        return new LedgerCopy(LedgerSource.of(file()), LedgerSource.of(target));
    }

    /** @return the number of the last event that is there, behind which one has been */
    private long fill() throws SQLException {
        try (SongLedger ledger = SongLedger.openForWork(LedgerSource.of(file()))) {
            new FilledLedger(ledger, ledger.clock()).fill();
            execute(file(), "UPDATE notice SET taken_by = 'nobody' WHERE number = 1");
            demandThatNoColumnIsEmpty();
        }
        execute(file(), "INSERT INTO event (song_id, state, at) VALUES ('sandbox', 'streaming', 1)");
        execute(file(), "DELETE FROM event WHERE number = (SELECT MAX(number) FROM event)");
        return Long.parseLong(query(file(), "SELECT MAX(number) FROM event").get(0));
    }

    private static void accept(String url, String id) {
        try (SongLedger ledger = SongLedger.openForWork(LedgerSource.of(url))) {
            ledger.accept(List.of(SongLedgerContract.request(id)), false);
        }
    }

    /** Else this test would not see whether it is copied. */
    private void demandThatNoColumnIsEmpty() throws SQLException {
        for (String table : TABLES) {
            for (String column : columns(table)) {
                assertThat(query(file(), "SELECT COUNT(%s) > 0 FROM %s".formatted(column, table)))
                        .as("%s.%s", table, column)
                        .containsExactly("1");
            }
        }
    }

    private List<String> columns(String table) throws SQLException {
        return query(file(), "SELECT name FROM pragma_table_info('" + table + "')");
    }

    private static List<String> rows(String url, String table, List<String> columns) throws SQLException {
        List<String> rows = query(url, "SELECT " + String.join(", ", columns) + " FROM " + table);
        Collections.sort(rows);
        return rows;
    }

    private static List<Song> songs(SongLedger ledger) {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 20_000);
    }

    private static List<String> query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(found.getString(i)));
                }
                rows.add(String.join("|", values));
            }
            return rows;
        }
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
