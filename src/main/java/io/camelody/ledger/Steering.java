package io.camelody.ledger;

import io.camelody.request.Json;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a person may do to a song, also beside the process that works on it, which notices within a second or two.
 *
 * <p>Nothing here buys a second task unless it is asked for by name: a song whose task may still exist is asked about
 * again, not made again.
 */
public final class Steering {

    /** Due at once: what was due by the worker's clock still is, though this process's may be ahead of it. */
    private static final String RESET =
            " claimed_by = NULL, claimed_until = NULL, intended_at = NULL, attempt = 0, reason = NULL, message = NULL,"
                    + " finished_at = NULL, announced_at = NULL, untold_until = 0, state_at = ?,"
                    + " due_at = CASE WHEN due_at < ? THEN due_at ELSE ? END WHERE id = ? AND state = ?";

    /** The sinks that have it keep it. */
    private static final String DELIVER_AGAIN = "UPDATE song SET state = 'generated', sinks = ?," + RESET;

    private static final String ASK_AGAIN =
            "UPDATE song SET state = 'submitted', timeout_at = ?, settling_at = NULL, streaming_at = NULL," + RESET;

    private static final String ASK_FIRST =
            "UPDATE song SET state = 'submitted', submitted_at = ?, polled_at = NULL, settling_at = NULL, streaming_at = NULL, timeout_at = ?,"
                    + RESET;

    private static final String MAKE_AGAIN = "UPDATE song SET state = 'accepted'," + RESET;

    private static final String DOUBT_AGAIN = "UPDATE song SET state = 'in-doubt'," + RESET;

    /** Whatever the vendor said of them last, lost, failed or ended without a clip: it may say something else by now. */
    private static final String ASK_ABOUT_ALL =
            """
            UPDATE task
            SET missing = 0, status = NULL, error = NULL, ended_at = NULL
            WHERE song_id = ? AND step = ? AND outcome = 'made' AND superseded = 0
            """;

    private static final String FORGET_CLIPS = "UPDATE song SET clips = '[]', sinks = '{}' WHERE id = ?";

    private static final String SUPERSEDE = "UPDATE task SET superseded = 1 WHERE song_id = ? AND step = ?";

    /** A paid call under way is let finish first: its answer must be heard. */
    private static final String CANCEL =
            """
            UPDATE song
            SET state = 'cancelled', state_at = ?, finished_at = ?, claimed_by = NULL, claimed_until = NULL
            WHERE id = ? AND state IN ('accepted', 'submitted', 'generated', 'in-doubt') AND intended_at IS NULL
            """;

    /** The paid call that the doubt is about: an older one that was resubmitted stays unknown. */
    private static final String NAME_TASK =
            """
            UPDATE task
            SET outcome = 'made', task_id = ?
            WHERE song_id = ? AND number = (
                SELECT MAX(number) FROM task WHERE song_id = ? AND outcome = 'unknown' AND superseded = 0)
            """;

    private static final String GIVE_UP =
            """
            UPDATE song
            SET state = 'failed', reason = 'given-up', message = 'An operator ended it while it was in doubt.', state_at = ?,
                finished_at = ?
            WHERE id = ? AND state = 'in-doubt'
            """;

    private final Database database;
    private final Clock clock;
    private final Consumer<SongState> wake;

    Steering(Database database, Clock clock, Consumer<SongState> wake) {
        this.database = database;
        this.clock = clock;
        this.wake = wake;
    }

    /**
     * Lets a failed or cancelled song go on from where it was: clips that are known are delivered, a task that has a name
     * is asked about for another {@code timeout}, whatever was said of it, a paid call that nobody heard is in doubt as
     * before, and only what has no task is submitted.
     *
     * @return the state it goes on from
     * @throws NotPossibleException if there is no such song or it has not failed
     */
    public SongState retry(String id, Duration timeout) {
        SongState next = database.write(session -> {
            Song song = demand(session, id, "retried", SongState.FAILED, SongState.CANCELLED);
            SongState goesOn = next(song);
            long now = clock.millis();
            String from = song.state().word();
            switch (goesOn) {
                case GENERATED -> session.update(DELIVER_AGAIN, again(song), now, now, now, id, from);
                case SUBMITTED -> {
                    session.update(ASK_ABOUT_ALL, id, song.step().word());
                    session.update(ASK_AGAIN, timeoutAt(song, now, timeout), now, now, now, id, from);
                }
                case IN_DOUBT -> {
                    session.update(DOUBT_AGAIN, now, now, now, id, from);
                    Callbacks.noteProof(session, id);
                }
                default -> {
                    session.update(SUPERSEDE, id, song.step().word());
                    session.update(MAKE_AGAIN, now, now, now, id, from);
                }
            }
            return goesOn;
        });
        wake.accept(next);
        return next;
    }

    /** From the last moment that the song was touched at, where the clock of who works on it is ahead of this one. */
    private static long timeoutAt(Song song, long now, Duration timeout) {
        Stream<Instant> touched =
                Stream.concat(song.finishedAt().stream(), song.tasks().stream().map(Task::intendedAt));
        return Math.max(now, touched.mapToLong(Instant::toEpochMilli).max().orElse(now)) + timeout.toMillis();
    }

    private static String again(Song song) {
        List<SinkDelivery> again = song.sinks().stream()
                .map(sink -> sink.again(song.generatedAt().orElse(song.acceptedAt())))
                .toList();
        return Json.write(SinkDelivery.json(again));
    }

    private static SongState next(Song song) {
        if (!song.clips().isEmpty()) {
            return SongState.GENERATED;
        }
        if (song.stepTasks().stream().anyMatch(task -> task.taskId().isPresent())) {
            return SongState.SUBMITTED;
        }
        boolean doubted = song.tasks().stream()
                .anyMatch(task ->
                        task.step() == song.step() && task.outcome() == Task.Outcome.UNKNOWN && !task.superseded());
        return doubted ? SongState.IN_DOUBT : SongState.ACCEPTED;
    }

    /**
     * Lets a failed or cancelled song be made once more, by a new task that costs again. What its step has come to so far is
     * forgotten.
     *
     * @throws NotPossibleException if there is no such song or it has not failed
     */
    public void retryByResubmit(String id) {
        database.write(session -> {
            Song song = demand(session, id, "retried", SongState.FAILED, SongState.CANCELLED);
            session.update(SUPERSEDE, id, song.step().word());
            session.update(FORGET_CLIPS, id);
            long now = clock.millis();
            return session.update(MAKE_AGAIN, now, now, now, id, song.state().word());
        });
        wake.accept(SongState.ACCEPTED);
    }

    /**
     * Ends a song. A task that the vendor has already taken is paid for all the same.
     *
     * @throws NotPossibleException if there is no such song, it has ended, or its paid call is under way
     */
    public void cancel(String id) {
        database.write(session -> {
            Song song = demand(
                    session,
                    id,
                    "cancelled",
                    SongState.ACCEPTED,
                    SongState.SUBMITTED,
                    SongState.GENERATED,
                    SongState.IN_DOUBT);
            long now = clock.millis();
            if (session.update(CANCEL, now, now, id) == 0) {
                throw new NotPossibleException(
                        "The paid call of song %s is under way, and its answer must be heard. Try again in a minute. (song: %s, vendor: %s)"
                                .formatted(id, id, song.stepVendor()));
            }
            return null;
        });
        // a task less is under way
        wake.accept(SongState.ACCEPTED);
    }

    /**
     * Ends the doubt: the paid call was taken, and this is the task it made.
     *
     * @param taskId the vendor's name for it; several are joined by commas, as the log writes them
     */
    public void resolveAsTask(String id, String taskId, Duration timeout) {
        List<String> taskIds = Arrays.stream(taskId.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
        if (taskIds.isEmpty()) {
            throw new NotPossibleException("Expected the id of a task, got: \"%s\". (song: %s)".formatted(taskId, id));
        }
        database.write(session -> {
            Song song = demand(session, id, "resolved", SongState.IN_DOUBT);
            long now = clock.millis();
            session.update(NAME_TASK, taskIds.get(0), id, id);
            for (Update update : TaskChanges.addBeside(id, taskIds)) {
                session.update(update.sql(), update.values());
            }
            return session.update(
                    ASK_FIRST, now, timeoutAt(song, now, timeout), now, now, now, id, SongState.IN_DOUBT.word());
        });
        wake.accept(SongState.SUBMITTED);
    }

    /** Ends the doubt: the paid call is made once more, at the risk of a second bill. */
    public void resolveByResubmit(String id) {
        database.write(session -> {
            Song song = demand(session, id, "resolved", SongState.IN_DOUBT);
            session.update(SUPERSEDE, id, song.step().word());
            long now = clock.millis();
            return session.update(MAKE_AGAIN, now, now, now, id, SongState.IN_DOUBT.word());
        });
        wake.accept(SongState.ACCEPTED);
    }

    /** Ends the doubt by giving the song up. */
    public void resolveAsFailed(String id) {
        database.write(session -> {
            demand(session, id, "resolved", SongState.IN_DOUBT);
            long now = clock.millis();
            return session.update(GIVE_UP, now, now, id);
        });
        wake.accept(SongState.FAILED);
    }

    /** Within the transaction of the change, so that what is decided on is what is changed. */
    private static Song demand(Session session, String id, String done, SongState... states) throws SQLException {
        Song song = Rows.songForUpdate(session, id)
                .orElseThrow(() -> new NotPossibleException(
                        "There is no song %s. See camelody songs. (song: %s)".formatted(id, id)));
        if (!List.of(states).contains(song.state())) {
            throw new NotPossibleException(
                    "Song %s cannot be %s: it is %s. (song: %s)".formatted(id, done, song.state(), id));
        }
        return song;
    }
}
