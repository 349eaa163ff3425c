package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.testkit.RestartedPostgres;
import io.camelody.testkit.SmallPool;
import io.camelody.testkit.TestSongs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server crashes and comes back while a node waits for the answer to a commit. */
final class RestartOverCommitTest {

    private enum Crash {
        BEFORE,
        BEHIND,
        /** The same, and the server stays away. */
        BEHIND_FOR_LONG,
        /** No crash: the connection is lost while the server is at it. */
        MEANWHILE
    }

    @TempDir
    private Path folder;

    private final AtomicReference<Crash> next = new AtomicReference<>();

    @Test
    void whatWasCommittedIsKnownAndWhatWasNotIsWrittenAgain() throws Exception {
        try (RestartedPostgres server = RestartedPostgres.start(folder.resolve("postgres"));
                SongLedger ledger = open(server)) {
            next.set(Crash.BEHIND);
            assertThat(accept(ledger, "s1")).isTrue();

            next.set(Crash.BEFORE);
            assertThat(accept(ledger, "s2")).isTrue();

            assertThat(next).hasNullValue();
            assertThat(List.of("s1", "s2"))
                    .allSatisfy(id -> assertThat(ledger.happenings().of(id)).hasSize(1));
        }
    }

    /** It waits for the number of its event, and nobody tells it that its client is gone. */
    @Test
    void whatIsStillBeingCommittedIsWaitedFor() throws Exception {
        try (RestartedPostgres server = RestartedPostgres.start(folder.resolve("postgres"));
                SongLedger ledger = open(server);
                Connection slow = server.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.camelody.event', 0))");
            next.set(Crash.MEANWHILE);
            CompletableFuture<Boolean> accepted = CompletableFuture.supplyAsync(() -> accept(ledger, "s1"));
            awaitOne(server, "query LIKE '%pg_is_in_recovery%'");
            slow.rollback();

            assertThat(accepted.get()).isTrue();
            assertThat(ledger.happenings().of("s1")).hasSize(1);
        }
    }

    @Test
    void whatNobodyCanBeAskedAboutIsNotCalledUnchanged() throws Exception {
        try (RestartedPostgres server = RestartedPostgres.start(folder.resolve("postgres"));
                SongLedger ledger = open(server)) {
            next.set(Crash.BEHIND_FOR_LONG);

            assertThatThrownBy(() -> accept(ledger, "s1")).isInstanceOf(UnknownOutcomeException.class);

            server.restart();
            await().ignoreExceptions().until(() -> ledger.catalog().find("s1").isPresent());
        }
    }

    private SongLedger open(RestartedPostgres server) {
        return SongLedger.openForWork(
                LedgerSource.of(crashing(server, new SmallPool(server.url(), 5), "getConnection")));
    }

    private static boolean accept(SongLedger ledger, String id) {
        NewSong song = TestSongs.toldOf(id);
        return ledger.accept(List.of(song), false).get(0).isNew();
    }

    private static void lose(RestartedPostgres server, PreparedStatement commit) throws Exception {
        CompletableFuture.runAsync(() -> {
            try {
                commit.executeUpdate();
            } catch (SQLException e) {
                // that is what is wanted
            }
        });
        awaitOne(server, "wait_event_type = 'Lock'");
        commit.getConnection().abort(Runnable::run);
        throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
    }

    /** Until a connection is seen at that. */
    private static void awaitOne(RestartedPostgres server, String what) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            await().until(() -> {
                try (ResultSet seen = statement.executeQuery(
                        "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + what)) {
                    return seen.next();
                }
            });
        }
    }

    /** The same thing, but that the server crashes over a COMMIT that is made with what it gives, where that is asked for. */
    @SuppressWarnings("unchecked")
    private <T> T crashing(RestartedPostgres server, T real, String gives) {
        Class<?> type = real instanceof DataSource
                ? DataSource.class
                : real instanceof Connection ? Connection.class : PreparedStatement.class;
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            boolean isCommit =
                    real instanceof PreparedStatement && method.getName().equals(gives);
            Crash crash = isCommit ? next.getAndSet(null) : null;
            if (crash == Crash.BEFORE) {
                server.crash();
            }
            if (crash == Crash.MEANWHILE) {
                lose(server, (PreparedStatement) real);
            }
            Object given;
            try {
                given = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (crash == Crash.BEHIND || crash == Crash.BEHIND_FOR_LONG) {
                server.crash();
                if (crash == Crash.BEHIND_FOR_LONG) {
                    server.stop();
                }
                throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
            }
            if (method.getName().equals(gives) && given instanceof Connection connection) {
                return crashing(server, connection, "prepareStatement");
            }
            if (method.getName().equals(gives)
                    && given instanceof PreparedStatement statement
                    && ((String) arguments[0]).endsWith("COMMIT")) {
                return crashing(server, statement, "executeUpdate");
            }
            return given;
        });
    }
}
