package io.camelody.audio;

import java.time.Duration;

/**
 * How patient a fetch is, and what it lets through.
 *
 * @param connectTimeout for the connection alone
 * @param stallTimeout how long to wait for the answer, and then for each further 16 KiB of it
 * @param totalTimeout for one fetch from start to end, redirects included
 * @param maxBytes the largest file to accept
 * @param durationTolerance the part by which audio may be shorter than the vendor stated, such as 0.05, and never less
 *     than 3 s; it may be longer by twice as much, and never less than 5 s
 */
public record FetchSettings(
        Duration connectTimeout,
        Duration stallTimeout,
        Duration totalTimeout,
        long maxBytes,
        double durationTolerance) {

    private static final double LEAST_SHORTER = 3;
    private static final double LEAST_LONGER = 5;

    /** @throws IllegalArgumentException if a time or a size is not positive, or the tolerance is not within 0 and 1 */
    public FetchSettings {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("stallTimeout", stallTimeout);
        requirePositive("totalTimeout", totalTimeout);
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("Expected maxBytes to be positive, got: " + maxBytes);
        }
        if (!(durationTolerance >= 0 && durationTolerance < 1)) {
            throw new IllegalArgumentException(
                    "Expected durationTolerance to be at least 0 and below 1, got: " + durationTolerance);
        }
    }

    /** 10 s to connect, 30 s without progress, 15 min in all, 2 GiB, 5 %. */
    public static FetchSettings defaults() {
        return new FetchSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(15), 2L << 30, 0.05);
    }

    /** Whether audio of {@code actual} seconds can be what a vendor, who rounds, calls {@code expected} seconds. */
    boolean agree(double expected, double actual) {
        return actual >= expected - Math.max(LEAST_SHORTER, expected * durationTolerance)
                && actual <= expected + Math.max(LEAST_LONGER, expected * durationTolerance * 2);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("Expected " + name + " to be positive, got: " + value);
        }
    }
}
