package io.camelody.component;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which something is left alone. It is kept by its beginning and its length: a clock that is stepped back an hour
 * makes it begin anew, and not last an hour longer. Thread-safe.
 */
final class Closing {

    private Instant since = Instant.EPOCH;
    private Duration length = Duration.ZERO;

    /** Closes from now on for so long; what is closed for longer stays so. */
    synchronized void lasts(Instant now, Duration wait) {
        if (now.plus(wait).isAfter(end(now))) {
            since = now;
            length = wait;
        }
    }

    /** When it is over; not after now if it is. */
    synchronized Instant end(Instant now) {
        if (now.isBefore(since)) {
            since = now;
        }
        return since.plus(length);
    }

    boolean isOver(Instant now) {
        return !now.isBefore(end(now));
    }
}
