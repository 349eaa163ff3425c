package io.camelody.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server for all tests of this JVM, started when the first asks for it: one of its own, or the one that {@code
 * -Dledger.url=} names, with the user in it.
 */
public final class PostgresServer {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static String url;

    private PostgresServer() {}

    /** The URL of an empty schema that nobody has used before. */
    public static synchronized String schema() {
        if (url == null) {
            url = System.getProperty("ledger.url") == null ? start() : System.getProperty("ledger.url");
        }
        String name = "camelody_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + name;
    }

    /** It ends with this JVM. */
    private static String start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
