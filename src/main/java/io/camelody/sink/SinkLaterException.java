package io.camelody.sink;

import java.time.Duration;

/** A sink did not take a song this time, and says itself when it is to be tried again, for as long as it likes. */
public final class SinkLaterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration after;

    public SinkLaterException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** How long to leave the sink alone. */
    public Duration after() {
        return after;
    }
}
