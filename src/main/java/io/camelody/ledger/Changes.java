package io.camelody.ledger;

import io.camelody.request.Json;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes {@link Change}s in the tables, each conditional on its claim. */
final class Changes {

    private static final String UNDER_CLAIM = " WHERE id = ? AND claimed_by = ?";

    /** From now on the claim lasts at least as long as the call may. */
    private static final String INTEND_SONG =
            "UPDATE song SET intended_at = ?, claimed_until = CASE WHEN claimed_until < ? THEN ? ELSE claimed_until END"
                    + UNDER_CLAIM + " AND state = 'accepted' AND intended_at IS NULL AND claimed_until >= ?";

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
                settling_at = NULL, streaming_at = NULL, attempt = 0, message = NULL, claimed_by = NULL, claimed_until = NULL
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
                step = CASE WHEN written IS NULL AND CAST(? AS TEXT) IS NOT NULL THEN 'lyrics' ELSE 'song' END,
                step_vendor = CASE WHEN written IS NULL THEN COALESCE(?, ?) ELSE ? END,
                notes = ?, intended_at = NULL, due_at = ?, attempt = attempt + 1, claimed_by = NULL, claimed_until = NULL
            """;

    private static final String DOUBT =
            """
            UPDATE song
            SET state = 'in-doubt', state_at = ?, intended_at = NULL, attempt = 0, message = ?, claimed_by = NULL, claimed_until = NULL
            """;

    /** A callback that came since the last answer may have crossed this one: then the task is asked about again soon. */
    private static final String POLL_ON =
            """
            UPDATE song
            SET due_at = CASE WHEN (SELECT MAX(called_back_at) FROM task WHERE song_id = song.id) > COALESCE(polled_at, 0)
                    THEN ? ELSE ? END,
                polled_at = ?, settling_at = ?, claimed_by = NULL, claimed_until = NULL
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
    private final TaskChanges tasks;

    Changes(Session session, long now, Budget budget) {
        this.session = session;
        this.now = now;
        this.budget = budget;
        this.tasks = new TaskChanges(session, now);
    }

    /** Makes those whose claim holds. @return the claims that are lost */
    List<Claim> makeAll(List<? extends Change> changes) throws SQLException {
        List<Claim> lost = new ArrayList<>();
        for (Change change : changes) {
            try {
                make(change);
            } catch (ClaimLostException e) {
                lost.add(change.claim());
            }
        }
        return lost;
    }

    /** @throws ClaimLostException with nothing changed, if the change's claim no longer holds */
    void make(Change change) throws SQLException {
        Claim claim = change.claim();
        if (change instanceof Change.Intended intended) {
            new BudgetCheck(session, now).demandWithin(budget, claim.songId(), intended.price());
            long least = intended.leastUntil(now);
            demand(claim, session.update(INTEND_SONG, now, least, least, claim.songId(), claim.by(), now));
            tasks.intend(intended);
        } else if (change instanceof Change.Submitted submitted) {
            submit(submitted);
        } else if (change instanceof Change.AcceptedAgain again
                && again.paidCall() == Task.Outcome.UNKNOWN
                && Callbacks.proveIntent(session, claim.songId())) {
            make(new Change.Doubted(claim, again.message(), again.answer()));
        } else if (change instanceof Change.AcceptedAgain again) {
            song(claim, ACCEPT_AGAIN, again.dueAt().toEpochMilli(), again.message());
            tasks.closeIntent(claim, again.paidCall(), again.answer());
            tasks.supersedeUnknown(claim.songId());
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
            tasks.closeIntent(claim, moved.paidCall(), moved.answer());
        } else if (change instanceof Change.Doubted doubted) {
            song(claim, DOUBT, now, doubted.message());
            tasks.closeIntent(claim, Task.Outcome.UNKNOWN, doubted.answer());
            Callbacks.noteProof(session, claim.songId());
        } else if (change instanceof Change.PolledOn polled) {
            long due = polled.dueAt().toEpochMilli();
            song(
                    claim,
                    POLL_ON,
                    Math.min(due, now + Callbacks.AT_MOST_EVERY_MS),
                    due,
                    now,
                    polled.settlingSince().map(at -> at.toEpochMilli()));
            tasks.report(claim, polled.reports());
        } else if (change instanceof Change.LyricsWritten lyrics) {
            song(claim, WRITE_LYRICS, now, Json.write(lyrics.written()), now);
            tasks.closeIntent(claim, Task.Outcome.MADE, lyrics.answer());
            tasks.report(claim, lyrics.reports());
        } else if (change instanceof Change.Generated generated) {
            song(claim, GENERATE, now, Json.write(generated.clips()), now, now);
            tasks.closeIntent(claim, Task.Outcome.MADE, generated.answer());
            tasks.report(claim, generated.reports());
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
            tasks.closeIntent(claim, failed.paidCall(), failed.answer());
            tasks.report(claim, failed.reports());
        } else if (change instanceof Change.Released) {
            demand(claim, session.update(RELEASE + UNDER_CLAIM + WITHOUT_INTENT, claim.songId(), claim.by()));
        } else {
            throw new IllegalStateException("A change that nobody makes: " + change);
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
        boolean taken = session.update(SUBMIT_SONG + UNDER_CLAIM, with(values, claim.songId(), claim.by())) > 0
                || session.update(SUBMIT_SONG + DOUBT_IS_ABOUT, with(values, claim.songId(), submitted.taskNumber()))
                        > 0;
        if (!tasks.name(claim.songId(), submitted.taskNumber(), submitted.taskIds(), !taken)) {
            throw new ClaimLostException(claim);
        }
    }

    private void song(Claim claim, String update, Object... values) throws SQLException {
        demand(claim, session.update(update + UNDER_CLAIM, with(values, claim.songId(), claim.by())));
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
