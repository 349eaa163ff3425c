package io.camelody.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the receivers of webhooks are to be told of songs that are not delivered: each notice at least once, until its receiver
 * has it, or will never have it, or the song has gone on and it is no longer so.
 *
 * <p>The ledger itself writes a notice, in the transaction of what it is about.
 */
public final class Notices {

    /**
     * @param type {@code song.failed}, {@code song.in-doubt} or {@code song.streaming}
     * @param attempt tries that failed
     */
    public record Notice(long number, String songId, String type, Instant happenedAt, int attempt) {

        /** Whether it still says what is. The next notice, or the delivery, says what came of it. */
        public boolean isSo(Song song) {
            return song.state()
                    == switch (type) {
                        case "song.failed" -> SongState.FAILED;
                        case "song.in-doubt" -> SongState.IN_DOUBT;
                        default -> SongState.SUBMITTED;
                    };
        }
    }

    /** A receiver waits no longer. What seems to was noted by a clock that was ahead. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(30);

    /**
     * The first few of each receiver, so that one with thousands does not hold the others up. It steps through the index from one
     * receiver to the next, and reads no more of each than it gives.
     */
    private static final String DUE =
            """
            WITH RECURSIVE told (receiver) AS (
                SELECT MIN(receiver) FROM notice WHERE state = 'due' AND sandbox = ?1
                UNION ALL
                SELECT (SELECT MIN(receiver) FROM notice
                    WHERE state = 'due' AND sandbox = ?1 AND receiver > told.receiver)
                FROM told WHERE told.receiver IS NOT NULL)
            SELECT notice.* FROM told CROSS JOIN notice
            WHERE notice.number IN (
                SELECT number FROM (
                    SELECT number, due_at FROM notice
                    WHERE state = 'due' AND sandbox = ?1 AND receiver = told.receiver AND due_at <= ?2
                        AND (?4 IS NULL OR song_id IN (SELECT id FROM song WHERE batch = ?4))
                    UNION ALL
                    SELECT number, due_at FROM notice
                    WHERE state = 'due' AND sandbox = ?1 AND receiver = told.receiver AND due_at > ?3
                        AND (?4 IS NULL OR song_id IN (SELECT id FROM song WHERE batch = ?4))
                    ORDER BY due_at, number LIMIT ?5))
            ORDER BY due_at, number LIMIT ?6
            """;

    private static final String COUNT_DUE =
            """
            SELECT COUNT(*) FROM notice
            WHERE state = 'due' AND sandbox = ? AND attempt < ?
                AND (? IS NULL OR song_id IN (SELECT id FROM song WHERE batch = ?))
            """;

    private static final String END = "UPDATE notice SET state = ?, message = ? WHERE number = ? AND state = 'due'";

    private static final String LATER =
            "UPDATE notice SET attempt = attempt + 1, due_at = ?, message = ? WHERE number = ? AND state = 'due'";

    private final Database database;
    private final Clock clock;

    Notices(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Those that are due, the ones that were never tried first.
     *
     * @param ofOneReceiver at most so many for the same receiver
     */
    public List<Notice> due(SongLedger.Scope scope, int ofOneReceiver, int max) {
        Instant now = clock.instant();
        return database.read(session -> session.list(
                Notices::notice,
                DUE,
                scope.sandbox(),
                now.toEpochMilli(),
                now.plus(LONGEST_WAIT).toEpochMilli(),
                scope.batch(),
                ofOneReceiver,
                max));
    }

    /** How many are not ended, whenever they are due. */
    public int countDue(SongLedger.Scope scope) {
        return count(scope, Integer.MAX_VALUE);
    }

    /** How many of them nobody has tried yet. */
    public int countUntried(SongLedger.Scope scope) {
        return count(scope, 1);
    }

    private int count(SongLedger.Scope scope, int attemptsBelow) {
        return database.read(session -> session.find(
                        row -> row.getInt(1), COUNT_DUE, scope.sandbox(), attemptsBelow, scope.batch(), scope.batch())
                .orElseThrow());
    }

    /** Its receiver has it. */
    public void sent(Notice notice) {
        end(notice, "sent", null);
    }

    /** The song has gone on. */
    public void outdated(Notice notice) {
        end(notice, "outdated", null);
    }

    /** Its receiver will never have it. */
    public void gaveUp(Notice notice, String why) {
        end(notice, "given-up", why);
    }

    private void end(Notice notice, String state, String why) {
        database.write(session -> session.update(END, state, why, notice.number()));
    }

    /** A try failed, and there is another one. */
    public void later(Notice notice, Instant due, String why) {
        database.write(session -> session.update(LATER, due.toEpochMilli(), why, notice.number()));
    }

    private static Notice notice(ResultSet row) throws SQLException {
        return new Notice(
                row.getLong("number"),
                row.getString("song_id"),
                row.getString("type"),
                Instant.ofEpochMilli(row.getLong("happened_at")),
                row.getInt("attempt"));
    }
}
