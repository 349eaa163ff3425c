package io.camelody.ledger;

import io.camelody.testkit.PostgresServer;
import java.time.Duration;
import java.time.Instant;

/** The ledger in PostgreSQL, and what only several nodes can go through. */
final class PostgresLedgerTest extends SongLedgerContract {

    private final String url = PostgresServer.schema();

    @Override
    String url() {
        return url;
    }

    /** Nobody knows that it is dead: its claims run out. */
    @Override
    Instant afterADeath() {
        return Instant.now().plus(Duration.ofMinutes(4));
    }
}
