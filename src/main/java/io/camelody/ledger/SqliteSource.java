package io.camelody.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;

/** A ledger in a file, which one process at a time works on. */
abstract sealed class SqliteSource extends LedgerSource {

    private static final String MAY_WRITE = "SELECT oldest_program, moved_to FROM ledger_version";

    private final Path file;
    private boolean evenIfMoved;

    private SqliteSource(Path file) {
        super(file.toString(), Dialect.SQLITE);
        this.file = file;
    }

    /** @throws LedgerException if the URL is not {@code jdbc:sqlite:} and a file */
    static SqliteSource at(String url) {
        return new ByUrl(url);
    }

    /** As SQLite itself says which file it is, whatever the URL looks like. */
    static SqliteSource borrowed(DataSource dataSource, Connection first) throws SQLException {
        String name = new Session(first, Dialect.SQLITE)
                .find(row -> row.getString(1), "SELECT file FROM pragma_database_list WHERE name = 'main'")
                .orElse("");
        if (name.isEmpty()) {
            throw new LedgerException(
                    "Expected the DataSource of the ledger to be a database in a file, got one in memory, which forgets what was paid for.");
        }
        return new Borrowed(dataSource, Path.of(name));
    }

    final Path file() {
        return file;
    }

    /** Is written to also where the ledger has gone elsewhere, by what brings it there. */
    final SqliteSource evenIfMoved() {
        evenIfMoved = true;
        return this;
    }

    @Override
    final Connection connect() throws SQLException {
        Connection connection = open();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
        }
        return connection;
    }

    abstract Connection open() throws SQLException;

    @Override
    final List<String> begin(Session session, String sql) throws SQLException {
        session.update(sql);
        if (sql.equals(dialect().beginWrite)) {
            session.find(
                    row -> {
                        migrations().demandWorkable(row.getInt(1), place());
                        if (!evenIfMoved) {
                            Moved.demandHere(Optional.ofNullable(row.getString(2)), place());
                        }
                        return true;
                    },
                    MAY_WRITE);
        }
        return List.of();
    }

    @Override
    final void close() {
        // nothing but its connections was made
    }

    @Override
    final Clock clock() {
        return SteadyClock.start();
    }

    @Override
    final boolean isThere() {
        return LedgerFile.isThere(file);
    }

    @Override
    final Optional<WorkLock> beginWork() {
        WorkLock lock = WorkLock.take(file);
        try {
            demandLedger(lock.isFirst());
            lock.noteBegun();
            return Optional.of(lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    final Optional<Wakes> hearOthers(Listeners listeners) {
        return Optional.empty();
    }

    /** @param isFirst whether nobody has worked on a ledger in this place before */
    abstract void demandLedger(boolean isFirst);

    private static final class ByUrl extends SqliteSource {

        private final String url;

        ByUrl(String url) {
            super(LedgerFile.of(url));
            this.url = url;
        }

        @Override
        Connection open() throws SQLException {
            Properties properties = new Properties();
            // the driver would ask for the last row's number after each statement
            properties.setProperty(SQLiteConfig.Pragma.JDBC_GET_GENERATED_KEYS.getPragmaName(), "false");
            return DriverManager.getConnection(url, properties);
        }

        @Override
        boolean isBorrowed() {
            return false;
        }

        @Override
        void demandLedger(boolean isFirst) {
            if (isThere()) {
                LedgerFile.demandWhole(file());
            } else {
                LedgerFile.create(file());
            }
        }
    }

    private static final class Borrowed extends SqliteSource {

        private final DataSource dataSource;

        Borrowed(DataSource dataSource, Path file) {
            super(file);
            this.dataSource = dataSource;
        }

        @Override
        Connection open() throws SQLException {
            return lent(dataSource);
        }

        @Override
        boolean isBorrowed() {
            return true;
        }

        /** The pool makes an empty file by itself, so a new ledger is begun in it, all of it in one transaction. */
        @Override
        void demandLedger(boolean isFirst) {
            try {
                if (Files.exists(file()) && Files.size(file()) > 0) {
                    LedgerFile.demandWhole(file());
                } else if (isFirst) {
                    migrations().createUnlessThere(this);
                } else {
                    throw LedgerFile.damaged("empty, and was worked on before", file());
                }
            } catch (IOException e) {
                throw new LedgerException("read", e, place());
            }
        }
    }
}
