package io.camelody.ledger;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Vendors that are sent no paid calls for now: their credits are used up, or they refused the key. It holds for all songs
 * and over restarts, until its time is over or a person lifts it.
 */
public final class VendorPauses {

    /** @param cause {@code credits}, {@code auth} or {@code budget} */
    public record Pause(String vendor, String cause, String message, Instant until) {}

    private static final String PAUSE =
            """
            INSERT INTO vendor_pause (vendor, sandbox, cause, message, paused_until) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (vendor, sandbox) DO UPDATE
            SET cause = excluded.cause, message = excluded.message, paused_until = excluded.paused_until
            """;

    private static final String STANDING =
            "SELECT vendor, cause, message, paused_until FROM vendor_pause WHERE sandbox = ? AND paused_until > ? ORDER BY vendor";

    private static final String LIFT = "DELETE FROM vendor_pause WHERE vendor = ? AND sandbox = ?";

    private final Database database;
    private final Clock clock;

    VendorPauses(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    public void pause(Pause pause, boolean sandbox) {
        database.write(session -> session.update(
                PAUSE,
                pause.vendor(),
                sandbox,
                pause.cause(),
                pause.message(),
                pause.until().toEpochMilli()));
    }

    /** @return whether the vendor was paused */
    public boolean lift(String vendor, boolean sandbox) {
        return database.write(session -> session.update(LIFT, vendor, sandbox)) > 0;
    }

    /** The pauses in force. */
    public List<Pause> standing(boolean sandbox) {
        return database.read(session -> session.list(
                row -> new Pause(
                        row.getString(1), row.getString(2), row.getString(3), Instant.ofEpochMilli(row.getLong(4))),
                STANDING,
                sandbox,
                clock.millis()));
    }

    public Optional<Pause> of(String vendor, boolean sandbox) {
        return standing(sandbox).stream()
                .filter(pause -> pause.vendor().equals(vendor))
                .findFirst();
    }
}
