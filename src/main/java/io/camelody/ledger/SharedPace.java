package io.camelody.ledger;

import io.camelody.ledger.SongLedger.Scope;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Paid calls a second, and tasks under way, of all nodes together. Whoever claims songs to submit them takes their calls out of one
 * bucket for the vendor, which fills with one second's worth, in the transaction of the claim.
 */
final class SharedPace {

    private static final String BUCKET = "SELECT tokens, filled_at FROM vendor_pace WHERE vendor = ? AND sandbox = ?";

    private static final String KEEP =
            """
            INSERT INTO vendor_pace (vendor, sandbox, tokens, filled_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (vendor, sandbox) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at
            """;

    private static final String UNDER_WAY =
            """
            SELECT
                (SELECT COUNT(*) FROM song
                WHERE state = 'submitted' AND step_vendor = ? AND sandbox = ? AND timeout_at > ?)
                + (SELECT COUNT(*) FROM song
                WHERE intended_at IS NOT NULL AND step_vendor = ? AND sandbox = ? AND claimed_by NOT LIKE ?)
            """;

    /** For what nobody says when it ends: the answer to another node's call. */
    private static final long LOOK_AGAIN_MS = 200;

    private final Session session;
    private final Claims.Together limit;
    private final long now;
    private double tokens;

    /** Keeps other nodes from claiming songs of this vendor until the transaction ends. */
    SharedPace(Session session, Claims.Together limit, long now) throws SQLException {
        this.session = session;
        this.limit = limit;
        this.now = now;
        session.lock("pace." + limit.vendor());
    }

    /** How many calls may leave now. */
    int room(Scope scope, String node) throws SQLException {
        double full = Math.max(1, limit.aSecond());
        tokens = session.find(
                        row -> Math.min(
                                full, row.getDouble(1) + Math.max(0, now - row.getLong(2)) / 1e3 * limit.aSecond()),
                        BUCKET,
                        limit.vendor(),
                        scope.sandbox())
                .orElse(full);
        int running = session.find(
                        row -> row.getInt(1),
                        UNDER_WAY,
                        limit.vendor(),
                        scope.sandbox(),
                        now,
                        limit.vendor(),
                        scope.sandbox(),
                        node + ":%")
                .orElseThrow();
        return Math.min((int) tokens, limit.running() - running - limit.own());
    }

    /** @return when more may leave at the earliest */
    Instant left(Scope scope, int calls) throws SQLException {
        tokens -= calls;
        session.update(KEEP, limit.vendor(), scope.sandbox(), tokens, now);
        long wait = tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / limit.aSecond() * 1e3);
        return Instant.ofEpochMilli(now + (calls == 0 ? Math.max(wait, LOOK_AGAIN_MS) : wait));
    }
}
