package io.camelody.ledger;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements on one connection, each prepared once. Parameters may be text, numbers, booleans, empty optionals and
 * null; a NUL in a text is replaced. What reads the rows of a statement may use others, but not that one.
 */
final class Session {

    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private interface Run<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    Connection connection() {
        return connection;
    }

    /** Its statements too, since the connection may be a borrowed one that goes on. */
    void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        connection.close();
    }

    /** Begins a transaction, and says what the database says of it; empty where that is nothing. */
    List<String> begin(String sql) throws SQLException {
        return run(sql, statement -> {
            List<String> said = new ArrayList<>();
            boolean isSaying = statement.execute();
            while (isSaying || statement.getUpdateCount() >= 0) {
                if (isSaying) {
                    said.addAll(row(statement.getResultSet()));
                }
                isSaying = statement.getMoreResults();
            }
            return said;
        });
    }

    private static List<String> row(ResultSet rows) throws SQLException {
        List<String> row = new ArrayList<>();
        rows.next();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            row.add(rows.getString(i));
        }
        return row;
    }

    /** Waits until no other node's transaction has this lock, and keeps it to its end. There is nobody else in SQLite. */
    void lock(String name) throws SQLException {
        if (dialect.isShared()) {
            find(
                    row -> true,
                    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.camelody.' || ?, 0))",
                    name);
        }
    }

    int update(String sql, Object... parameters) throws SQLException {
        return run(sql, PreparedStatement::executeUpdate, parameters);
    }

    /** The same for many rows on one way, in their order but for an UPDATE that has a place for them all. @return how many rows each has changed */
    int[] updateEach(String sql, List<Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        if (!isAtOnce(sql, rows)) {
            return updateInTurn(sql, rows);
        }
        int[] changed = new int[rows.size()];
        for (int number : writeAtOnce(row -> row.getInt(1), sql, rows, RowsAtOnce.NUMBER)) {
            changed[number - 1]++;
        }
        return changed;
    }

    /** The same, where nobody asks what has become of each. */
    void writeEach(String sql, List<Object[]> rows) throws SQLException {
        if (isAtOnce(sql, rows)) {
            RowsAtOnce all = atOnce(sql, rows, RowsAtOnce.NOTHING);
            update(all.sql(), all.columns().toArray());
        } else if (!rows.isEmpty()) {
            updateInTurn(sql, rows);
        }
    }

    /** Inserts rows whose first value is their id. @return the ids of those that nothing stood in the way of */
    Set<String> insertEach(String sql, List<Object[]> rows) throws SQLException {
        if (isAtOnce(rows)) {
            return new HashSet<>(writeAtOnce(row -> row.getString(1), sql, rows, " RETURNING id"));
        }
        int[] inserted = updateInTurn(sql, rows);
        return IntStream.range(0, inserted.length)
                .filter(i -> inserted[i] > 0)
                .mapToObj(i -> (String) rows.get(i)[0])
                .collect(Collectors.toSet());
    }

    private boolean isAtOnce(String sql, List<Object[]> rows) {
        return isAtOnce(rows) && sql.contains(RowsAtOnce.PLACE);
    }

    private boolean isAtOnce(List<Object[]> rows) {
        return dialect.isShared() && rows.size() > 1;
    }

    private <T> List<T> writeAtOnce(RowReader<T> reader, String sql, List<Object[]> rows, String returning)
            throws SQLException {
        RowsAtOnce all = atOnce(sql, rows, returning);
        return list(reader, all.sql(), all.columns().toArray());
    }

    private RowsAtOnce atOnce(String sql, List<Object[]> rows, String returning) throws SQLException {
        List<Object[]> values = rows.stream()
                .map(row -> Arrays.stream(row).map(Session::value).toArray())
                .toList();
        return RowsAtOnce.of(connection, sql, values, returning);
    }

    private int[] updateInTurn(String sql, List<Object[]> rows) throws SQLException {
        return run(sql, statement -> {
            for (Object[] row : rows) {
                set(statement, row);
                statement.addBatch();
            }
            try {
                return statement.executeBatch();
            } catch (BatchUpdateException e) {
                // its message may have the values of the row; behind it is what the database said
                throw e.getNextException() == null ? e : e.getNextException();
            }
        });
    }

    <T> List<T> list(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        List<T> result = new ArrayList<>();
                        while (rows.next()) {
                            result.add(reader.read(rows));
                        }
                        return result;
                    }
                },
                parameters);
    }

    <T> Optional<T> find(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
        List<T> rows = list(reader, sql, parameters);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    private <T> T run(String sql, Run<T> run, Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(RowsAtOnce.alone(sql));
            prepared.put(sql, statement);
        }
        try {
            set(statement, parameters);
            return run.of(statement);
        } catch (SQLException e) {
            // the driver takes no statement again that has failed once, as on a full disk
            prepared.remove(sql);
            close(statement, e);
            throw e;
        }
    }

    private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, value(parameters[i]));
        }
    }

    private static Object value(Object parameter) {
        if (parameter instanceof Optional<?> optional) {
            return value(optional.orElse(null));
        }
        if (parameter instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        // which PostgreSQL has in no text
        return parameter instanceof String text ? text.replace('\0', '\uFFFD') : parameter;
    }

    private static void close(PreparedStatement statement, SQLException cause) {
        try {
            statement.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
