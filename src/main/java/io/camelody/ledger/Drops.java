package io.camelody.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that were dropped into an inbox. A file is the same drop until it has been moved out of the inbox, however often the
 * process dies on the way; the same file dropped again later is another one.
 */
public final class Drops {

    /**
     * @param batch names the drop and is the batch of its songs
     * @param path where it was dropped
     * @param keptAs where it goes, or went, once all of it is accepted; empty before
     * @param standing requests whose songs were there before
     * @param refused requests that were not accepted
     */
    public record Drop(
            String batch, String path, Instant takenAt, Optional<String> keptAs, int standing, int refused) {}

    private static final String OPEN = "SELECT * FROM dropped_file WHERE path = ? AND sandbox = ? AND moved_at IS NULL";

    private static final String ALL_OPEN = "SELECT * FROM dropped_file WHERE sandbox = ? AND moved_at IS NULL";

    private static final String TAKE =
            "INSERT INTO dropped_file (batch, path, sandbox, taken_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String READ =
            "UPDATE dropped_file SET kept_as = ?, standing = ?, refused = ? WHERE batch = ? AND moved_at IS NULL";

    private static final String MOVED = "UPDATE dropped_file SET moved_at = ? WHERE batch = ? AND moved_at IS NULL";

    private static final String ENDED =
            """
            SELECT * FROM dropped_file dropped
            WHERE moved_at IS NOT NULL AND kept_as IS NOT NULL AND reported_at IS NULL AND sandbox = ? AND NOT EXISTS (
                SELECT 1 FROM song
                WHERE batch = dropped.batch AND state IN ('accepted', 'submitted', 'generated', 'in-doubt'))
            """;

    private static final String REPORTED = "UPDATE dropped_file SET reported_at = ? WHERE batch = ?";

    private final Database database;
    private final Clock clock;

    Drops(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The drop that a file is: the one that has begun, or a new one. */
    public Drop take(String path, boolean sandbox) {
        return database.write(session -> {
            Optional<Drop> begun = session.find(Drops::drop, OPEN, path, sandbox);
            while (begun.isEmpty()) {
                // another node may find the file at this moment
                session.update(TAKE, "drop-" + UUID.randomUUID(), path, sandbox, clock.millis());
                begun = session.find(Drops::drop, OPEN, path, sandbox);
            }
            return begun.get();
        });
    }

    /** All of it is accepted or refused, and it is about to be moved. */
    public void read(Drop drop, String keptAs, int standing, int refused) {
        database.write(session -> session.update(READ, keptAs, standing, refused, drop.batch()));
    }

    /** It is out of the inbox: another file under its name is another drop. */
    public void moved(Drop drop) {
        database.write(session -> session.update(MOVED, clock.millis(), drop.batch()));
    }

    /** Drops that have begun and are not known to be out of the inbox. */
    public List<Drop> begun(boolean sandbox) {
        return database.read(session -> session.list(Drops::drop, ALL_OPEN, sandbox));
    }

    /** Drops out of the inbox whose songs have all ended, and of which nobody has been told; none that somebody took away. */
    public List<Drop> ended(boolean sandbox) {
        return database.read(session -> session.list(Drops::drop, ENDED, sandbox));
    }

    /** Its report is written. */
    public void reported(Drop drop) {
        database.write(session -> session.update(REPORTED, clock.millis(), drop.batch()));
    }

    private static Drop drop(ResultSet row) throws SQLException {
        return new Drop(
                row.getString("batch"),
                row.getString("path"),
                Instant.ofEpochMilli(row.getLong("taken_at")),
                Optional.ofNullable(row.getString("kept_as")),
                row.getInt("standing"),
                row.getInt("refused"));
    }
}
