package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of both databases make the same ledger, but for what only several nodes need and what only a file can say. */
final class LedgerTablesTest {

    /** And songs whose events are numbered as the transaction commits. */
    private static final Pattern OF_NODES = Pattern.compile("(node_mark|arrival)\\..*");

    private static final String OF_A_FILE = "ledger_version.moved_to";

    @TempDir
    private Path home;

    private String file;

    private final String database = PostgresServer.schema();

    @BeforeEach
    void make() {
        file = "jdbc:sqlite:" + home.resolve("ledger.db");
        SongLedger.openForWork(LedgerSource.of(file)).close();
        SongLedger.openForWork(LedgerSource.of(database)).close();
    }

    @Test
    void tablesAndColumnsAreTheSame() throws SQLException {
        TreeSet<String> ofFile = names(
                file,
                """
                SELECT tables.name || '.' || columns.name || ' ' || (columns."notnull" OR columns.pk)
                FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
                WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'
                """);
        TreeSet<String> ofDatabase = names(
                database,
                """
                SELECT table_name || '.' || column_name || ' ' || CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
                FROM information_schema.columns WHERE table_schema = current_schema()
                """);

        assertThat(ofFile.removeIf(name -> name.startsWith(OF_A_FILE + " "))).isTrue();
        assertThat(ofDatabase.removeIf(OF_NODES.asMatchPredicate())).isTrue();
        assertThat(ofFile).isEqualTo(ofDatabase).contains("song.id 1", "event.number 1", "song.batch 0");
    }

    @Test
    void indexesAreTheSame() throws SQLException {
        assertThat(
                        names(
                                file,
                                "SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'index' AND name LIKE '%\\_idx' ESCAPE '\\'"))
                .isEqualTo(
                        names(
                                database,
                                "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE '%\\_idx'"))
                .contains("song song_due_idx");
    }

    @Test
    void rulesAreTheSame() throws SQLException {
        TreeSet<String> ofFile = Pattern.compile("CONSTRAINT ([a-z_]+)\\s+CHECK")
                .matcher(String.join("\n", names(file, "SELECT sql FROM sqlite_master WHERE type = 'table'")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(ofFile)
                .isEqualTo(
                        names(
                                database,
                                "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"))
                .contains("song_finished_iff_final");
    }

    private static TreeSet<String> names(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            TreeSet<String> names = new TreeSet<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
