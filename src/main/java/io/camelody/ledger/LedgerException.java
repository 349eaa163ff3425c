package io.camelody.ledger;

/** The ledger could not be read or written. What was under way is unchanged: every method is one transaction. */
public class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    LedgerException(String message) {
        super(message);
    }
}
