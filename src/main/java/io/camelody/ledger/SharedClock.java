package io.camelody.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The time of the database that several nodes share, as this one heard it last: every transaction brings it along.
 *
 * <p>Where the database is ahead, as after this machine has slept, that is the time at once: claims have run out for the others
 * too. Where it is behind, this clock waits for it by going slower, by a tenth: it never goes back. Thread-safe.
 */
final class SharedClock extends Clock {

    /** Of the time that passes, the most that is left out. */
    private static final int SHARE = 10;

    private final LongSupplier nanos;
    private Instant shown;
    private long shownAt;
    private Instant heard;
    private long heardAt;
    private boolean hasHeard;

    /** @param meanwhile what it shows before anything was heard */
    SharedClock(Clock meanwhile, LongSupplier nanos) {
        this.nanos = nanos;
        shown = meanwhile.instant();
        shownAt = nanos.getAsLong();
        heard = shown;
        heardAt = shownAt;
    }

    /** The database says what time it is. */
    synchronized void hear(Instant now) {
        heard = now;
        heardAt = nanos.getAsLong();
        if (!hasHeard) {
            hasHeard = true;
            shown = heard;
            shownAt = heardAt;
        }
    }

    @Override
    public synchronized Instant instant() {
        long moment = nanos.getAsLong();
        Duration passed = Duration.ofNanos(moment - shownAt);
        Instant theirs = heard.plusNanos(moment - heardAt);
        Instant slow = shown.plus(passed).minus(passed.dividedBy(SHARE));
        shown = theirs.isAfter(slow) ? theirs : slow;
        shownAt = moment;
        return shown;
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
