package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.RestartedPostgres;
import io.camelody.testkit.TestSongs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that loses a process recovers without having been started anew, and numbers transactions once more that it forgot. */
final class PostgresCrashTest {

    @TempDir
    private Path folder;

    @Test
    void changeWhoseNumberWasGivenToAnotherAfterACrashIsMadeOnceMore() throws Exception {
        try (RestartedPostgres server = RestartedPostgres.start(folder)) {
            PGSimpleDataSource real = new PGSimpleDataSource();
            real.setUrl(server.url());
            AtomicBoolean crashes = new AtomicBoolean();
            try (SongLedger ledger = SongLedger.openForWork(
                    LedgerSource.of(before(real, DataSource.class, crashes, server)), Clock.systemUTC())) {
                crashes.set(true);

                List<Receipt> accepted = ledger.accept(List.of(song()), false);

                assertThat(crashes).isFalse();
                assertThat(accepted).extracting(Receipt::isNew).containsExactly(true);
                assertThat(ledger.catalog().find("s1")).isPresent();
            }
        }
    }

    /** The same thing, but that the server crashes before one COMMIT, and another transaction gets its number. */
    @SuppressWarnings("unchecked")
    private static <T> T before(T real, Class<T> type, AtomicBoolean crashes, RestartedPostgres server) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals("executeUpdate") && crashes.getAndSet(false)) {
                String number = number(((Statement) real).getConnection());
                server.killConnection();
                await().ignoreExceptions().until(() -> isCommittedAnew(server, number));
            }
            Object given;
            try {
                given = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            return switch (method.getName()) {
                case "getConnection" -> before((Connection) given, Connection.class, crashes, server);
                case "prepareStatement" ->
                    ((String) arguments[0]).endsWith("; COMMIT")
                            ? before((PreparedStatement) given, PreparedStatement.class, crashes, server)
                            : given;
                default -> given;
            };
        });
    }

    private static boolean isCommittedAnew(RestartedPostgres server, String number) throws SQLException {
        try (Connection other = server.connect()) {
            other.setAutoCommit(false);
            String theirs = number(other);
            other.commit();
            return theirs.equals(number);
        }
    }

    private static String number(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static NewSong song() {
        ObjectNode request = Json.object().put("id", "s1").put("prompt", "a tango");
        return TestSongs.song("s1", request);
    }
}
