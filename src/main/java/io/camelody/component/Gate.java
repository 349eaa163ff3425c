package io.camelody.component;

import io.camelody.settings.VendorSettings;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * How many paid calls may leave for one vendor now.
 *
 * <p>Calls a second follow {@code submit-rate}; each answer that means too fast halves the pace for everybody, and each call
 * that is taken brings a twentieth of it back. After {@value #BREAKS_AFTER} calls in a row that the vendor did not answer
 * sensibly the gate closes, for longer each time, and opens for a single call: a vendor in trouble must not put a whole batch
 * in doubt. Thread-safe.
 */
final class Gate {

    static final int BREAKS_AFTER = 5;

    private static final Backoff CLOSED = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    private final Pace pace;
    private final RandomGenerator random;
    private Instant closedUntil = Instant.MIN;
    private int failures;

    Gate(VendorSettings vendor, Instant now, RandomGenerator random) {
        this.pace = new Pace(vendor.submitRate(), now);
        this.random = random;
    }

    /** @param underWay calls that have left and are not answered */
    synchronized int room(Instant now, int underWay) {
        if (now.isBefore(closedUntil)) {
            return 0;
        }
        int ready = pace.ready(now);
        return isBroken() ? Math.min(ready, 1 - underWay) : ready;
    }

    /** When there may be room again; never, for now, while the single call of a closed gate is under way. */
    synchronized Instant opensAt(Instant now, int underWay) {
        if (isBroken() && underWay > 0) {
            return Instant.MAX;
        }
        Instant ready = pace.nextReady(now);
        return ready.isAfter(closedUntil) ? ready : closedUntil;
    }

    synchronized void left() {
        pace.take();
    }

    /** @return whether the gate has just closed for a vendor that does not answer sensibly */
    synchronized boolean heard(SubmitAnswer answer, Instant now) {
        if (!(answer instanceof SubmitAnswer.NotTaken no)) {
            failures = 0;
            pace.quicken();
            return false;
        }
        ErrorClass what = no.error().errorClass();
        if (what == ErrorClass.RATE) {
            pace.halve();
            no.error().retryAfter().ifPresent(wait -> close(now.plus(wait)));
        }
        if (what != ErrorClass.TRANSIENT && what != ErrorClass.UNKNOWN) {
            failures = 0;
            return false;
        }
        failures++;
        if (isBroken()) {
            close(now.plus(CLOSED.after(failures - BREAKS_AFTER + 1, random)));
        }
        return isBroken();
    }

    private boolean isBroken() {
        return failures >= BREAKS_AFTER;
    }

    private void close(Instant until) {
        closedUntil = until.isAfter(closedUntil) ? until : closedUntil;
    }
}
