package io.camelody.pace;

import java.time.Duration;

/**
 * What the answer to a paid call says of the vendor.
 *
 * @param leaveAlone for how long the vendor wants no more calls; zero where it did not say
 */
public record Heard(Kind kind, Duration leaveAlone) {

    public enum Kind {
        /** The call was taken. */
        TAKEN,
        /** It was not, for what it was: the vendor is well. */
        REFUSED,
        /** It was not, since there were too many. */
        TOO_FAST,
        /** The vendor was not reached, or its answer is of no use. */
        TROUBLE
    }

    public Heard(Kind kind) {
        this(kind, Duration.ZERO);
    }

    /** Whether it changes what the calls after it go by, however these were before. */
    public boolean isBad() {
        return kind == Kind.TOO_FAST || kind == Kind.TROUBLE;
    }
}
