package io.camelody.component;

import java.time.Duration;
import java.time.Instant;

/** Paid calls a second at most: a bucket that fills with one second's worth. Not thread-safe: one round at a time uses it. */
final class Pace {

    private final int aSecond;
    private double tokens;
    private Instant filledAt;

    Pace(int aSecond, Instant now) {
        this.aSecond = aSecond;
        this.tokens = aSecond;
        this.filledAt = now;
    }

    /** How many calls may leave now. */
    int ready(Instant now) {
        // a clock that was stepped back brings nothing and takes nothing
        double passed = Math.max(0, Duration.between(filledAt, now).toNanos() / 1e9);
        tokens = Math.min(aSecond, tokens + passed * aSecond);
        filledAt = now;
        return (int) tokens;
    }

    void take() {
        tokens--;
    }

    /** When the next call may leave. */
    Instant nextReady(Instant now) {
        return tokens >= 1 ? now : now.plusNanos((long) ((1 - tokens) / aSecond * 1e9));
    }
}
