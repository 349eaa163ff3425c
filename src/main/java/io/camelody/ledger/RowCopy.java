package io.camelody.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Brings every row of a file into an empty ledger of PostgreSQL, within the transactions that both sessions have. Numbers stay what
 * they are, and no trigger makes an event of what is brought. No table is held in memory.
 */
final class RowCopy {

    /** Rows in one statement: the database checks at its end to what they refer, and says nothing until then. */
    private static final int AT_ONCE = 10_000;

    private static final int BUFFER = 1 << 16;

    /** Also of rows that are gone: who follows events may have seen their numbers. */
    private static final String LAST_NUMBERS = "SELECT name, seq FROM sqlite_sequence";

    private static final String GO_ON_BEHIND =
            """
            SELECT setval(pg_get_serial_sequence(quote_ident(table_name), column_name), ?)
            FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ? AND is_identity = 'YES'
            """;

    private final Session from;
    private final String file;
    private final Session to;
    private final LedgerCopy.Progress progress;

    RowCopy(Session from, String file, Session to, LedgerCopy.Progress progress) {
        this.from = from;
        this.file = file;
        this.to = to;
        this.progress = progress;
    }

    /** @return the rows of each table */
    Map<String, Long> run() throws SQLException {
        Tables tables = new Tables(from);
        Set<String> all = tables.inOrder();
        Map<String, Long> rows = new LinkedHashMap<>();
        // a slow disk on this side is no node that stands still
        execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        for (String table : all) {
            execute("ALTER TABLE %s DISABLE TRIGGER USER".formatted(Tables.quoted(table)));
        }
        for (String table : all) {
            rows.put(table, copy(table, tables.columns(table)));
        }
        for (String table : all) {
            execute("ALTER TABLE %s ENABLE TRIGGER USER".formatted(Tables.quoted(table)));
            execute("ANALYZE %s".formatted(Tables.quoted(table)));
        }
        goOnBehind();
        return rows;
    }

    private long copy(String table, String columns) throws SQLException {
        long of = from.find(row -> row.getLong(1), "SELECT COUNT(*) FROM %s".formatted(Tables.quoted(table)))
                .orElseThrow();
        RowSum sent = new RowSum();
        try (Statement statement = from.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT %s FROM %s".formatted(columns, Tables.quoted(table)))) {
            progress.copied(table, 0, of);
            boolean isMore = true;
            while (isMore) {
                isMore = send(rows, table, columns, sent);
                progress.copied(table, sent.count(), of);
            }
        }
        demandThere(table, columns, sent);
        return sent.count();
    }

    /** @return whether there may be more */
    private boolean send(ResultSet rows, String table, String columns, RowSum sent) throws SQLException {
        String copy = "COPY %s (%s) FROM STDIN".formatted(Tables.quoted(table), columns);
        try (OutputStream out = new PGCopyOutputStream(to.connection().unwrap(PGConnection.class), copy, BUFFER)) {
            for (int i = 0; i < AT_ONCE; i++) {
                Optional<byte[]> line = next(rows);
                if (line.isEmpty()) {
                    return false;
                }
                sent.add(line.get());
                out.write(line.get());
            }
            return true;
        } catch (IOException e) {
            throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e);
        }
    }

    private Optional<byte[]> next(ResultSet rows) {
        try {
            return rows.next() ? Optional.of(line(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw new LedgerException("read", e, file);
        }
    }

    /** As PostgreSQL itself writes it. */
    private static byte[] line(ResultSet row) throws SQLException {
        StringBuilder line = new StringBuilder();
        int columns = row.getMetaData().getColumnCount();
        for (int i = 1; i <= columns; i++) {
            String value = row.getString(i);
            if (value == null) {
                line.append("\\N");
            } else {
                value.chars().forEach(c -> append((char) c, line));
            }
            line.append(i == columns ? '\n' : '\t');
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(char c, StringBuilder line) {
        switch (c) {
            case '\\' -> line.append("\\\\");
            case '\b' -> line.append("\\b");
            case '\f' -> line.append("\\f");
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            case '\u000b' -> line.append("\\v");
            // which PostgreSQL has in no text
            case '\0' -> line.append('\uFFFD');
            default -> line.append(c);
        }
    }

    /** Reads all of it back. */
    private void demandThere(String table, String columns, RowSum sent) throws SQLException {
        RowSum there = new RowSum();
        CopyOut out = to.connection()
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY %s (%s) TO STDOUT".formatted(Tables.quoted(table), columns));
        for (byte[] line = out.readFromCopy(); line != null; line = out.readFromCopy()) {
            there.add(line);
        }
        if (!there.isOf(sent)) {
            throw new LedgerException(
                    "The table %s is not what was copied: expected %s, got %s. Nothing was kept of it."
                            .formatted(table, sent, there));
        }
    }

    private void goOnBehind() throws SQLException {
        Map<String, Long> last = new LinkedHashMap<>();
        from.list(row -> last.put(row.getString(1), row.getLong(2)), LAST_NUMBERS);
        for (Map.Entry<String, Long> each : last.entrySet()) {
            if (each.getValue() > 0) {
                to.find(row -> true, GO_ON_BEHIND, each.getValue(), each.getKey());
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = to.connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
