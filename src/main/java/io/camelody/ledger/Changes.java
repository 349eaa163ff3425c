package io.camelody.ledger;

import io.camelody.ledger.Change.TaskReport;
import io.camelody.request.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes {@link Change}s in the tables, each conditional on its claim. */
final class Changes {

    private static final String UNDER_CLAIM = " WHERE id = ? AND claimed_by = ? AND claimed_until = ?";

    private static final String INTEND_SONG =
            "UPDATE song SET intended_at = ?" + UNDER_CLAIM + " AND state = 'accepted' AND intended_at IS NULL";

    private static final String INTEND_TASK =
            """
            INSERT INTO task (song_id, number, step, vendor, outcome, price, intended_at, callback, sandbox)
            SELECT id, ?, step, step_vendor, 'intended', ?, ?, ?, sandbox FROM song WHERE id = ?
            """;

    /** A task that the vendor has called back about already is asked about at once. */
    private static final String SUBMIT_SONG =
            """
            UPDATE song
            SET state = 'submitted', state_at = ?, intended_at = NULL, submitted_at = ?,
                due_at = CASE WHEN EXISTS (
                    SELECT 1 FROM task
                    WHERE song_id = song.id AND outcome IN ('intended', 'unknown') AND called_back_at IS NOT NULL)
                    THEN ? ELSE ? END,
                timeout_at = ?, polled_at = NULL,
                settling_at = NULL, attempt = 0, message = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String NAME_TASK =
            "UPDATE task SET outcome = 'made', task_id = ?, answer = NULL, superseded = 0 WHERE song_id = ? AND number = ?";

    /** A call under way and one in doubt count: they may have to be paid. */
    private static final String SPENT =
            """
            SELECT COALESCE(SUM(price), 0) FROM task
            WHERE sandbox = (SELECT sandbox FROM song WHERE id = ?) AND intended_at >= ? AND (? IS NULL OR vendor = ?)
                AND outcome <> 'not-made'
            """;

    private static final String STEP_VENDOR = "SELECT step_vendor FROM song WHERE id = ?";

    /** Beside the task of the same call that was named first, and free: one call is paid for once. */
    static final String ADD_TASK =
            """
            INSERT INTO task (song_id, number, step, vendor, outcome, task_id, price, superseded, intended_at, sandbox)
            SELECT song_id, (SELECT MAX(number) + 1 FROM task WHERE song_id = named.song_id), step, vendor, 'made', ?, 0,
                superseded, intended_at, sandbox
            FROM task named WHERE song_id = ? AND task_id = ?
            """;

    /**
     * A paid call's own answer ends the doubt about it, however late it comes: also where the call was to be made once
     * more, as long as that has not begun.
     */
    private static final String DOUBT_IS_ABOUT =
            """
             WHERE id = ? AND (state = 'in-doubt' OR state = 'accepted' AND intended_at IS NULL)
                AND EXISTS (
                    SELECT 1 FROM task
                    WHERE song_id = song.id AND number = ? AND outcome = 'unknown' AND task.step = song.step)
            """;

    /** The song went another way while nobody knew of the task; it is paid for all the same. */
    private static final String NAME_LATE =
            "UPDATE task SET outcome = 'made', task_id = ?, answer = NULL WHERE song_id = ? AND number = ? AND outcome = 'unknown'";

    private static final String ACCEPT_AGAIN =
            """
            UPDATE song
            SET intended_at = NULL, due_at = ?, attempt = attempt + 1, message = ?, claimed_by = NULL, claimed_until = NULL
            """;

    /** Words that have been written go along. */
    private static final String MOVE_ON =
            """
            UPDATE song
            SET vendor = ?, lyrics_vendor = CASE WHEN written IS NULL THEN ? ELSE lyrics_vendor END,
                step = CASE WHEN written IS NULL AND ? IS NOT NULL THEN 'lyrics' ELSE 'song' END,
                step_vendor = CASE WHEN written IS NULL THEN COALESCE(?, ?) ELSE ? END,
                notes = ?, intended_at = NULL, due_at = ?, attempt = attempt + 1, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String DOUBT =
            """
            UPDATE song
            SET state = 'in-doubt', state_at = ?, intended_at = NULL, attempt = 0, message = ?, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String CLOSE_INTENT =
            "UPDATE task SET outcome = ?, answer = ? WHERE song_id = ? AND outcome = 'intended'";

    /** The song is submitted once more, knowing that: a later task takes the place of what nobody knows of. */
    private static final String SUPERSEDE_UNKNOWN =
            "UPDATE task SET superseded = 1 WHERE song_id = ? AND outcome = 'unknown'";

    /** A callback that came since the last answer may have crossed this one: then the task is asked about again soon. */
    private static final String POLL_ON =
            """
            UPDATE song
            SET due_at = CASE WHEN (SELECT MAX(called_back_at) FROM task WHERE song_id = song.id) > COALESCE(polled_at, 0)
                    THEN MIN(?, ?) ELSE ? END,
                polled_at = ?, settling_at = ?, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String REPORT_TASK =
            """
            UPDATE task
            SET status = ?, clips = ?, error = ?, missing = ?, ended_at = CASE WHEN ? THEN COALESCE(ended_at, ?) END,
                answer = COALESCE(?, answer)
            WHERE song_id = ? AND number = ?
            """;

    /** Once for each time that a song is submitted, and not of one that has gone on. */
    private static final String STREAM =
            """
            INSERT INTO event (song_id, state, at)
            SELECT ?, ?, ? WHERE 'submitted' = (
                SELECT state FROM event WHERE song_id = ? ORDER BY number DESC LIMIT 1)
            """;

    private static final String WRITE_LYRICS =
            """
            UPDATE song
            SET state = 'accepted', state_at = ?, step = 'song', step_vendor = vendor, written = ?, due_at = ?, intended_at = NULL,
                attempt = 0, message = NULL, timeout_at = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String GENERATE =
            """
            UPDATE song
            SET state = 'generated', state_at = ?, clips = ?, sinks = '{}', generated_at = ?, due_at = ?, intended_at = NULL, attempt = 0,
                message = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String DELIVER_LATER =
            """
            UPDATE song
            SET clips = ?, sinks = ?, attempt = ?, due_at = ?, message = ?, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String DELIVER =
            """
            UPDATE song
            SET state = 'delivered', state_at = ?, clips = ?, sinks = ?, finished_at = ?, attempt = 0, message = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String NOT_DELIVER =
            """
            UPDATE song
            SET state = 'failed', state_at = ?, clips = ?, sinks = ?, reason = ?, message = ?, finished_at = ?, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String FAIL =
            """
            UPDATE song
            SET state = 'failed', state_at = ?, reason = ?, message = ?, finished_at = ?, intended_at = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String RELEASE = "UPDATE song SET claimed_by = NULL, claimed_until = NULL";

    /** A claim under which a paid call may have left is never simply given back. */
    private static final String WITHOUT_INTENT = " AND intended_at IS NULL";

    private final Session session;
    private final long now;
    private final Budget budget;

    Changes(Session session, long now, Budget budget) {
        this.session = session;
        this.now = now;
        this.budget = budget;
    }

    /** @throws ClaimLostException with nothing changed, if the change's claim no longer holds */
    void make(Change change) throws SQLException {
        Claim claim = change.claim();
        if (change instanceof Change.Intended intended) {
            demandWithin(budget, claim.songId(), intended.price());
            boolean hasTime = now <= intended.latest();
            demand(claim, hasTime ? session.update(INTEND_SONG, now, claim.songId(), claim.by(), claim.until()) : 0);
            session.update(
                    INTEND_TASK,
                    intended.taskNumber(),
                    intended.price(),
                    now,
                    intended.callback().map(CallbackToken::hash),
                    claim.songId());
        } else if (change instanceof Change.Submitted submitted) {
            submit(submitted);
        } else if (change instanceof Change.AcceptedAgain again
                && again.paidCall() == Task.Outcome.UNKNOWN
                && Callbacks.proveIntent(session, claim.songId())) {
            make(new Change.Doubted(claim, again.message(), again.answer()));
        } else if (change instanceof Change.AcceptedAgain again) {
            song(claim, ACCEPT_AGAIN, again.dueAt().toEpochMilli(), again.message());
            closeIntent(claim, again.paidCall(), again.answer());
            session.update(SUPERSEDE_UNKNOWN, claim.songId());
        } else if (change instanceof Change.MovedOn moved) {
            Optional<String> lyrics = moved.lyricsVendor();
            song(
                    claim,
                    MOVE_ON,
                    moved.vendor(),
                    lyrics,
                    lyrics,
                    lyrics,
                    moved.vendor(),
                    moved.vendor(),
                    Json.write(Json.MAPPER.valueToTree(moved.notes())),
                    moved.dueAt().toEpochMilli());
            closeIntent(claim, moved.paidCall(), moved.answer());
        } else if (change instanceof Change.Doubted doubted) {
            song(claim, DOUBT, now, doubted.message());
            closeIntent(claim, Task.Outcome.UNKNOWN, doubted.answer());
            Callbacks.noteProof(session, claim.songId());
        } else if (change instanceof Change.PolledOn polled) {
            long due = polled.dueAt().toEpochMilli();
            song(
                    claim,
                    POLL_ON,
                    due,
                    now + Callbacks.AT_MOST_EVERY_MS,
                    due,
                    now,
                    polled.settlingSince().map(at -> at.toEpochMilli()));
            report(claim, polled.reports());
        } else if (change instanceof Change.LyricsWritten lyrics) {
            song(claim, WRITE_LYRICS, now, Json.write(lyrics.written()), now);
            closeIntent(claim, Task.Outcome.MADE, lyrics.answer());
            report(claim, lyrics.reports());
        } else if (change instanceof Change.Generated generated) {
            song(claim, GENERATE, now, Json.write(generated.clips()), now, now);
            closeIntent(claim, Task.Outcome.MADE, generated.answer());
            report(claim, generated.reports());
        } else if (change instanceof Change.DeliverLater later) {
            song(
                    claim,
                    DELIVER_LATER,
                    Json.write(later.clips()),
                    json(later.sinks()),
                    later.attempt(),
                    later.dueAt().toEpochMilli(),
                    later.message());
        } else if (change instanceof Change.Delivered delivered) {
            song(claim, DELIVER, now, Json.write(delivered.clips()), json(delivered.sinks()), now);
        } else if (change instanceof Change.Undelivered undelivered) {
            song(
                    claim,
                    NOT_DELIVER,
                    now,
                    Json.write(undelivered.clips()),
                    json(undelivered.sinks()),
                    undelivered.reason().word(),
                    undelivered.message(),
                    now);
        } else if (change instanceof Change.Failed failed) {
            song(claim, FAIL, now, failed.reason().word(), failed.message(), now);
            closeIntent(claim, failed.paidCall(), failed.answer());
            report(claim, failed.reports());
        } else if (change instanceof Change.Released) {
            demand(
                    claim,
                    session.update(RELEASE + UNDER_CLAIM + WITHOUT_INTENT, claim.songId(), claim.by(), claim.until()));
        } else {
            throw new IllegalStateException("A change that nobody makes: " + change);
        }
    }

    private void demandWithin(Budget limits, String songId, long price) throws SQLException {
        if (limits.limits().isEmpty()) {
            return;
        }
        Optional<String> asked = session.find(row -> row.getString(1), STEP_VENDOR, songId);
        Instant moment = Instant.ofEpochMilli(now);
        for (Budget.Limit limit : limits.limits()) {
            if (limit.vendor().isEmpty() || limit.vendor().equals(asked)) {
                long spent = session.find(
                                row -> row.getLong(1),
                                SPENT,
                                songId,
                                limit.from(moment).toEpochMilli(),
                                limit.vendor(),
                                limit.vendor())
                        .orElse(0L);
                if (spent + price > limit.micros()) {
                    throw new BudgetReachedException(limit, spent, price, moment);
                }
            }
        }
    }

    private void submit(Change.Submitted submitted) throws SQLException {
        Claim claim = submitted.claim();
        Object[] values = {
            now,
            now,
            now,
            submitted.firstPollAt().toEpochMilli(),
            submitted.timeoutAt().toEpochMilli()
        };
        List<String> ids = submitted.taskIds();
        boolean taken = session.update(
                                SUBMIT_SONG + UNDER_CLAIM, with(values, claim.songId(), claim.by(), claim.until()))
                        > 0
                || session.update(SUBMIT_SONG + DOUBT_IS_ABOUT, with(values, claim.songId(), submitted.taskNumber()))
                        > 0;
        String name = taken ? NAME_TASK : NAME_LATE;
        demand(claim, session.update(name, ids.get(0), claim.songId(), submitted.taskNumber()));
        for (String more : ids.subList(1, ids.size())) {
            session.update(ADD_TASK, more, claim.songId(), ids.get(0));
        }
    }

    private void song(Claim claim, String update, Object... values) throws SQLException {
        demand(claim, session.update(update + UNDER_CLAIM, with(values, claim.songId(), claim.by(), claim.until())));
    }

    private void closeIntent(Claim claim, Task.Outcome outcome, Optional<String> answer) throws SQLException {
        session.update(CLOSE_INTENT, outcome.word(), answer, claim.songId());
    }

    private void report(Claim claim, List<TaskReport> reports) throws SQLException {
        for (TaskReport report : reports) {
            session.update(
                    REPORT_TASK,
                    report.status(),
                    Json.write(report.clips()),
                    report.error(),
                    report.missing(),
                    report.ended(),
                    now,
                    report.ended() ? report.answer() : Optional.empty(),
                    claim.songId(),
                    report.number());
            if (report.isStreaming()) {
                session.update(STREAM, claim.songId(), Happening.STREAMING, now, claim.songId());
            }
        }
    }

    private static String json(List<SinkDelivery> sinks) {
        return Json.write(SinkDelivery.json(sinks));
    }

    private static void demand(Claim claim, int rows) {
        if (rows == 0) {
            throw new ClaimLostException(claim);
        }
    }

    private static Object[] with(Object[] values, Object... more) {
        Object[] all = new Object[values.length + more.length];
        System.arraycopy(values, 0, all, 0, values.length);
        System.arraycopy(more, 0, all, values.length, more.length);
        return all;
    }
}
