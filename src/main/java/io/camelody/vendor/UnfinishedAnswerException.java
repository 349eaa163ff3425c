package io.camelody.vendor;

import java.io.IOException;

/** A vendor's answer that was given up before its end; nobody knows what it would have said. */
final class UnfinishedAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    UnfinishedAnswerException(String message) {
        super(message);
    }

    UnfinishedAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
