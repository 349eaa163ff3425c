package io.camelody.cli;

import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.HeardCall;
import io.camelody.testkit.RestartedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Which songs nodes have claimed, by what stands in the database, and an early end of that. */
final class NodeClaims {

    private static final String NAMED =
            """
            SELECT split_part(claimed_by, '-', 1), song.id
            FROM song LEFT JOIN task ON task.song_id = song.id
            WHERE claimed_by IS NOT NULL
                AND (strpos(?, COALESCE(task.task_id, song.id)) > 0 OR strpos(song.clips, ?) > 0)
            """;

    private static final String PAID_CALLS = "SELECT id FROM song WHERE intended_at IS NOT NULL AND claimed_by LIKE ?";

    private static final String END = "UPDATE song SET claimed_until = 0 WHERE claimed_by LIKE ?";

    /** What a node asked about by itself is anybody's after two minutes. */
    private static final String LAND = "UPDATE song SET due_at = 0 WHERE state = 'submitted' AND claimed_by IS NULL";

    /** A transaction that stood still with its node; the server ends it as well, after ten seconds. */
    private static final String END_STANDING =
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE state = 'idle in transaction' AND clock_timestamp() - state_change > interval '500 ms'
            """;

    /** @param pid of the node that has it */
    record Claimed(long pid, String song) {}

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final RestartedPostgres postgres;

    NodeClaims(RestartedPostgres postgres) {
        this.postgres = postgres;
    }

    /** The songs whose id, task or clip is named in a call. */
    List<Claimed> namedIn(HeardCall call) throws SQLException {
        return list(
                row -> new Claimed(row.getLong(1), row.getString(2)),
                NAMED,
                call.path() + call.query() + call.body(),
                call.path());
    }

    /** The songs that a node makes a paid call for. */
    List<String> paidCalls(long pid) throws SQLException {
        return list(row -> row.getString(1), PAID_CALLS, pid + "-%");
    }

    /** Ends the leases of a node. Tried again where the database is down, or prefers a node that this stands in the way of. */
    void end(long pid) {
        await().atMost(Nodes.LONG).ignoreExceptions().until(() -> {
            try (Connection connection = postgres.connect();
                    PreparedStatement end = connection.prepareStatement(END);
                    Statement statement = connection.createStatement()) {
                statement.execute("SET lock_timeout = '500ms'");
                statement.execute(END_STANDING);
                statement.executeUpdate(LAND);
                end.setString(1, pid + "-%");
                return end.executeUpdate() >= 0;
            }
        });
    }

    private <T> List<T> list(Row<T> reader, String sql, String... parameters) throws SQLException {
        try (Connection connection = postgres.connect();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            List<T> all = new ArrayList<>();
            for (ResultSet row = select.executeQuery(); row.next(); ) {
                all.add(reader.read(row));
            }
            return all;
        }
    }
}
