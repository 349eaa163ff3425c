package io.camelody.http;

/** The HTTP server could not have its port; the message says which and what to set. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PortTakenException(HttpSettings settings, Throwable cause) {
        super(
                "Could not listen on port %d of %s: %s. Set camelody.http.port to another one, to 0 for any, or to nothing for no HTTP."
                        .formatted(settings.port(), settings.host(), cause.getMessage()),
                cause);
    }
}
