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
 * A PostgreSQL server for all tests of this JVM, started when the first asks for it: one of its own, or any other.
 *
 * <p>{@code ./mvnw verify '-Dledger.url=jdbc:postgresql://HOST:5432/songs?user=camelody&password=…'} has the tests of the ledger run
 * on that one. The user needs {@code CREATE} on the database and nothing more: each test makes a schema of its own, and all of them
 * are dropped as the JVM ends. What the URL has in it is written as in URLs, so {@code %26} for an ampersand in the password.
 */
public final class PostgresServer {

    private static final String OTHER = System.getProperty("ledger.url", "");

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static String url;

    private PostgresServer() {}

    /** The URL of an empty schema that nobody has used before; connections made by it have its name, too. */
    public static synchronized String schema() {
        if (url == null) {
            url = OTHER.isEmpty() ? start() : OTHER;
        }
        String name = "camelody_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
        execute("CREATE SCHEMA " + name);
        if (!OTHER.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> execute("DROP SCHEMA " + name + " CASCADE")));
        }
        return "%s%scurrentSchema=%s&ApplicationName=%s".formatted(url, url.contains("?") ? "&" : "?", name, name);
    }

    private static void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
