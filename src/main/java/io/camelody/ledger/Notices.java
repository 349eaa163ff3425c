package io.camelody.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** A worker that has taken a notice to send it has this long. */
    private static final Duration TAKEN_FOR = Duration.ofMinutes(5);

    /** @param isSafe whether this worker has it, and still will for a while */
    private record Due(Notice notice, long dueAt, boolean isSafe) {}

    /** It steps through the index from one receiver to the next. */
    private static final String RECEIVERS =
            """
            WITH RECURSIVE told (receiver) AS (
                SELECT MIN(receiver) FROM notice WHERE state = 'due' AND sandbox = ?
                UNION ALL
                SELECT (SELECT MIN(receiver) FROM notice
                    WHERE state = 'due' AND sandbox = ? AND receiver > told.receiver)
                FROM told WHERE told.receiver IS NOT NULL)
            SELECT receiver FROM told WHERE receiver IS NOT NULL
            """;

    private static final String OF_RECEIVER =
            """
            SELECT * FROM notice
            WHERE state = 'due' AND sandbox = ? AND receiver = ? AND due_at {when} ?
                AND (taken_until < ? OR taken_by = ?)
                AND (CAST(? AS TEXT) IS NULL OR song_id IN (SELECT id FROM song WHERE batch = ?))
            ORDER BY due_at, number LIMIT ?
            """;

    private static final String DUE = OF_RECEIVER.replace("{when}", "<=");

    private static final String TOO_LATE = OF_RECEIVER.replace("{when}", ">");

    private static final String TAKE =
            """
            UPDATE notice SET taken_by = ?, taken_until = ?
            WHERE number = ? AND state = 'due' AND (taken_until < ? OR taken_by = ?)
            """;

    private static final String COUNT_DUE =
            """
            SELECT COUNT(*) FROM notice
            WHERE state = 'due' AND sandbox = ? AND attempt < ?
                AND (CAST(? AS TEXT) IS NULL OR song_id IN (SELECT id FROM song WHERE batch = ?))
            """;

    private static final String END = "UPDATE notice SET state = ?, message = ? WHERE number = ? AND state = 'due'";

    private static final String LATER =
            "UPDATE notice SET attempt = attempt + 1, due_at = ?, message = ?, taken_until = 0 WHERE number = ? AND state = 'due'";

    private final Database database;
    private final Clock clock;

    Notices(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Those that are due, the ones that were never tried first. Where several nodes work on the ledger, they are this one's for
     * five minutes from when it asked last, and no other node is given them.
     *
     * @param ofOneReceiver at most so many for the same receiver, so that one with thousands does not hold the others up
     */
    public List<Notice> due(SongLedger.Scope scope, int ofOneReceiver, int max) {
        Instant now = clock.instant();
        List<Due> found = database.read(session -> {
            List<Due> all = new ArrayList<>();
            for (String receiver : session.list(row -> row.getString(1), RECEIVERS, scope.sandbox(), scope.sandbox())) {
                all.addAll(ofReceiver(session, receiver, scope, now, ofOneReceiver));
            }
            return all;
        });
        List<Due> first = found.stream()
                .sorted(Comparator.comparingLong(Due::dueAt)
                        .thenComparingLong(due -> due.notice().number()))
                .limit(max)
                .toList();
        boolean isOurs = !database.dialect().isShared() || first.stream().allMatch(Due::isSafe);
        return (isOurs ? first : take(first, now)).stream().map(Due::notice).toList();
    }

    private List<Due> ofReceiver(Session session, String receiver, SongLedger.Scope scope, Instant now, int max)
            throws SQLException {
        List<Due> all = new ArrayList<>();
        long safe = now.plus(TAKEN_FOR.dividedBy(2)).toEpochMilli();
        for (String sql : List.of(DUE, TOO_LATE)) {
            Instant bound = sql.equals(DUE) ? now : now.plus(LONGEST_WAIT);
            all.addAll(session.list(
                    row -> new Due(notice(row), row.getLong("due_at"), row.getLong("taken_until") > safe),
                    sql,
                    scope.sandbox(),
                    receiver,
                    bound.toEpochMilli(),
                    now.toEpochMilli(),
                    database.node(),
                    scope.batch(),
                    scope.batch(),
                    max - all.size()));
        }
        return all;
    }

    /** Those that no other node has taken since they were seen. */
    private List<Due> take(List<Due> seen, Instant now) {
        long until = now.plus(TAKEN_FOR).toEpochMilli();
        return database.write(session -> {
            List<Due> taken = new ArrayList<>();
            for (Due each : seen) {
                if (each.isSafe()
                        || session.update(
                                        TAKE,
                                        database.node(),
                                        until,
                                        each.notice().number(),
                                        now.toEpochMilli(),
                                        database.node())
                                > 0) {
                    taken.add(each);
                }
            }
            return taken;
        });
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
