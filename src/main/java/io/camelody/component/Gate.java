package io.camelody.component;

import io.camelody.settings.VendorSettings;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorError;
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

    /** What an answer has changed for the calls after it. */
    enum Turn {
        NONE,
        /** The vendor wants no calls for a time worth saying. */
        LEFT_ALONE,
        /** The gate has closed for a vendor that does not answer sensibly. */
        BROKEN,
        /** Such a vendor has answered sensibly, and the gate is open for all. */
        MENDED
    }

    static final int BREAKS_AFTER = 5;

    private static final Duration WORTH_SAYING = Duration.ofSeconds(10);

    private static final Backoff CLOSED = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    private final Pace pace;
    private final RandomGenerator random;
    private final Closing closed = new Closing();
    private int failures;
    private boolean isTried;

    Gate(VendorSettings vendor, Instant now, RandomGenerator random) {
        this.pace = new Pace(vendor.submitRate(), now);
        this.random = random;
    }

    /** @param underWay calls that have left and are not answered */
    synchronized int room(Instant now, int underWay) {
        if (!closed.isOver(now)) {
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
        Instant open = closed.end(now);
        return ready.isAfter(open) ? ready : open;
    }

    synchronized void left() {
        pace.take();
        isTried = true;
    }

    synchronized Turn heard(SubmitAnswer answer, Instant now) {
        boolean wasBroken = isBroken();
        if (!(answer instanceof SubmitAnswer.NotTaken no)) {
            failures = 0;
            pace.quicken();
            return wasBroken ? Turn.MENDED : Turn.NONE;
        }
        ErrorClass what = no.error().errorClass();
        if (what == ErrorClass.TRANSIENT || what == ErrorClass.UNKNOWN) {
            return failed(now);
        }
        failures = 0;
        if (what == ErrorClass.RATE && isLeftAlone(no.error(), now)) {
            return Turn.LEFT_ALONE;
        }
        return wasBroken ? Turn.MENDED : Turn.NONE;
    }

    private Turn failed(Instant now) {
        // it left before the gate closed, and says nothing new
        if (isBroken() && !isTried) {
            return Turn.NONE;
        }
        failures++;
        if (!isBroken()) {
            return Turn.NONE;
        }
        isTried = false;
        closed.lasts(now, CLOSED.after(failures - BREAKS_AFTER + 1, random));
        return Turn.BROKEN;
    }

    private boolean isLeftAlone(VendorError error, Instant now) {
        pace.halve();
        boolean wasOpen = closed.isOver(now);
        Duration wait = error.retryAfter().orElse(Duration.ZERO);
        closed.lasts(now, wait);
        return wasOpen && wait.compareTo(WORTH_SAYING) >= 0;
    }

    private boolean isBroken() {
        return failures >= BREAKS_AFTER;
    }
}
