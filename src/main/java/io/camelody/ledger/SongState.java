package io.camelody.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What has been achieved and recorded for a song.
 *
 * <p>A state is never "in work": who works on a song right now is its claim, not its state.
 */
public enum SongState {
    /** Valid and durable; the caller has been told so. A step is due to be submitted. */
    ACCEPTED,
    /** A vendor has given a task id. From here on only status calls are made, however often a process dies. */
    SUBMITTED,
    /** The task has ended well and its clips are known. From here on the vendor is asked for nothing but the audio. */
    GENERATED,
    /** The paid call left and nobody heard the answer. Never sent again by itself. */
    IN_DOUBT,
    /** Every sink has confirmed. */
    DELIVERED,
    /** Ended without a song, for a {@link Reason}. */
    FAILED,
    /** Ended by a person. */
    CANCELLED;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The one spelling in the ledger, JSON, logs and on the command line. */
    public String word() {
        return word;
    }

    /** Whether nothing follows by itself. A song in doubt is not final: it waits for a person. */
    public boolean isFinal() {
        return this == DELIVERED || this == FAILED || this == CANCELLED;
    }

    public static Optional<SongState> of(String word) {
        return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(SongState::word).toList();
    }

    @Override
    public String toString() {
        return word;
    }
}
