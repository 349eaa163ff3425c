package io.camelody.component;

import java.time.Duration;
import java.time.Instant;

/**
 * Paid calls a second at most: a bucket that fills with one second's worth, and more slowly after the vendor said that it was
 * too fast. Not thread-safe.
 */
final class Pace {

    private static final double SLOWEST = 0.02;
    private static final double QUICKER = 0.05;

    private final int most;
    private double aSecond;
    private double tokens;
    private Instant filledAt;

    Pace(int most, Instant now) {
        this.most = most;
        this.aSecond = most;
        this.tokens = most;
        this.filledAt = now;
    }

    /** How many calls may leave now. */
    int ready(Instant now) {
        // a clock that was stepped back brings nothing and takes nothing
        double passed = Math.max(0, Duration.between(filledAt, now).toNanos() / 1e9);
        tokens = Math.min(Math.max(1, aSecond), tokens + passed * aSecond);
        filledAt = now;
        return (int) tokens;
    }

    void take() {
        tokens--;
    }

    /** Half as fast, down to a fiftieth. */
    void halve() {
        aSecond = Math.max(most * SLOWEST, aSecond / 2);
        tokens = Math.min(tokens, aSecond);
    }

    /** A twentieth of the full pace faster. */
    void quicken() {
        aSecond = Math.min(most, aSecond + most * QUICKER);
    }

    /** When the next call may leave. */
    Instant nextReady(Instant now) {
        return tokens >= 1 ? now : now.plusNanos((long) ((1 - tokens) / aSecond * 1e9));
    }
}
