package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One step in the life of a song, made under the claim that it names.
 *
 * <p>Whoever works on a song decides which change follows; the ledger makes it, durably and whole, or refuses it because
 * the claim is lost. Every change but {@link Intended} gives the claim back. An {@code answer} is the start of what the vendor
 * answered to the paid call that it ends, if anything.
 */
public sealed interface Change {

    Claim claim();

    /**
     * The paid call is about to leave. It may not leave before this is committed. The claim lasts from then on for as long as
     * the call may take, if it did not; one that has run out is refused like a lost one.
     *
     * @param callback what the vendor will show if it calls back
     */
    record Intended(Claim claim, int taskNumber, long price, Optional<CallbackToken> callback) implements Change {

        private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

        /** Of a call that nobody calls back about. */
        public Intended(Claim claim, int taskNumber, long price) {
            this(claim, taskNumber, price, Optional.empty());
        }

        /** Epoch milliseconds until which the claim must last at least. */
        long leastUntil(long now) {
            return now + LONGEST_CALL.toMillis();
        }
    }

    /**
     * The vendor has taken the paid call and named its tasks. {@code taskNumber} is that of the intent. It is recorded
     * also when the claim is lost and nobody knew what had become of that intent: a song in doubt goes on with it.
     */
    record Submitted(Claim claim, int taskNumber, List<String> taskIds, Instant firstPollAt, Instant timeoutAt)
            implements Change {}

    /**
     * The song is due to be submitted again later. {@code paidCall}: what is known of the try that is over. Where nobody knows,
     * and the vendor has called back about it, the song is in doubt instead: it must not be bought twice.
     */
    record AcceptedAgain(Claim claim, Instant dueAt, String message, Task.Outcome paidCall, Optional<String> answer)
            implements Change {

        public AcceptedAgain(Claim claim, Instant dueAt, String message, Task.Outcome paidCall) {
            this(claim, dueAt, message, paidCall, Optional.empty());
        }
    }

    /** The vendor certainly did not take the song, and another takes it over. {@code notes} says so. */
    record MovedOn(
            Claim claim,
            String vendor,
            Optional<String> lyricsVendor,
            List<String> notes,
            Instant dueAt,
            Task.Outcome paidCall,
            Optional<String> answer)
            implements Change {

        public MovedOn(
                Claim claim,
                String vendor,
                Optional<String> lyricsVendor,
                List<String> notes,
                Instant dueAt,
                Task.Outcome paidCall) {
            this(claim, vendor, lyricsVendor, notes, dueAt, paidCall, Optional.empty());
        }
    }

    /** The paid call left and nobody heard its outcome. */
    record Doubted(Claim claim, String message, Optional<String> answer) implements Change {}

    /** The vendor was asked and the task goes on, or the status call failed, which ends nothing. */
    record PolledOn(Claim claim, List<TaskReport> reports, Instant dueAt, Optional<Instant> settlingSince)
            implements Change {

        /** The same, due at another moment. */
        public PolledOn dueAt(Instant later) {
            return new PolledOn(claim, reports, later, settlingSince);
        }
    }

    /** The lyrics step has ended well: the song step is due. */
    record LyricsWritten(Claim claim, List<TaskReport> reports, ObjectNode written, Optional<String> answer)
            implements Change {

        public LyricsWritten(Claim claim, List<TaskReport> reports, ObjectNode written) {
            this(claim, reports, written, Optional.empty());
        }
    }

    /** The song step has ended well and its clips are known. */
    record Generated(Claim claim, List<TaskReport> reports, ArrayNode clips, Optional<String> answer)
            implements Change {

        public Generated(Claim claim, List<TaskReport> reports, ArrayNode clips) {
            this(claim, reports, clips, Optional.empty());
        }
    }

    /**
     * Not every clip and sink has succeeded yet; what has is in {@code clips} and {@code sinks}.
     *
     * @param attempt how often the clips could not be had so far
     * @param message what stands between the song and its end; empty while nothing has failed
     */
    record DeliverLater(
            Claim claim,
            ArrayNode clips,
            List<SinkDelivery> sinks,
            int attempt,
            Instant dueAt,
            Optional<String> message)
            implements Change {}

    /** Every sink has confirmed. */
    record Delivered(Claim claim, ArrayNode clips, List<SinkDelivery> sinks) implements Change {}

    /** The clips could not be had, or a sink did not take them. What other sinks have stays noted. */
    record Undelivered(Claim claim, ArrayNode clips, List<SinkDelivery> sinks, Reason reason, String message)
            implements Change {}

    /** The song ends without audio. A paid call under way is counted as {@code paidCall} says. */
    record Failed(
            Claim claim,
            Reason reason,
            String message,
            List<TaskReport> reports,
            Task.Outcome paidCall,
            Optional<String> answer)
            implements Change {

        public Failed(Claim claim, Reason reason, String message, List<TaskReport> reports, Task.Outcome paidCall) {
            this(claim, reason, message, reports, paidCall, Optional.empty());
        }
    }

    /** Nothing was done; the song is due as it was. Refused like a lost claim while an intent is open. */
    record Released(Claim claim) implements Change {}

    /**
     * What a status answer said of one task.
     *
     * @param missing answers in a row that left the task out
     * @param ended whether the vendor will say nothing new of it
     * @param answer the start of what the vendor said last; kept of a task that has ended
     */
    record TaskReport(
            int number,
            String status,
            ArrayNode clips,
            Optional<String> error,
            int missing,
            boolean ended,
            Optional<String> answer) {

        public TaskReport(
                int number, String status, ArrayNode clips, Optional<String> error, int missing, boolean ended) {
            this(number, status, clips, error, missing, ended, Optional.empty());
        }

        /** Whether the song can be heard already: by the task's word, or by a clip's where the task calls itself ended. */
        boolean isStreaming() {
            return !ended
                    && (status.equals(Happening.STREAMING)
                            || clips.findValuesAsText("status").contains(Happening.STREAMING));
        }
    }
}
