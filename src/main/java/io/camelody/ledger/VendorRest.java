package io.camelody.ledger;

import io.camelody.pace.Closing;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Until when a vendor wants no status calls, as it said to one node and all keep to. */
final class VendorRest {

    private static final String FIND = "SELECT rest_at, rest_ms FROM vendor_pace WHERE vendor = ? AND sandbox = ?";

    private static final String KEEP =
            """
            INSERT INTO vendor_pace (vendor, sandbox, rest_at, rest_ms) VALUES (?, ?, ?, ?)
            ON CONFLICT (vendor, sandbox) DO UPDATE SET rest_at = excluded.rest_at, rest_ms = excluded.rest_ms
            """;

    private VendorRest() {}

    static Closing find(Session session, String vendor, boolean sandbox) throws SQLException {
        return session.find(
                        row -> new Closing(Instant.ofEpochMilli(row.getLong(1)), Duration.ofMillis(row.getLong(2))),
                        FIND,
                        vendor,
                        sandbox)
                .orElse(Closing.NONE);
    }

    /** From now on; one that lasts longer stays so. */
    static Closing begin(Session session, String vendor, boolean sandbox, Duration length, Instant now)
            throws SQLException {
        Closing rest = find(session, vendor, sandbox).lasting(now, length);
        session.update(
                KEEP,
                vendor,
                sandbox,
                rest.since().toEpochMilli(),
                rest.length().toMillis());
        return rest;
    }
}
