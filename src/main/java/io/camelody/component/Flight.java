package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.vendor.TaskAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A song whose tasks run: as much of it as it takes to ask about them and to see whether an answer is news. There may be a
 * hundred thousand of them, so it is small. Its times are epoch milliseconds, and {@link Flights} alone changes them.
 */
final class Flight {

    private final String songId;
    private final List<String> taskIds;
    private final List<TaskReport> said;
    private final long slowFrom;
    private final long overAt;

    /** When it is to be asked about next. */
    long dueAt;

    /** When it was asked about last. */
    long askedAt;

    /** When it is due by the ledger. */
    long until;

    boolean isUnderWay;

    private Flight(Song song, List<String> taskIds, List<TaskReport> said) {
        this.songId = song.id();
        this.taskIds = List.copyOf(taskIds);
        this.said = List.copyOf(said);
        this.slowFrom = PollJudge.slowFrom(song).map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        this.overAt = song.timeoutAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    }

    /**
     * What goes on of a song after a status answer; empty where the next answer has to be judged with what the ledger knows: a
     * task is missing or its clips still grow, or no answer came.
     *
     * @param most ids in one status call
     */
    static Optional<Flight> of(Song song, Change.PolledOn polled, int most) {
        if (song.step() != Step.SONG || polled.settlingSince().isPresent()) {
            return Optional.empty();
        }
        List<String> ids = new ArrayList<>();
        List<TaskReport> said = new ArrayList<>();
        List<Task> tasks = song.stepTasks();
        for (TaskReport report : polled.reports()) {
            if (report.ended()) {
                continue;
            }
            Optional<String> id = tasks.stream()
                    .filter(task -> task.number() == report.number())
                    .findFirst()
                    .flatMap(Task::taskId);
            if (id.isEmpty() || report.missing() > 0) {
                return Optional.empty();
            }
            ids.add(id.get());
            said.add(report);
        }
        return ids.isEmpty() || ids.size() > most ? Optional.empty() : Optional.of(new Flight(song, ids, said));
    }

    String songId() {
        return songId;
    }

    List<String> taskIds() {
        return taskIds;
    }

    /** Epoch milliseconds at which the song's time is over. */
    long overAt() {
        return overAt;
    }

    /** Whether the ledger has to hear of an answer. */
    boolean isNews(Map<String, TaskAnswer> answers) {
        for (int i = 0; i < said.size(); i++) {
            TaskAnswer answer = answers.get(taskIds.get(i));
            if (answer == null || PollJudge.isNews(said.get(i), answer)) {
                return true;
            }
        }
        return false;
    }

    /** When to ask once more after an answer that was none: as {@link PollJudge} says it of songs. */
    long next(long now, Duration interval) {
        return Math.min(overAt, now + interval.toMillis() * (now > slowFrom ? 2 : 1));
    }
}
