package io.camelody.sink;

/** A sink will never take this song, so it is not tried again. The other sinks of the song go on. */
public final class SinkRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SinkRefusedException(String message) {
        super(message);
    }
}
