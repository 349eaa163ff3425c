package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.pace.Heard;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Decides what the outcome of a paid call means for a song. Only what is certain to have bought nothing is sent again;
 * everything else is in doubt, unless the vendor's settings accept a second bill for the step.
 */
final class SubmitJudge {

    /** The pause of the vendor is what holds the song back; it is written down right after this. */
    private static final Duration WHILE_PAUSED = Duration.ofSeconds(1);

    private final VendorSettings vendor;
    private final Instant now;
    private final RandomGenerator random;

    SubmitJudge(VendorSettings vendor, Instant now, RandomGenerator random) {
        this.vendor = vendor;
        this.now = now;
        this.random = random;
    }

    /** @param taskNumber of the intent that was committed before the call left */
    Change judge(ClaimedSong claimed, int taskNumber, SubmitAnswer answer) {
        Song song = claimed.song();
        if (answer instanceof SubmitAnswer.Taken taken) {
            return new Change.Submitted(
                    claimed.claim(),
                    taskNumber,
                    taken.taskIds(),
                    now.plus(vendor.pollFirstAfter()),
                    now.plus(timeout(song)));
        }
        if (answer instanceof SubmitAnswer.Ended ended) {
            return ended(claimed, ended.task());
        }
        SubmitAnswer.NotTaken no = (SubmitAnswer.NotTaken) answer;
        VendorError error = no.error();
        return switch (error.errorClass()) {
            case CONTENT -> refused(claimed, Reason.CONTENT_REFUSED, no);
            case INVALID -> refused(claimed, Reason.VENDOR_REFUSED, no);
            case RATE, TRANSIENT -> again(claimed, wait(song, error), no, Task.Outcome.NOT_MADE);
            case CREDITS, AUTH -> again(claimed, WHILE_PAUSED, no, Task.Outcome.NOT_MADE);
            case UNKNOWN ->
                vendor.resubmitOnDoubt() && !isSecondDoubt(song)
                        ? again(claimed, wait(song, error), no, Task.Outcome.UNKNOWN)
                        : new Change.Doubted(claimed.claim(), error.message(), no.rawAnswer());
        };
    }

    /** What an answer says of the vendor. */
    static Heard heard(SubmitAnswer answer) {
        if (!(answer instanceof SubmitAnswer.NotTaken no)) {
            return new Heard(Heard.Kind.TAKEN);
        }
        return switch (no.error().errorClass()) {
            case RATE -> new Heard(Heard.Kind.TOO_FAST, no.error().retryAfter().orElse(Duration.ZERO));
            case TRANSIENT, UNKNOWN -> new Heard(Heard.Kind.TROUBLE);
            case CONTENT, INVALID, CREDITS, AUTH -> new Heard(Heard.Kind.REFUSED);
        };
    }

    /** A second bill is accepted, and no third. */
    private static boolean isSecondDoubt(Song song) {
        return song.tasks().stream()
                .anyMatch(task -> task.step() == song.step() && task.outcome() == Task.Outcome.UNKNOWN);
    }

    private Change ended(ClaimedSong claimed, TaskAnswer task) {
        if (task.status().equals(TaskAnswer.SUCCEEDED)) {
            if (claimed.song().step() == Step.LYRICS && task.lyrics().isPresent()) {
                return new Change.LyricsWritten(claimed.claim(), List.of(), PollJudge.written(task), task.raw());
            }
            if (claimed.song().step() == Step.SONG && !task.clips().isEmpty()) {
                return new Change.Generated(claimed.claim(), List.of(), task.clips(), task.raw());
            }
        }
        boolean content = task.error()
                .filter(error -> error.errorClass() == ErrorClass.CONTENT)
                .isPresent();
        String message = task.error().map(VendorError::message).orElse("The vendor ended the task without a result.");
        return new Change.Failed(
                claimed.claim(),
                content ? Reason.CONTENT_REFUSED : Reason.VENDOR_FAILED,
                message,
                List.of(),
                Task.Outcome.MADE,
                task.raw());
    }

    private static Change refused(ClaimedSong claimed, Reason reason, SubmitAnswer.NotTaken no) {
        return new Change.Failed(
                claimed.claim(), reason, no.error().message(), List.of(), Task.Outcome.NOT_MADE, no.rawAnswer());
    }

    private Change again(ClaimedSong claimed, Duration wait, SubmitAnswer.NotTaken no, Task.Outcome paidCall) {
        return new Change.AcceptedAgain(
                claimed.claim(), now.plus(wait), no.error().message(), paidCall, no.rawAnswer());
    }

    private Duration wait(Song song, VendorError error) {
        return error.retryAfter()
                .filter(wait -> !wait.isZero())
                .orElseGet(() -> Backoff.SUBMIT.after(song.attempt() + 1, random));
    }

    /** The song's own timeout, or the vendor's. */
    private Duration timeout(Song song) {
        return new SongRequest(song.request()).timeout().orElse(vendor.timeout());
    }
}
