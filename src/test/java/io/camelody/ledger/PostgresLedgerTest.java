package io.camelody.ledger;

import io.camelody.testkit.PostgresServer;

/** The ledger in PostgreSQL, and what only several nodes can go through. */
final class PostgresLedgerTest extends SongLedgerContract {

    private final String url = PostgresServer.schema();

    @Override
    String url() {
        return url;
    }
}
