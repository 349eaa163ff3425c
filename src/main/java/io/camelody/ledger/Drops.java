package io.camelody.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that were dropped into an inbox. A file is the same drop until it has been moved out of the inbox, however often the
 * process dies on the way; the same file dropped again later is another one.
 *
 * <p>One node at a time works on a drop: who takes it has it for two minutes, and longer for as long as it renews that. What is
 * noted under a claim that another node has taken over is not noted.
 */
public final class Drops {

    /**
     * @param batch names the drop and is the batch of its songs
     * @param inbox the name of its inbox
     * @param path where it was dropped, as seen from the inbox
     * @param keptAs where it goes, or went, as seen from the inbox, once all of it is accepted; empty before
     * @param standing requests whose songs were there before
     * @param refused requests that were not accepted
     */
    public record Drop(
            String batch,
            String inbox,
            String path,
            Instant takenAt,
            Optional<String> keptAs,
            int standing,
            int refused) {}

    /**
     * The right to work on a drop.
     *
     * @param number one more each time the drop is taken, by whomever
     * @param until when another node may take it
     */
    public record Taken(Drop drop, int number, Instant until) {}

    static final Duration LEASE = Duration.ofMinutes(2);

    /**
     * For so long a node may see a file, in a folder that comes over a network, that another has moved, and may not see one that
     * is there.
     */
    static final Duration STALE = Duration.ofMinutes(2);

    private static final int PARTS = 3;

    private static final String TAKE =
            """
            UPDATE dropped_file SET claim = claim + 1, claimed_by = ?, claimed_until = ?
            WHERE inbox = ? AND path = ? AND sandbox = ? AND moved_at IS NULL AND claimed_until < ?
            RETURNING *
            """;

    private static final String TAKE_KNOWN =
            """
            UPDATE dropped_file SET claim = claim + 1, claimed_by = ?, claimed_until = ?
            WHERE batch = ? AND reported_at IS NULL AND claimed_until < ?
            RETURNING *
            """;

    private static final String BEGIN =
            """
            INSERT INTO dropped_file (batch, inbox, path, sandbox, taken_at, claim, claimed_by, claimed_until)
            VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING RETURNING *
            """;

    private static final String MOVED_ELSEWHERE =
            """
            SELECT 1 FROM dropped_file
            WHERE inbox = ? AND path = ? AND sandbox = ? AND moved_at > ? AND moved_by <> ?
            """;

    private static final String FORGET = "DELETE FROM dropped_file WHERE batch = ?";

    private static final String RENEW = "UPDATE dropped_file SET claimed_until = ? WHERE batch = ? AND claim = ?";

    private static final String READ =
            """
            UPDATE dropped_file SET kept_as = ?, standing = ?, refused = ?
            WHERE batch = ? AND claim = ? AND moved_at IS NULL
            """;

    private static final String MOVED =
            """
            UPDATE dropped_file SET moved_at = ?, moved_by = claimed_by, claimed_until = 0, reported_at = ?
            WHERE batch = ? AND claim = ? AND moved_at IS NULL
            """;

    private static final String LEFT_BEHIND =
            "SELECT * FROM dropped_file WHERE sandbox = ? AND moved_at IS NULL AND claimed_until < ?";

    private static final String ENDED =
            """
            SELECT * FROM dropped_file dropped
            WHERE moved_at IS NOT NULL AND kept_as IS NOT NULL AND reported_at IS NULL AND sandbox = ?
                AND claimed_until < ? AND NOT EXISTS (
                SELECT 1 FROM song
                WHERE batch = dropped.batch AND state IN ('accepted', 'submitted', 'generated', 'in-doubt'))
            """;

    private static final String REPORTED =
            "UPDATE dropped_file SET reported_at = ?, claimed_until = 0 WHERE batch = ? AND claim = ?";

    /** Of those who worked on the ledger before, where there can be one process alone. */
    static final String END_CLAIMS =
            "UPDATE dropped_file SET claimed_until = 0 WHERE reported_at IS NULL AND claimed_until > 0";

    /** Of one node. */
    static final String HAND_BACK =
            "UPDATE dropped_file SET claimed_until = ? WHERE reported_at IS NULL AND claimed_until > ? AND claimed_by = ?";

    private final Database database;
    private final Clock clock;

    Drops(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Takes the drop that a file is: the one that has begun, or a new one.
     *
     * @param path as seen from the inbox
     * @return empty where another node works on it, or has moved a file away from there just now, which may still be seen here
     */
    public Optional<Taken> take(String inbox, String path, boolean sandbox) {
        return claim((session, now, until) -> {
            String node = database.node();
            Optional<Taken> begun = session.find(taken(until), TAKE, node, until, inbox, path, sandbox, now);
            if (begun.isPresent()) {
                return begun;
            }
            String batch = "drop-" + UUID.randomUUID();
            Optional<Taken> made = session.find(taken(until), BEGIN, batch, inbox, path, sandbox, now, node, until);
            // asked after that, which may have waited for the node that noted the move
            if (made.isPresent() && wasMovedElsewhere(session, made.get().drop(), sandbox, now)) {
                session.update(FORGET, batch);
                return Optional.empty();
            }
            return made;
        });
    }

    private boolean wasMovedElsewhere(Session session, Drop drop, boolean sandbox, long now) throws SQLException {
        return session.dialect().isShared()
                && session.find(
                                row -> true,
                                MOVED_ELSEWHERE,
                                drop.inbox(),
                                drop.path(),
                                sandbox,
                                now - STALE.toMillis(),
                                database.node())
                        .isPresent();
    }

    /** Takes one of {@link #leftBehind} or {@link #ended}; empty where another node was first. */
    public Optional<Taken> take(Drop drop) {
        return claim((session, now, until) ->
                session.find(taken(until), TAKE_KNOWN, database.node(), until, drop.batch(), now));
    }

    private interface Claiming {
        Optional<Taken> in(Session session, long now, long until) throws SQLException;
    }

    private Optional<Taken> claim(Claiming claiming) {
        return database.write(session -> {
            long now = clock.millis();
            return claiming.in(session, now, now + LEASE.toMillis());
        });
    }

    private static Session.RowReader<Taken> taken(long until) {
        return row -> new Taken(drop(row), row.getInt("claim"), Instant.ofEpochMilli(until));
    }

    /**
     * Called as often as one likes, it renews a claim of which a third is over.
     *
     * @return empty if it was lost
     */
    public Optional<Taken> keep(Taken taken) {
        Duration left = Duration.between(clock.instant(), taken.until());
        return left.compareTo(LEASE.minus(LEASE.dividedBy(PARTS))) > 0 ? Optional.of(taken) : renew(taken);
    }

    /** Makes a claim last for another two minutes from now on; empty if it was lost. */
    public Optional<Taken> renew(Taken taken) {
        Instant until = clock.instant().plus(LEASE);
        boolean isKept = database.write(session ->
                        session.update(RENEW, until.toEpochMilli(), taken.drop().batch(), taken.number()))
                > 0;
        return isKept ? Optional.of(new Taken(taken.drop(), taken.number(), until)) : Optional.empty();
    }

    /** Gives a drop back that is not done with. */
    public void release(Taken taken) {
        database.write(session ->
                session.update(RENEW, clock.millis() - 1, taken.drop().batch(), taken.number()));
    }

    /** All of it is accepted or refused, and it is about to be moved. @return whether it is so; not if the claim was lost */
    public boolean read(Taken taken, String keptAs, int standing, int refused) {
        return database.write(session -> session.update(
                        READ, keptAs, standing, refused, taken.drop().batch(), taken.number()))
                > 0;
    }

    /**
     * It is out of the inbox: another file under its name is another drop. Ends the claim.
     *
     * @param isToReport whether somebody is to be told when its songs have ended
     * @return whether it is so; not if the claim was lost
     */
    public boolean moved(Taken taken, boolean isToReport) {
        return database.write(session -> {
                    long now = clock.millis();
                    Optional<Long> reportedAt = isToReport ? Optional.empty() : Optional.of(now);
                    return session.update(MOVED, now, reportedAt, taken.drop().batch(), taken.number());
                })
                > 0;
    }

    /** Drops that have begun, on which nobody works, and which are not known to be out of the inbox. */
    public List<Drop> leftBehind(boolean sandbox) {
        Duration since = database.dialect().isShared() ? STALE : Duration.ZERO;
        return database.read(session -> session.list(
                Drops::drop, LEFT_BEHIND, sandbox, clock.instant().minus(since).toEpochMilli()));
    }

    /** Drops out of the inbox whose songs have all ended, and of which nobody has been told; none that somebody took away. */
    public List<Drop> ended(boolean sandbox) {
        return database.read(session -> session.list(Drops::drop, ENDED, sandbox, clock.millis()));
    }

    /** Its report is written. */
    public void reported(Taken taken) {
        database.write(
                session -> session.update(REPORTED, clock.millis(), taken.drop().batch(), taken.number()));
    }

    private static Drop drop(ResultSet row) throws SQLException {
        return new Drop(
                row.getString("batch"),
                row.getString("inbox"),
                row.getString("path"),
                Instant.ofEpochMilli(row.getLong("taken_at")),
                Optional.ofNullable(row.getString("kept_as")),
                row.getInt("standing"),
                row.getInt("refused"));
    }
}
