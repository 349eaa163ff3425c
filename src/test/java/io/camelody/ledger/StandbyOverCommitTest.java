package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SmallPool;
import io.camelody.testkit.Sql;
import io.camelody.testkit.TestSongs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * A node whose connection is lost over a commit comes to a standby that is about to take over, and has not made yet what it was
 * sent of the commit. The standby is the server itself, which says for a while that it is one, and knows no locks of the one before.
 */
final class StandbyOverCommitTest {

    private static final String LOST = "An I/O error occurred while sending to the backend.";

    /** A connection that has asked what became of the commit, or that writes again already. */
    private static final String ASKING =
            """
            SELECT 1 FROM pg_stat_activity WHERE application_name = current_schema() AND pid <> pg_backend_pid()
                AND (query LIKE 'SELECT 1%pg_locks%' OR wait_event_type = 'Lock')
            """;

    private final String url = PostgresServer.schema().replaceFirst("currentSchema=\\w+", "$0,pg_catalog");
    private final AtomicReference<Connection> cut = new AtomicReference<>();
    private CompletableFuture<Void> late;
    private volatile boolean cuts;

    @Test
    void whatAStandbyHasNotMadeYetIsNotTakenForUndone() throws Exception {
        execute(
                """
                CREATE TABLE standby ();
                CREATE FUNCTION pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM standby)';
                CREATE VIEW pg_locks AS SELECT * FROM pg_catalog.pg_locks WHERE NOT pg_is_in_recovery();
                """);
        try (SmallPool pool = new SmallPool(url, 5);
                SongLedger ledger = SongLedger.openForWork(LedgerSource.of(cutting(pool, pool, "getConnection")))) {
            cuts = true;

            List<Receipt> accepted = ledger.accept(List.of(TestSongs.song("s1")), false);

            late.get(10, TimeUnit.SECONDS);
            assertThat(accepted).extracting(Receipt::isNew).containsExactly(true);
        }
    }

    /** The same thing, but that one COMMIT is cut off from who sent it, and comes to its end later. */
    @SuppressWarnings("unchecked")
    private <T> T cutting(Object of, T real, String gives) {
        Class<?> type = real instanceof DataSource
                ? DataSource.class
                : real instanceof Connection ? Connection.class : PreparedStatement.class;
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            boolean isAsked = method.getName().equals(gives);
            if (isAsked && real instanceof PreparedStatement commit && cuts) {
                cuts = false;
                cut.set((Connection) of);
                execute("INSERT INTO standby DEFAULT VALUES");
                late = CompletableFuture.runAsync(() -> commitLate(commit));
                throw new SQLException(LOST, "08006");
            }
            if (cut.get() != null && (real == cut.get() || of == cut.get())) {
                throw new SQLException(LOST, "08006");
            }
            Object given;
            try {
                given = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (isAsked && given instanceof Connection connection) {
                return cutting(real, connection, "prepareStatement");
            }
            return isAsked
                            && given instanceof PreparedStatement statement
                            && ((String) arguments[0]).endsWith("; COMMIT")
                    ? cutting(real, statement, "executeUpdate")
                    : given;
        });
    }

    private void commitLate(PreparedStatement commit) {
        try {
            await().until(() -> Sql.find(url, ASKING).isPresent());
            commit.executeUpdate();
            commit.getConnection().close();
            execute("DELETE FROM standby");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        Sql.execute(url, sql);
    }
}
