package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The vendor's side of a step: what costs money.
 *
 * @param number 1 for a song's first task
 * @param taskId the vendor's name for it; empty until the vendor has given one
 * @param price micro-dollars by the settings at the time; 0 where no price is set
 * @param status the vendor's last word on it
 * @param missing status answers in a row that left it out
 * @param superseded whether a later task of the same step took its place
 * @param answer the start of what the vendor answered last: to the paid call where that is in doubt or brought no task, else
 *     the status answer that the task has ended by; empty while the task goes on
 */
public record Task(
        int number,
        Step step,
        String vendor,
        Outcome outcome,
        Optional<String> taskId,
        long price,
        Optional<String> status,
        ArrayNode clips,
        Optional<String> error,
        int missing,
        boolean superseded,
        Instant intendedAt,
        Optional<Instant> endedAt,
        Optional<String> answer) {

    /** The status of a task that the vendor no longer knew, though it had taken it. */
    public static final String LOST = "lost";

    /** What is known of the paid call. */
    public enum Outcome {
        /** Committed before the call leaves; still so after a crash means that nobody knows. */
        INTENDED,
        /** The vendor has taken it. */
        MADE,
        /** It certainly does not exist. */
        NOT_MADE,
        /** Nobody can know. */
        UNKNOWN;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

        public String word() {
            return word;
        }

        static Outcome of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
