package io.camelody.ledger;

import io.camelody.ledger.Change.TaskReport;
import io.camelody.request.Json;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a {@link Change} does to the tasks of its song, once the song's row has allowed it. */
final class TaskChanges {

    static final String INTEND_TASK =
            """
            INSERT INTO task (song_id, number, step, vendor, outcome, price, intended_at, callback, sandbox)
            SELECT id, ?, step, step_vendor, 'intended', ?, ?, ?, sandbox FROM song{rows} WHERE id = ?
            """;

    private static final String NAME_TASK =
            "UPDATE task SET outcome = 'made', task_id = ?, answer = NULL, superseded = 0{rows} WHERE song_id = ? AND number = ?";

    /** Beside the task of the same call that was named first, and free: one call is paid for once. */
    private static final String ADD_TASK =
            """
            INSERT INTO task (song_id, number, step, vendor, outcome, task_id, price, superseded, intended_at, sandbox)
            SELECT song_id, (SELECT MAX(number) + 1 FROM task WHERE song_id = named.song_id), step, vendor, 'made', ?, 0,
                superseded, intended_at, sandbox
            FROM task named WHERE song_id = ? AND task_id = ?
            """;

    /** The song went another way while nobody knew of the task; it is paid for all the same. */
    private static final String NAME_LATE =
            "UPDATE task SET outcome = 'made', task_id = ?, answer = NULL WHERE song_id = ? AND number = ? AND outcome = 'unknown'";

    private static final String IS_INTENDED = "SELECT 1 FROM task WHERE song_id = ? AND number = ?";

    private static final String CLOSE_INTENT =
            "UPDATE task SET outcome = ?, answer = ?{rows} WHERE song_id = ? AND outcome = 'intended'";

    /** The song is submitted once more, knowing that: a later task takes the place of what nobody knows of. */
    private static final String SUPERSEDE_UNKNOWN =
            "UPDATE task SET superseded = 1{rows} WHERE song_id = ? AND outcome = 'unknown'";

    private static final String REPORT_TASK =
            """
            UPDATE task
            SET status = ?, clips = ?, error = ?, missing = ?, ended_at = CASE WHEN ? = 1 THEN COALESCE(ended_at, ?) END,
                answer = COALESCE(?, answer)
            {rows} WHERE song_id = ? AND number = ?
            """;

    /** Once for each time that a song is submitted, and not of one that has gone on. */
    private static final String STREAM =
            """
            UPDATE song SET streaming_at = ? WHERE id = ? AND state = 'submitted' AND streaming_at IS NULL
            """;

    private TaskChanges() {}

    static Update intend(Change.Intended intended, long now) {
        return new Update(
                INTEND_TASK,
                intended.taskNumber(),
                intended.price(),
                now,
                intended.callback().map(CallbackToken::hash),
                intended.claim().songId());
    }

    /** Gives the task of a paid call its name, and puts the others of the call beside it. */
    static List<Update> name(Change.Submitted submitted) {
        String songId = submitted.claim().songId();
        List<Update> updates = new ArrayList<>();
        updates.add(new Update(NAME_TASK, submitted.taskIds().get(0), songId, submitted.taskNumber()));
        updates.addAll(addBeside(songId, submitted.taskIds()));
        return updates;
    }

    /** The same of a song that went another way. @return whether there is such a call of which nobody knows */
    static boolean nameLate(Session session, Change.Submitted late) throws SQLException {
        String songId = late.claim().songId();
        if (session.update(NAME_LATE, late.taskIds().get(0), songId, late.taskNumber()) == 0) {
            return false;
        }
        for (Update update : addBeside(songId, late.taskIds())) {
            session.update(update.sql(), update.values());
        }
        return true;
    }

    /** Where it is made once more, since nobody heard that it was made. */
    static boolean isIntended(Session session, Change.Intended intended) throws SQLException {
        return session.find(row -> true, IS_INTENDED, intended.claim().songId(), intended.taskNumber())
                .isPresent();
    }

    /** The other tasks of a call whose first one has its name. */
    static List<Update> addBeside(String songId, List<String> taskIds) {
        return taskIds.stream()
                .skip(1)
                .map(more -> new Update(ADD_TASK, more, songId, taskIds.get(0)))
                .toList();
    }

    static Update supersedeUnknown(Claim claim) {
        return new Update(SUPERSEDE_UNKNOWN, claim.songId());
    }

    static Update closeIntent(Claim claim, Task.Outcome outcome, Optional<String> answer) {
        return new Update(CLOSE_INTENT, outcome.word(), answer, claim.songId());
    }

    static List<Update> report(Claim claim, List<TaskReport> reports, long now) {
        List<Update> updates = new ArrayList<>();
        for (TaskReport report : reports) {
            updates.add(new Update(
                    REPORT_TASK,
                    report.status(),
                    Json.write(report.clips()),
                    report.error(),
                    report.missing(),
                    report.ended(),
                    now,
                    report.ended() ? report.answer() : Optional.empty(),
                    claim.songId(),
                    report.number()));
            if (report.isStreaming()) {
                updates.add(new Update(STREAM, now, claim.songId()));
            }
        }
        return updates;
    }
}
