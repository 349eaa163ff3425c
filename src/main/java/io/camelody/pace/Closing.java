package io.camelody.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which something is left alone. It is kept by its beginning and its length: where a clock was stepped back an hour,
 * {@link #asOf} has it begin anew, and not last an hour longer.
 */
public record Closing(Instant since, Duration length) {

    /** Over since ever. */
    public static final Closing NONE = new Closing(Instant.EPOCH, Duration.ZERO);

    /** Closed from now on for so long; what is closed for longer stays so. */
    public Closing lasting(Instant now, Duration wait) {
        return now.plus(wait).isAfter(end(now)) ? new Closing(now, wait) : this;
    }

    public Closing asOf(Instant now) {
        return now.isBefore(since) ? new Closing(now, length) : this;
    }

    /** When it is over; not after now if it is. */
    public Instant end(Instant now) {
        return asOf(now).since.plus(length);
    }

    public boolean isOver(Instant now) {
        return !now.isBefore(end(now));
    }
}
