package io.camelody.ledger;

import io.camelody.ledger.Budget.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** One more paid call would go beyond a budget. Nothing was changed; the song waits until the budget allows it. */
public final class BudgetReachedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Instant> until;

    BudgetReachedException(Limit limit, long spent, long price, Instant now) {
        super("The budget is reached: %s = %s, spent %s, the next task costs %s. %s"
                .formatted(
                        limit.setting(),
                        dollars(limit.micros()),
                        dollars(spent),
                        dollars(price),
                        limit.daily()
                                ? "It goes on tomorrow (UTC), or with a higher one."
                                : "It goes on with a higher one."));
        this.until = limit.daily()
                ? Optional.of(now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)))
                : Optional.empty();
    }

    private static String dollars(long micros) {
        return "$" + SongDocument.dollars(micros).toPlainString();
    }

    /** When the budget begins anew; empty if it does not by itself. */
    public Optional<Instant> until() {
        return until;
    }
}
