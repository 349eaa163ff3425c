package io.camelody.ledger;

import java.sql.SQLException;

/** What a ledger throws whose database went away while it committed; for tests of those who hear of it. */
public final class LostOutcome {

    private LostOutcome() {}

    public static UnknownOutcomeException exception() {
        return new UnknownOutcomeException(new SQLException("gone", "08006"), "jdbc:postgresql://localhost/songs");
    }
}
