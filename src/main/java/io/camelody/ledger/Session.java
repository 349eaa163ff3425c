package io.camelody.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Statements on one connection, each prepared once. Parameters may be text, numbers, booleans, empty optionals and
 * null. What reads the rows of a statement may use others, but not that one.
 */
final class Session {

    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private interface Run<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
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

    int update(String sql, Object... parameters) throws SQLException {
        return run(sql, PreparedStatement::executeUpdate, parameters);
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
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        try {
            for (int i = 0; i < parameters.length; i++) {
                Object value = parameters[i] instanceof Optional<?> optional ? optional.orElse(null) : parameters[i];
                statement.setObject(i + 1, value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : value);
            }
            return run.of(statement);
        } catch (SQLException e) {
            // the driver takes no statement again that has failed once, as on a full disk
            prepared.remove(sql);
            close(statement, e);
            throw e;
        }
    }

    private static void close(PreparedStatement statement, SQLException cause) {
        try {
            statement.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
