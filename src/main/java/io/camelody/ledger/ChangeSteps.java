package io.camelody.ledger;

import io.camelody.request.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Change} is in the tables: one update of its song's row, under its claim, and where that is made, updates of its
 * tasks.
 */
record ChangeSteps(Update song, List<Update> tasks) {

    static final String UNDER_CLAIM = RowsAtOnce.PLACE + " WHERE id = ? AND claimed_by = ?";

    /** From now on the claim lasts at least as long as the call may. */
    static final String INTEND_SONG =
            "UPDATE song SET intended_at = ?, claimed_until = CASE WHEN claimed_until < ? THEN ? ELSE claimed_until END"
                    + UNDER_CLAIM + " AND state || '' = 'accepted' AND intended_at IS NULL AND claimed_until >= ?";

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

    static ChangeSteps of(Change change, long now) {
        Claim claim = change.claim();
        if (change instanceof Change.Intended intended) {
            long least = intended.leastUntil(now);
            return new ChangeSteps(
                    new Update(INTEND_SONG, now, least, least, claim.songId(), claim.by(), now),
                    List.of(TaskChanges.intend(intended, now)));
        }
        if (change instanceof Change.Submitted submitted) {
            return SubmittedSteps.underClaim(submitted, now);
        }
        if (change instanceof Change.AcceptedAgain again) {
            return steps(
                    claim,
                    List.of(
                            TaskChanges.closeIntent(claim, again.paidCall(), again.answer()),
                            TaskChanges.supersedeUnknown(claim)),
                    ACCEPT_AGAIN,
                    again.dueAt().toEpochMilli(),
                    again.message());
        }
        if (change instanceof Change.MovedOn moved) {
            Optional<String> lyrics = moved.lyricsVendor();
            return steps(
                    claim,
                    List.of(TaskChanges.closeIntent(claim, moved.paidCall(), moved.answer())),
                    MOVE_ON,
                    moved.vendor(),
                    lyrics,
                    lyrics,
                    lyrics,
                    moved.vendor(),
                    moved.vendor(),
                    Json.write(Json.MAPPER.valueToTree(moved.notes())),
                    moved.dueAt().toEpochMilli());
        }
        if (change instanceof Change.Doubted doubted) {
            return steps(
                    claim,
                    List.of(
                            TaskChanges.closeIntent(claim, Task.Outcome.UNKNOWN, doubted.answer()),
                            Callbacks.proof(claim.songId())),
                    DOUBT,
                    now,
                    doubted.message());
        }
        if (change instanceof Change.PolledOn polled) {
            long due = polled.dueAt().toEpochMilli();
            return steps(
                    claim,
                    TaskChanges.report(claim, polled.reports(), now),
                    POLL_ON,
                    Math.min(due, now + Callbacks.AT_MOST_EVERY_MS),
                    due,
                    now,
                    polled.settlingSince().map(at -> at.toEpochMilli()));
        }
        if (change instanceof Change.LyricsWritten lyrics) {
            return steps(
                    claim,
                    ended(claim, lyrics.answer(), lyrics.reports(), now),
                    WRITE_LYRICS,
                    now,
                    Json.write(lyrics.written()),
                    now);
        }
        if (change instanceof Change.Generated generated) {
            return steps(
                    claim,
                    ended(claim, generated.answer(), generated.reports(), now),
                    GENERATE,
                    now,
                    Json.write(generated.clips()),
                    now,
                    now);
        }
        if (change instanceof Change.DeliverLater later) {
            return steps(
                    claim,
                    List.of(),
                    DELIVER_LATER,
                    Json.write(later.clips()),
                    json(later.sinks()),
                    later.attempt(),
                    later.dueAt().toEpochMilli(),
                    later.message());
        }
        if (change instanceof Change.Delivered delivered) {
            return steps(claim, List.of(), DELIVER, now, Json.write(delivered.clips()), json(delivered.sinks()), now);
        }
        if (change instanceof Change.Undelivered undelivered) {
            return steps(
                    claim,
                    List.of(),
                    NOT_DELIVER,
                    now,
                    Json.write(undelivered.clips()),
                    json(undelivered.sinks()),
                    undelivered.reason().word(),
                    undelivered.message(),
                    now);
        }
        if (change instanceof Change.Failed failed) {
            List<Update> tasks = new ArrayList<>();
            tasks.add(TaskChanges.closeIntent(claim, failed.paidCall(), failed.answer()));
            tasks.addAll(TaskChanges.report(claim, failed.reports(), now));
            return steps(claim, tasks, FAIL, now, failed.reason().word(), failed.message(), now);
        }
        if (change instanceof Change.Released) {
            return new ChangeSteps(
                    new Update(RELEASE + UNDER_CLAIM + WITHOUT_INTENT, claim.songId(), claim.by()), List.of());
        }
        throw new IllegalStateException("A change that nobody makes: " + change);
    }

    private static ChangeSteps steps(Claim claim, List<Update> tasks, String update, Object... values) {
        Object[] condition = {claim.songId(), claim.by()};
        return new ChangeSteps(new Update(update + UNDER_CLAIM, with(condition, values)), tasks);
    }

    private static List<Update> ended(Claim claim, Optional<String> answer, List<Change.TaskReport> reports, long now) {
        List<Update> tasks = new ArrayList<>();
        tasks.add(TaskChanges.closeIntent(claim, Task.Outcome.MADE, answer));
        tasks.addAll(TaskChanges.report(claim, reports, now));
        return tasks;
    }

    private static String json(List<SinkDelivery> sinks) {
        return Json.write(SinkDelivery.json(sinks));
    }

    static Object[] with(Object[] condition, Object... values) {
        Object[] all = Arrays.copyOf(values, values.length + condition.length);
        System.arraycopy(condition, 0, all, values.length, condition.length);
        return all;
    }
}
