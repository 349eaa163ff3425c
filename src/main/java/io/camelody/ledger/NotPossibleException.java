package io.camelody.ledger;

/** What a person asked of a song cannot be done to it; nothing was changed. The message says what it is instead. */
public final class NotPossibleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotPossibleException(String message) {
        super(message);
    }
}
