package io.camelody.component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is looked up when somebody asks for it, and kept for some seconds. What takes long to look up is looked up less often,
 * so that no more than a twentieth of the time goes into it. Whoever asks meanwhile gets what is kept. A failure is kept for the
 * seconds, too: who asks for many things at once is not kept waiting for each of them. Thread-safe.
 */
public final class Kept<T> {

    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final int SHARE = 20;

    private record Found<T>(Supplier<T> what, Instant from, Instant until) {

        boolean isGoodAt(Instant now) {
            return !now.isBefore(from) && now.isBefore(until);
        }
    }

    private final Clock clock;
    private final Supplier<T> look;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Found<T> latest;

    public Kept(Clock clock, Supplier<T> look) {
        this.clock = clock;
        this.look = look;
    }

    /** Fails as the look does. */
    public T get() {
        Found<T> known = latest;
        if (isGood(known)) {
            return known.what().get();
        }
        if (known == null) {
            looking.lock();
        } else if (!looking.tryLock()) {
            return known.what().get();
        }
        try {
            if (!isGood(latest)) {
                latest = look();
            }
            return latest.what().get();
        } finally {
            looking.unlock();
        }
    }

    private Found<T> look() {
        Instant from = clock.instant();
        try {
            T what = look.get();
            Duration took = Duration.between(from, clock.instant());
            return new Found<>(() -> what, from, from.plus(KEPT).plus(took.multipliedBy(SHARE)));
        } catch (RuntimeException e) {
            Supplier<T> failure = () -> {
                throw e;
            };
            return new Found<>(failure, from, clock.instant().plus(KEPT));
        }
    }

    private boolean isGood(Found<T> found) {
        return found != null && found.isGoodAt(clock.instant());
    }
}
