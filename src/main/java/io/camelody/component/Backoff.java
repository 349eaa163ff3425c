package io.camelody.component;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failures: twice as long each time up to a limit, and a little more or less than others. */
record Backoff(Duration first, Duration most) {

    static final Backoff SUBMIT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    static final Backoff POLL = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    static final Backoff RECORD = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    static final Backoff TELL = new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(10));
    static final Backoff DELIVER = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /** @param failures before this wait, at least 1 */
    Duration after(int failures, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(failures - 1, 20);
        long bounded = Math.min(doubled, most.toMillis());
        return Duration.ofMillis((long) (bounded * random.nextDouble(0.75, 1.25)));
    }
}
