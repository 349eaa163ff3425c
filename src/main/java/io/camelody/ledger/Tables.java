package io.camelody.ledger;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that a ledger keeps what happened in, and their columns, as the database itself lists them: none can be forgotten. */
final class Tables {

    /** What a ledger knows of itself, and what its nodes go by at the moment, is not copied. */
    private static final String OWN = "('ledger_version', 'pulse', 'vendor_pace', 'node_mark')";

    private static final String OF_SQLITE =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN " + OWN
                    + " ORDER BY name";

    private static final String OF_POSTGRES =
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN " + OWN
                    + " ORDER BY tablename";

    private static final String REFERENCED = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)";

    private static final String COLUMNS = "SELECT name FROM pragma_table_info(?) ORDER BY cid";

    private final Session session;

    Tables(Session session) {
        this.session = session;
    }

    /** Those of a file, each behind those that it refers to. */
    Set<String> inOrder() throws SQLException {
        Set<String> ordered = new LinkedHashSet<>();
        for (String table : names(OF_SQLITE)) {
            add(table, ordered);
        }
        return ordered;
    }

    private void add(String table, Set<String> ordered) throws SQLException {
        for (String referenced : session.list(row -> row.getString(1), REFERENCED, table)) {
            add(referenced, ordered);
        }
        ordered.add(table);
    }

    /** Of a table in a file, as a list in SQL. */
    String columns(String table) throws SQLException {
        return session.list(row -> row.getString(1), COLUMNS, table).stream()
                .map(Tables::quoted)
                .collect(Collectors.joining(", "));
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }

    /** Of a database of PostgreSQL. */
    void demandEmpty(String place) throws SQLException {
        for (String table : names(OF_POSTGRES)) {
            if (session.find(row -> true, "SELECT 1 FROM %s LIMIT 1".formatted(quoted(table)))
                    .isPresent()) {
                throw new LedgerException(
                        "Expected an empty ledger to copy to, got one with rows in its table %s. Name another database or schema, or drop its tables if they are of no use. (ledger: %s)"
                                .formatted(table, place));
            }
        }
    }

    private List<String> names(String sql) throws SQLException {
        return session.list(row -> row.getString(1), sql);
    }
}
