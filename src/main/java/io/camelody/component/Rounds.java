package io.camelody.component;

import io.camelody.ledger.ClaimedSong;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds that one thread makes to look for work: at once when somebody wakes it, at the moment that the last round has named,
 * and every second for what was missed. Thread-safe.
 */
final class Rounds {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private static final Duration NET = Duration.ofSeconds(1);

    /** What comes together within it costs one round. */
    private static final long SOON_MS = 10;

    /** For what nobody says when it ends: another node's claim that is not committed yet. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** A round that waits for a locked ledger takes half a minute. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    private final Clock clock;
    private final BiFunction<Instant, Duration, Instant> round;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final AtomicBoolean isDueSoon = new AtomicBoolean();
    private volatile Instant turnedAt;
    private volatile ScheduledExecutorService thread;

    /** Of the rounds' thread: the moment of the earliest round that it will come for by itself. */
    private Instant wakesAt;

    /** @param round is told when it begins and how long after the last one, and says when to look again at the latest */
    Rounds(Clock clock, BiFunction<Instant, Duration, Instant> round) {
        this.clock = clock;
        this.round = round;
    }

    /** When to claim once more of what is due, after these came. */
    static Instant after(List<ClaimedSong> claimed, Instant now) {
        return claimed.isEmpty() ? now.plus(LOOK_AGAIN) : now;
    }

    /** Begins with a round at once, and goes on until the thread is stopped. */
    void start(ScheduledExecutorService single) {
        thread = single;
        // a stop may have dropped the round that was due
        isDue.set(false);
        isDueSoon.set(false);
        wakesAt = Instant.MAX;
        turnedAt = clock.instant();
        single.scheduleWithFixedDelay(this::wake, 0, NET.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has a round made at once; many calls before it begins make one round. */
    void wake() {
        if (isDue.compareAndSet(false, true) && !isScheduled(this::turn, 0)) {
            isDue.set(false);
        }
    }

    /** Has a round made soon, of what others have come for by then. */
    void wakeSoon() {
        if (!isDue.get() && isDueSoon.compareAndSet(false, true) && !isScheduled(this::comeSoon, SOON_MS)) {
            isDueSoon.set(false);
        }
    }

    private void comeSoon() {
        // unless a round was made meanwhile
        if (isDueSoon.get()) {
            wake();
        }
    }

    private void turn() {
        Instant now = clock.instant();
        Duration since = Duration.between(turnedAt, now);
        turnedAt = now;
        isDue.set(false);
        isDueSoon.set(false);
        wakeAt(round.apply(now, since));
    }

    /** Not where an earlier one comes anyhow: Camel's executor refuses a thousandth task that waits, a round that is due too. */
    private void wakeAt(Instant next) {
        Instant now = clock.instant();
        if (next.isBefore(now.plus(NET)) && next.isBefore(wakesAt)) {
            // not a moment before it is due, or nothing is yet, and nobody comes again for it
            long millis = Math.max(0, Duration.between(now, next).toMillis()) + 1;
            if (isScheduled(() -> comeFor(next), millis)) {
                wakesAt = next;
            }
        }
    }

    private void comeFor(Instant moment) {
        if (wakesAt.equals(moment)) {
            wakesAt = Instant.MAX;
        }
        wake();
    }

    private boolean isScheduled(Runnable what, long millis) {
        try {
            thread.schedule(what, millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The thread is stopped, or has too much to come for.", e);
            return false;
        }
    }

    /** How long no round has begun; empty where that is nothing to worry about. */
    Optional<Duration> stuck() {
        Duration since = Duration.between(turnedAt, clock.instant());
        return since.compareTo(STUCK_AFTER) > 0 ? Optional.of(since) : Optional.empty();
    }

    /** Until the round that may be under way has ended. */
    void await() throws ExecutionException {
        try {
            thread.submit(() -> {}).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
