package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the tasks of a song's step after a status call.
 *
 * @param settling numbers of the tasks that have ended by the vendor's word while their clips may still grow
 * @param words the lyrics that came, if any did
 * @param isRefusedForContent whether the vendor refused a task for what it is about
 */
record TaskReports(
        List<TaskReport> all, Set<Integer> settling, Optional<TaskAnswer> words, boolean isRefusedForContent) {

    /** @param asked the ids that the call was about: the song's other tasks stay as they are */
    static TaskReports of(Song song, List<String> asked, Map<String, TaskAnswer> answers) {
        List<TaskReport> reports = new ArrayList<>();
        Set<Integer> settling = new HashSet<>();
        Optional<TaskAnswer> words = Optional.empty();
        boolean refusedForContent = false;
        for (Task task : song.stepTasks()) {
            String id = task.taskId().orElse("");
            TaskAnswer answer = answers.get(id);
            if (!asked.contains(id)) {
                reports.add(unchanged(task));
                continue;
            }
            if (song.step() == Step.SONG && (answer == null ? hasSucceeded(task) : grows(answer))) {
                settling.add(task.number());
            }
            if (answer == null) {
                reports.add(missing(task));
                continue;
            }
            reports.add(report(task, answer, settling.contains(task.number())));
            refusedForContent |= answer.error()
                    .filter(error -> error.errorClass() == ErrorClass.CONTENT)
                    .isPresent();
            words = answer.lyrics().isPresent() ? Optional.of(answer) : words;
        }
        return new TaskReports(reports, settling, words, refusedForContent);
    }

    /** After a call that brought no answer. */
    static TaskReports unchanged(Song song) {
        return new TaskReports(
                song.stepTasks().stream().map(TaskReports::unchanged).toList(), Set.of(), Optional.empty(), false);
    }

    /** Whether every task has ended by the vendor's word. */
    boolean haveEnded() {
        return all.stream().allMatch(report -> report.ended() || settling.contains(report.number()));
    }

    boolean areLost() {
        return all.stream().allMatch(report -> report.status().equals(Task.LOST));
    }

    /** As they are when nobody waits for clips any more. */
    TaskReports ended() {
        List<TaskReport> ended = all.stream()
                .map(report -> new TaskReport(
                        report.number(),
                        report.status(),
                        report.clips(),
                        report.error(),
                        report.missing(),
                        true,
                        report.answer()))
                .toList();
        return new TaskReports(ended, Set.of(), words, isRefusedForContent);
    }

    /**
     * The clips of what has succeeded, none twice: each task of a call may tell of all of them. None where every one has
     * ended badly: there is nothing to fetch.
     */
    ArrayNode clips() {
        List<JsonNode> clips = new ArrayList<>();
        all.stream()
                .filter(report -> report.status().equals(TaskAnswer.SUCCEEDED))
                .forEach(report -> report.clips().forEach(clips::add));
        boolean nothingToFetch = clips.stream().allMatch(TaskAnswer::hasEndedBadly);
        return nothingToFetch ? Json.MAPPER.createArrayNode() : TaskAnswer.eachOnce(clips);
    }

    /** Whether a task has ended by the vendor's word while its clips may still grow, or are not there yet. */
    static boolean grows(TaskAnswer answer) {
        return answer.status().equals(TaskAnswer.SUCCEEDED) && (answer.clips().isEmpty() || answer.isSettling());
    }

    private static boolean hasSucceeded(Task task) {
        return task.status().filter(TaskAnswer.SUCCEEDED::equals).isPresent();
    }

    private static TaskReport unchanged(Task task) {
        return new TaskReport(
                task.number(),
                task.status().orElse(TaskAnswer.RUNNING),
                task.clips(),
                task.error(),
                task.missing(),
                task.endedAt().isPresent());
    }

    private static TaskReport missing(Task task) {
        int missing = task.missing() + 1;
        boolean lost = missing >= PollJudge.LOST_AFTER;
        // what had succeeded is known, and only its last word is missing
        return new TaskReport(
                task.number(),
                lost && !hasSucceeded(task) ? Task.LOST : task.status().orElse(TaskAnswer.RUNNING),
                task.clips(),
                task.error(),
                missing,
                lost);
    }

    private static TaskReport report(Task task, TaskAnswer answer, boolean settling) {
        Optional<String> error = answer.error().map(VendorError::message);
        return new TaskReport(
                task.number(),
                answer.status(),
                clips(task, answer),
                error,
                0,
                answer.hasEnded() && !settling,
                answer.raw());
    }

    /** What streamed once stays on record while an answer has no clips. */
    private static ArrayNode clips(Task task, TaskAnswer answer) {
        return answer.clips().isEmpty() ? task.clips() : answer.clips();
    }
}
