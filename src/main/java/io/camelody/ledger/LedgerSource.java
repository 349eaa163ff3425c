package io.camelody.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Where the connections to a ledger come from: a file of SQLite or a database of PostgreSQL, by URL or by an estate's {@code DataSource}. */
public abstract sealed class LedgerSource permits SqliteSource, PostgresSource {

    private static final String POSTGRES = "jdbc:postgresql:";

    private static final int CONNECTIONS = 10;

    /** In PostgreSQL: one that writes, one that claims, one that hears of other nodes, and one to read. */
    public static final int LEAST_CONNECTIONS = 4;

    /** In a file: one that writes, and one to read. */
    private static final int LEAST_OF_A_FILE = 2;

    private final String place;
    private final Dialect dialect;
    private Migrations migrations;

    LedgerSource(String place, Dialect dialect) {
        this.place = place;
        this.dialect = dialect;
        this.migrations = new Migrations(dialect.migrations);
    }

    /** @throws LedgerException if the URL is neither {@code jdbc:sqlite:} and a file nor {@code jdbc:postgresql:} */
    public static LedgerSource of(String url) {
        return of(url, Optional.empty(), Optional.empty(), CONNECTIONS);
    }

    /** The same, for a database that wants to know who asks. @param connections that it is asked by at most, {@value #LEAST_CONNECTIONS} at least */
    public static LedgerSource of(String url, Optional<String> user, Optional<String> password, int connections) {
        return url.startsWith(POSTGRES) ? PostgresPool.open(url, user, password, connections) : SqliteSource.at(url);
    }

    /**
     * Connections are borrowed: one that writes for as long as the ledger is open, in PostgreSQL besides one that claims and one that
     * hears of other nodes, and one for each reader at a time. The {@code DataSource} itself stays its owner's, who closes it behind the
     * ledger.
     *
     * @throws LedgerException if it is a database of neither kind, or gives no reader a connection beside those that are kept
     */
    public static LedgerSource of(DataSource dataSource) {
        try (Connection first = dataSource.getConnection()) {
            String product = first.getMetaData().getDatabaseProductName();
            demand(product.equals("PostgreSQL") ? LEAST_CONNECTIONS : LEAST_OF_A_FILE, dataSource);
            return switch (product) {
                case "SQLite" -> SqliteSource.borrowed(dataSource, first);
                case "PostgreSQL" -> PostgresSource.borrowed(dataSource, first);
                default ->
                    throw new LedgerException(
                            "Expected the DataSource of the ledger to be a database of SQLite or PostgreSQL, got: %s. Set camelody.ledger.data-source to one that is, or leave it empty."
                                    .formatted(product));
            };
        } catch (SQLException e) {
            throw new LedgerException("The DataSource of the ledger gave no connection: " + e.getMessage(), e);
        }
    }

    /** At a time, with the one that its caller has: nobody is to find out when all of them are out. */
    private static void demand(int least, DataSource dataSource) throws SQLException {
        List<Connection> all = new ArrayList<>();
        try {
            while (all.size() < least - 1) {
                all.add(dataSource.getConnection());
            }
        } catch (SQLException e) {
            throw new LedgerException(
                    "Expected the DataSource of the ledger to give %d connections at a time at least, got: %d; some are kept, and each reader needs another. Let its pool have ten: %s"
                            .formatted(least, all.size() + 1, e.getMessage()),
                    e);
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }

    /** What people call the ledger: its file, or its URL without what follows the name of the database. */
    final String place() {
        return place;
    }

    final Dialect dialect() {
        return dialect;
    }

    /** What this program knows of the tables. */
    final Migrations migrations() {
        return migrations;
    }

    /** As an older or a newer program has it. */
    final LedgerSource knowing(List<String> scripts) {
        migrations = new Migrations(scripts);
        return this;
    }

    /** Ready for statements that begin and end transactions. */
    abstract Connection connect() throws SQLException;

    /**
     * Begins a transaction.
     *
     * @return what the database says of it
     * @throws LedgerException if this program may not work on the ledger any more
     */
    abstract List<String> begin(Session session, String sql) throws SQLException;

    /** Whether a connection is given back when a reader is done with it. */
    abstract boolean isBorrowed();

    /** Ends what was made for the connections. */
    abstract void close();

    /** The time that all who work on the ledger have. */
    abstract Clock clock();

    /** Whether there is a ledger. @throws LedgerException if there is less than all of one */
    abstract boolean isThere();

    /**
     * Sees to it that the ledger may be worked on, and has a new one begun where there has never been one.
     *
     * @return what keeps others from working on it meanwhile; empty where they may
     * @throws LedgerBusyException if another process works on it and they may not
     * @throws LedgerException if there is something that cannot be a ledger, or less than all of one
     */
    abstract Optional<WorkLock> beginWork();

    /** Has these told from here on of what other processes do to songs; empty where no other may work on the ledger. */
    abstract Optional<Wakes> hearOthers(Listeners listeners);

    /** A connection of somebody's pool, which gets it back if it refuses to be used as we do. */
    static Connection lent(DataSource dataSource) throws SQLException {
        try {
            return ready(dataSource.getConnection());
        } catch (RuntimeException e) {
            // a pool's own way to say what others say as JDBC has it
            throw new SQLException(e.toString(), e);
        }
    }

    private static Connection ready(Connection connection) throws SQLException {
        try {
            // transactions are begun and ended by statements
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }
}
