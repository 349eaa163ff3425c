package io.camelody.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a receiver that did not take an event is tried again: ten times in all, over more than three days. */
final class Schedule {

    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private static final Duration LONGEST_ASKED = Duration.ofHours(24);

    private static final double JITTER = 0.1;

    private Schedule() {}

    /**
     * @param attempt the one that failed, from 1
     * @param asked how long the receiver wants to be left alone
     * @return how long to wait, up to a tenth longer than it says here; empty if that was the last one
     */
    static Optional<Duration> after(int attempt, Optional<Duration> asked, RandomGenerator random) {
        if (attempt > WAITS.size()) {
            return Optional.empty();
        }
        long own = WAITS.get(attempt - 1).toMillis();
        long wanted = Math.min(asked.orElse(Duration.ZERO).toMillis(), LONGEST_ASKED.toMillis());
        long wait = Math.max(own, wanted);
        return Optional.of(Duration.ofMillis(wait + (long) (wait * JITTER * random.nextDouble())));
    }
}
