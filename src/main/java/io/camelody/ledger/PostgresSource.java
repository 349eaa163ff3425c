package io.camelody.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** A ledger in a database of PostgreSQL, in the schema that the connections have; several nodes work on it at a time. */
final class PostgresSource extends LedgerSource {

    /** One writes, one waits to be woken, and the others are for readers, who keep them for moments. */
    private static final int CONNECTIONS = 10;

    private static final long PATIENCE_MS = 10_000;

    private final DataSource dataSource;
    private final Runnable atEnd;
    private final SharedClock clock = new SharedClock(Clock.systemUTC(), System::nanoTime);

    private PostgresSource(DataSource dataSource, String place, Runnable atEnd) {
        super(place, Dialect.POSTGRES);
        this.dataSource = dataSource;
        this.atEnd = atEnd;
    }

    /** Connections are made when they are needed. */
    static PostgresSource at(String url, Optional<String> user, Optional<String> password) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url);
        user.ifPresent(settings::setUsername);
        password.ifPresent(settings::setPassword);
        settings.setPoolName("camelody-ledger");
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(PATIENCE_MS);
        settings.setInitializationFailTimeout(-1);
        // a node that was stopped in the middle must not keep the others waiting
        settings.setConnectionInitSql("SET idle_in_transaction_session_timeout = '10s'");
        // a server that is gone without a word, and a node that is
        settings.addDataSourceProperty("connectTimeout", "5");
        settings.addDataSourceProperty("socketTimeout", "60");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        settings.addDataSourceProperty("ApplicationName", "camelody");
        HikariDataSource pool = new HikariDataSource(settings);
        return new PostgresSource(pool, url.replaceFirst("\\?.*", ""), pool::close);
    }

    static PostgresSource borrowed(DataSource dataSource, Connection first) throws SQLException {
        String url = first.getMetaData().getURL();
        return new PostgresSource(dataSource, url.replaceFirst("\\?.*", ""), () -> {});
    }

    @Override
    Connection connect() throws SQLException {
        Connection connection = dataSource.getConnection();
        // transactions are begun and ended by statements
        connection.setAutoCommit(true);
        return connection;
    }

    /** The time, and of one that writes its number and when its server was started. */
    @Override
    List<String> begin(Session session, String sql) throws SQLException {
        List<String> said = session.begin(sql);
        clock.hear(Instant.EPOCH.plus(Long.parseLong(said.get(0)), ChronoUnit.MICROS));
        return said;
    }

    @Override
    boolean isBorrowed() {
        return true;
    }

    @Override
    void close() {
        atEnd.run();
    }

    @Override
    Clock clock() {
        return clock;
    }

    @Override
    boolean isThere() {
        try (Connection connection = connect()) {
            return Migrations.isThere(new Session(connection, dialect()));
        } catch (SQLException e) {
            throw new LedgerException("opened", e, place());
        }
    }

    @Override
    Optional<WorkLock> beginWork() {
        Database database = new Database(this);
        try {
            Migrations.createUnlessThere(database);
        } finally {
            database.closeConnections();
        }
        return Optional.empty();
    }
}
