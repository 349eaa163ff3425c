package io.camelody.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Optional;

/** The program's own connections to PostgreSQL. Apart, so that an estate with a pool of its own needs no HikariCP. */
final class PostgresPool {

    private static final long PATIENCE_MS = 5_000;

    private static final long IDLE_MS = 60_000;

    private PostgresPool() {}

    /**
     * Connections are made when they are needed: it may be opened while the server is not there. One writes, one waits to be
     * woken, and the others are for readers, who keep them for moments, and wait for one for five seconds at most.
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
        // a node that was stopped in the middle must not keep the others waiting
        settings.setConnectionInitSql("SET idle_in_transaction_session_timeout = '10s'");
        // a server that is gone without a word
        settings.addDataSourceProperty("connectTimeout", "5");
        settings.addDataSourceProperty("socketTimeout", "60");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        // the values of a row are somebody's lyrics
        settings.addDataSourceProperty("logServerErrorDetail", "false");
        settings.addDataSourceProperty("ApplicationName", "camelody");
        HikariDataSource pool = new HikariDataSource(settings);
        return new PostgresSource(pool, url, pool::close);
    }
}
