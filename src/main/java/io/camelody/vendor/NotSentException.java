package io.camelody.vendor;

import java.io.IOException;

/** A call that failed before its request was written: the vendor certainly took nothing. */
final class NotSentException extends IOException {

    private static final long serialVersionUID = 1L;

    NotSentException(Throwable cause) {
        super(cause);
    }
}
