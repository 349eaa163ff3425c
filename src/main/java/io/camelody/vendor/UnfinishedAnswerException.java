package io.camelody.vendor;

import java.io.IOException;

/** A call that was written and not answered to the end: nobody knows what the vendor would have said. */
final class UnfinishedAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    UnfinishedAnswerException(Throwable cause) {
        super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }

    UnfinishedAnswerException(String message) {
        super(message);
    }

    UnfinishedAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
