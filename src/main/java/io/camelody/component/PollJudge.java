package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import io.camelody.settings.Settings;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Decides what a status answer means for a song. No input or output: the same song, answer and moment give the same change.
 *
 * <p>A word that nobody knows, and a status call that fails, end nothing; the song's timeout does. A task is lost after
 * {@value #LOST_AFTER} answers in a row that leave it out.
 */
final class PollJudge {

    static final int LOST_AFTER = 3;

    private final VendorSettings vendor;
    private final Instant now;

    PollJudge(VendorSettings vendor, Instant now) {
        this.vendor = vendor;
        this.now = now;
    }

    /** @param asked the ids that the call was about: the song's other tasks stay as they are */
    Change judge(ClaimedSong claimed, List<String> asked, Map<String, TaskAnswer> answers) {
        Song song = claimed.song();
        TaskReports reports = TaskReports.of(song, asked, answers);
        boolean over = isOver(song);
        if (reports.haveEnded()) {
            Instant since = song.settlingSince().orElse(now);
            Instant settled = since.plus(vendor.clipGrace());
            if (!reports.settling().isEmpty() && now.isBefore(settled) && !over) {
                return new Change.PolledOn(
                        claimed.claim(), reports.all(), sooner(next(song), settled), Optional.of(since));
            }
            return end(claimed, reports.ended());
        }
        return over
                ? timeout(claimed, reports)
                : new Change.PolledOn(claimed.claim(), reports.all(), next(song), Optional.empty());
    }

    /** A status call that brought no answer. @param notBefore when the vendor may be asked again */
    Change judgeFailedCall(ClaimedSong claimed, Instant notBefore) {
        Song song = claimed.song();
        if (isOver(song)) {
            return timeout(claimed, TaskReports.unchanged(song));
        }
        Instant next = next(song);
        return new Change.PolledOn(
                claimed.claim(),
                List.of(),
                capped(song, next.isBefore(notBefore) ? notBefore : next),
                song.settlingSince());
    }

    private Change end(ClaimedSong claimed, TaskReports reports) {
        Song song = claimed.song();
        if (song.step() == Step.LYRICS && reports.words().isPresent()) {
            return new Change.LyricsWritten(
                    claimed.claim(), reports.all(), written(reports.words().get()));
        }
        ArrayNode clips = reports.clips();
        if (song.step() == Step.SONG && !clips.isEmpty()) {
            return new Change.Generated(claimed.claim(), reports.all(), clips);
        }
        if (reports.areLost()) {
            String message = "%s did not know the task in %d answers in a row.".formatted(vendor.name(), LOST_AFTER);
            return failed(claimed, Reason.TASK_LOST, message, reports);
        }
        Reason reason = reports.isRefusedForContent() ? Reason.CONTENT_REFUSED : Reason.VENDOR_FAILED;
        return failed(claimed, reason, vendorsWords(reports.all()), reports);
    }

    private String vendorsWords(List<TaskReport> reports) {
        return reports.stream()
                .flatMap(report -> report.error().stream())
                .findFirst()
                .or(() -> reports.stream()
                        .flatMap(report -> StreamSupport.stream(report.clips().spliterator(), false))
                        .filter(TaskAnswer::hasEndedBadly)
                        .findFirst()
                        .map(clip -> "%s ended every clip as \"%s\"."
                                .formatted(vendor.name(), clip.path("status").asText())))
                .orElse("%s ended the task without a result.".formatted(vendor.name()));
    }

    static ObjectNode written(TaskAnswer words) {
        ObjectNode written = Json.object().put("lyrics", words.lyrics().orElseThrow());
        words.title().ifPresent(title -> written.put("title", title));
        return written;
    }

    /** What has succeeded until then is delivered: it is paid for, and the rest may never come. */
    private Change timeout(ClaimedSong claimed, TaskReports reports) {
        Song song = claimed.song();
        ArrayNode clips = reports.clips();
        if (song.step() == Step.SONG && !clips.isEmpty()) {
            return new Change.Generated(claimed.claim(), reports.all(), clips);
        }
        Duration given = new SongRequest(song.request()).timeout().orElse(vendor.timeout());
        return failed(
                claimed,
                Reason.VENDOR_TIMEOUT,
                "%s did not end the task within %s.".formatted(vendor.name(), Settings.words(given)),
                reports);
    }

    private static Change failed(ClaimedSong claimed, Reason reason, String message, TaskReports reports) {
        return new Change.Failed(claimed.claim(), reason, message, reports.all(), Task.Outcome.MADE);
    }

    private boolean isOver(Song song) {
        return song.timeoutAt().filter(over -> !now.isBefore(over)).isPresent();
    }

    /** Whether a song goes on or ends because its vendor has ended the task, and not for want of an answer. */
    static boolean isEndOfTask(Change change) {
        return change instanceof Change.Generated
                || change instanceof Change.LyricsWritten
                || change instanceof Change.Failed failed
                        && failed.reason() != Reason.VENDOR_TIMEOUT
                        && failed.reason() != Reason.TASK_LOST;
    }

    /** The vendor's interval; twice as long for a song that has used up half of its time. */
    private Instant next(Song song) {
        Duration interval = vendor.pollInterval();
        return capped(song, now.plus(takesLong(song, now) ? interval.multipliedBy(2) : interval));
    }

    /** Whether more than half of its time was over at a moment: from then on it is asked about half as often. */
    static boolean takesLong(Song song, Instant at) {
        return slowFrom(song).filter(at::isAfter).isPresent();
    }

    /** From when on a song takes long; empty if never. */
    static Optional<Instant> slowFrom(Song song) {
        return song.submittedAt().flatMap(from -> song.timeoutAt().map(to -> midway(from, to)));
    }

    private static Instant sooner(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant midway(Instant from, Instant to) {
        return from.plus(Duration.between(from, to).dividedBy(2));
    }

    /** Never later than the song's timeout, which has to be noticed. */
    private static Instant capped(Song song, Instant next) {
        return song.timeoutAt().map(over -> sooner(next, over)).orElse(next);
    }

    /** Whether an answer says anything that was not said before, of a task that goes on. */
    static boolean isNews(TaskReport before, TaskAnswer answer) {
        return answer.hasEnded()
                || TaskReports.grows(answer)
                || !answer.status().equals(before.status())
                || !answer.error().map(VendorError::message).equals(before.error())
                || !answer.clips().isEmpty() && !answer.clips().equals(before.clips());
    }

    /** The ids that the next status call asks about for a song: those whose task has not ended. */
    static List<String> open(Song song, int most) {
        return song.stepTasks().stream()
                .filter(task -> task.endedAt().isEmpty())
                .flatMap(task -> task.taskId().stream())
                .limit(most)
                .toList();
    }
}
