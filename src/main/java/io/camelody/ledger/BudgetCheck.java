package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Holds a paid call that is about to be intended against the budget, within the transaction of its intent, which has the
 * {@link #LOCK}.
 */
final class BudgetCheck {

    static final String LOCK = "budget";

    /** A call under way and one in doubt count: they may have to be paid. */
    private static final String SPENT =
            """
            SELECT COALESCE(SUM(price), 0) FROM task
            WHERE sandbox = (SELECT sandbox FROM song WHERE id = ?) AND intended_at >= ? AND (CAST(? AS TEXT) IS NULL OR vendor = ?)
                AND outcome <> 'not-made'
            """;

    private static final String STEP_VENDOR = "SELECT step_vendor FROM song WHERE id = ?";

    private final Session session;
    private final Instant moment;

    BudgetCheck(Session session, long now) {
        this.session = session;
        this.moment = Instant.ofEpochMilli(now);
    }

    /** @throws BudgetReachedException if the call would go beyond a limit */
    void demandWithin(Budget limits, String songId, long price) throws SQLException {
        if (limits.limits().isEmpty()) {
            return;
        }
        Optional<String> asked = session.find(row -> row.getString(1), STEP_VENDOR, songId);
        for (Budget.Limit limit : limits.limits()) {
            if (limit.vendor().isEmpty() || limit.vendor().equals(asked)) {
                long spent = session.find(
                                row -> row.getLong(1),
                                SPENT,
                                songId,
                                limit.from(moment).toEpochMilli(),
                                limit.vendor(),
                                limit.vendor())
                        .orElse(0L);
                if (spent + price > limit.micros()) {
                    throw new BudgetReachedException(limit, spent, price, moment);
                }
            }
        }
    }
}
