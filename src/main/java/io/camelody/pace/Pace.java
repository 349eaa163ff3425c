package io.camelody.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * Paid calls a second at most: a bucket that fills with one second's worth, and more slowly after the vendor said that it was
 * too fast.
 *
 * @param speed the part of the full pace that the vendor bears, 1 at most
 * @param tokens calls that might leave at {@code filledAt}
 */
public record Pace(double speed, double tokens, Instant filledAt) {

    /** At full speed, and the bucket full. */
    public static final Pace FULL = new Pace(1, 0, Instant.EPOCH);

    private static final double SLOWEST = 0.02;
    private static final double QUICKER = 0.05;

    /** How many calls may leave now. @param most a second, at full speed */
    public int ready(int most, Instant now) {
        return (int) filled(most, now);
    }

    private double filled(int most, Instant now) {
        double aSecond = most * speed;
        // a clock that was stepped back brings nothing and takes nothing
        double passed = Math.max(0, Duration.between(filledAt, now).toMillis() / 1e3);
        return Math.min(Math.max(1, aSecond), tokens + passed * aSecond);
    }

    /** So many have left. */
    public Pace without(int calls, int most, Instant now) {
        return new Pace(speed, filled(most, now) - calls, now);
    }

    /** Half as fast, down to a fiftieth. */
    Pace halved() {
        return new Pace(Math.max(SLOWEST, speed / 2), tokens, filledAt);
    }

    /** A twentieth of the full pace faster. */
    Pace quickened() {
        return new Pace(Math.min(1, speed + QUICKER), tokens, filledAt);
    }

    /** When the next call may leave. */
    public Instant nextReady(int most, Instant now) {
        double missing = 1 - filled(most, now);
        return missing <= 0 ? now : now.plusMillis((long) Math.ceil(missing / (most * speed) * 1e3));
    }
}
