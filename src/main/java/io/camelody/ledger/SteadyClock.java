package io.camelody.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The time by which songs are due, claimed and given up: it begins with the wall clock's and passes as evenly as nothing
 * that people and time servers set does.
 *
 * <p>Where the wall clock shows another time, this one approaches it by a tenth of the time that passes, so an hour that the
 * wall clock jumps, or the machine sleeps, is taken in within ten hours. It never jumps and never goes back. Thread-safe.
 */
public final class SteadyClock extends Clock {

    /** Of the time that passes, the most that is added or left out. */
    private static final int SHARE = 10;

    private final Clock wall;
    private final LongSupplier nanos;
    private Instant now;
    private long heard;

    /** @param nanos what passes evenly, from any origin, such as {@link System#nanoTime} */
    public SteadyClock(Clock wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.now = wall.instant();
        this.heard = nanos.getAsLong();
    }

    /** This machine's. */
    public static SteadyClock start() {
        return new SteadyClock(Clock.systemUTC(), System::nanoTime);
    }

    @Override
    public synchronized Instant instant() {
        long moment = nanos.getAsLong();
        long passed = moment - heard;
        heard = moment;
        Instant even = now.plusNanos(passed);
        Duration behind = Duration.between(even, wall.instant());
        Duration most = Duration.ofNanos(passed / SHARE);
        // neither abs() nor negated(), which reckon in BigDecimal
        Duration least = Duration.ofNanos(-passed / SHARE);
        if (behind.compareTo(most) > 0) {
            behind = most;
        } else if (behind.compareTo(least) < 0) {
            behind = least;
        }
        now = even.plus(behind);
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Everything here is in UTC.");
    }
}
