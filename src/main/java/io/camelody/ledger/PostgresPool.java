package io.camelody.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The program's own connections to PostgreSQL. Apart, so that an estate with a pool of its own needs no HikariCP. */
final class PostgresPool {

    private static final long PATIENCE_MS = 5_000;

    private static final long IDLE_MS = 60_000;

    private PostgresPool() {}

    /**
     * Connections are made when they are needed: it may be opened while the server is not there. One writes, one claims, one waits
     * to be woken, and the others are for readers, who keep them for moments, and wait for one for five seconds at most.
     */
    static PostgresSource open(String url, Optional<String> user, Optional<String> password, int connections) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url);
        user.ifPresent(settings::setUsername);
        password.ifPresent(settings::setPassword);
        settings.setPoolName("camelody-ledger");
        settings.setMaximumPoolSize(connections);
        settings.setMinimumIdle(1);
        settings.setIdleTimeout(IDLE_MS);
        settings.setConnectionTimeout(PATIENCE_MS);
        settings.setInitializationFailTimeout(-1);
        // a reader that was stopped in the middle would keep a migration waiting
        settings.setConnectionInitSql("SET idle_in_transaction_session_timeout = '10s'");
        // a server that is gone without a word
        settings.addDataSourceProperty("connectTimeout", "5");
        settings.addDataSourceProperty("socketTimeout", "60");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        // the values of a row are somebody's lyrics
        settings.addDataSourceProperty("logServerErrorDetail", "false");
        settings.addDataSourceProperty("ApplicationName", "camelody");
        TriedPool pool = new TriedPool(settings);
        return new PostgresSource(pool, url, pool::close);
    }

    /** A pool waits for whatever keeps it from connecting. So what waiting cannot mend is found by a try of our own before it. */
    private static final class TriedPool extends HikariDataSource {

        private volatile boolean isTried;

        TriedPool(HikariConfig settings) {
            super(settings);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (!isTried) {
                tryOnce();
                isTried = true;
            }
            return super.getConnection();
        }

        private void tryOnce() throws SQLException {
            Properties asked = new Properties();
            asked.putAll(getDataSourceProperties());
            Optional.ofNullable(getUsername()).ifPresent(user -> asked.setProperty("user", user));
            Optional.ofNullable(getPassword()).ifPresent(password -> asked.setProperty("password", password));
            try {
                DriverManager.getConnection(getJdbcUrl(), asked).close();
            } catch (SQLException e) {
                if (isForGood(e)) {
                    throw e;
                }
            }
        }

        /** The user, the password, the database or the host is wrong. */
        private static boolean isForGood(SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            return state.startsWith("28")
                    || Set.of("08004", "3D000").contains(state)
                    || failure.getCause() instanceof UnknownHostException;
        }
    }
}
