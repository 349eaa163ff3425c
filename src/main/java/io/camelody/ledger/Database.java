package io.camelody.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections to the ledger's SQLite file: one that writes, one that reads, each used by one thread at a time.
 *
 * <p>A write is durable when its transaction has ended: the file is in WAL mode with {@code synchronous=FULL}. SQLite has
 * one writer at a time over all processes; one that finds it busy waits up to ten seconds.
 */
final class Database implements AutoCloseable {

    private static final String PREFIX = "jdbc:sqlite:";

    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final String url;
    private final Connection writing;
    private final Connection reading;
    private final ReentrantLock writeLock = new ReentrantLock(true);
    private final ReentrantLock readLock = new ReentrantLock(true);

    Database(String url) {
        this.url = url;
        try {
            Path folder = file(url).toAbsolutePath().getParent();
            Files.createDirectories(folder);
            this.writing = connect();
            this.reading = connect();
        } catch (SQLException | IOException e) {
            throw new LedgerException(
                    "The ledger could not be opened: %s. Check that the file is a Camelody ledger and may be written. (url: %s)"
                            .formatted(e.getMessage(), url),
                    e);
        }
    }

    String url() {
        return url;
    }

    /** @throws LedgerException if the URL is not one of SQLite */
    static Path file(String url) {
        if (!url.startsWith(PREFIX) || url.length() == PREFIX.length()) {
            throw new LedgerException(
                    "Expected camelody.ledger.url to start with jdbc:sqlite: and a file, got: \"%s\".".formatted(url));
        }
        return Path.of(url.substring(PREFIX.length()));
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
        }
        return connection;
    }

    /** Runs the work as one durable transaction: all of it, or none. */
    <T> T write(Work<T> work) {
        writeLock.lock();
        try {
            execute(writing, "BEGIN IMMEDIATE");
            try {
                T result = work.in(new Session(writing));
                execute(writing, "COMMIT");
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(e);
                throw e;
            }
        } catch (SQLException e) {
            throw new LedgerException(
                    "The ledger could not be written: %s. (url: %s)".formatted(e.getMessage(), url), e);
        } finally {
            writeLock.unlock();
        }
    }

    <T> T read(Work<T> work) {
        readLock.lock();
        try {
            return work.in(new Session(reading));
        } catch (SQLException e) {
            throw new LedgerException("The ledger could not be read: %s. (url: %s)".formatted(e.getMessage(), url), e);
        } finally {
            readLock.unlock();
        }
    }

    private void rollBack(Exception cause) {
        try {
            execute(writing, "ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        writeLock.lock();
        readLock.lock();
        try (reading;
                writing) {
            execute(writing, "PRAGMA optimize");
        } catch (SQLException e) {
            throw new LedgerException(
                    "The ledger could not be closed: %s. (url: %s)".formatted(e.getMessage(), url), e);
        } finally {
            readLock.unlock();
            writeLock.unlock();
        }
    }

    /** Statements within one transaction. Parameters may be text, numbers, booleans, empty optionals and null. */
    record Session(Connection connection) {

        int update(String sql, Object... parameters) throws SQLException {
            try (PreparedStatement statement = prepare(sql, parameters)) {
                return statement.executeUpdate();
            }
        }

        <T> List<T> list(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
            try (PreparedStatement statement = prepare(sql, parameters);
                    ResultSet rows = statement.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(reader.read(rows));
                }
                return result;
            }
        }

        <T> Optional<T> find(RowReader<T> reader, String sql, Object... parameters) throws SQLException {
            List<T> rows = list(reader, sql, parameters);
            return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
        }

        private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            for (int i = 0; i < parameters.length; i++) {
                Object value = parameters[i] instanceof Optional<?> optional ? optional.orElse(null) : parameters[i];
                statement.setObject(i + 1, value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : value);
            }
            return statement;
        }
    }
}
