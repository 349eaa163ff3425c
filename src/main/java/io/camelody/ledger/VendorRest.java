package io.camelody.ledger;

import io.camelody.pace.Closing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Until when a vendor wants no status calls, as it said to one node and all keep to. */
final class VendorRest {

    private static final String FIND = "SELECT rest_at, rest_ms FROM vendor_pace WHERE vendor = ? AND sandbox = ?";

    private static final String ALL =
            "SELECT vendor, rest_at, rest_ms FROM vendor_pace WHERE sandbox = ? AND rest_ms > 0";

    private static final String KEEP =
            """
            INSERT INTO vendor_pace (vendor, sandbox, rest_at, rest_ms) VALUES (?, ?, ?, ?)
            ON CONFLICT (vendor, sandbox) DO UPDATE SET rest_at = excluded.rest_at, rest_ms = excluded.rest_ms
            """;

    private VendorRest() {}

    static Closing find(Session session, String vendor, boolean sandbox) throws SQLException {
        return session.find(row -> closing(row, 1), FIND, vendor, sandbox).orElse(Closing.NONE);
    }

    private static Closing closing(ResultSet row, int column) throws SQLException {
        return new Closing(Instant.ofEpochMilli(row.getLong(column)), Duration.ofMillis(row.getLong(column + 1)));
    }

    /** Until when each vendor rests that does so now. */
    static Map<String, Instant> standing(Session session, boolean sandbox, Instant now) throws SQLException {
        Map<String, Instant> standing = new HashMap<>();
        session.list(row -> standing.put(row.getString(1), closing(row, 2).end(now)), ALL, sandbox);
        standing.values().removeIf(until -> !until.isAfter(now));
        return standing;
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
