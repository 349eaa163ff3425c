package io.camelody.ledger;

/**
 * The database went away while a transaction was committed and has not come back since, so nobody can say yet whether what was
 * written stands. What has an id of its own may be written once more; for all else somebody has to look first.
 */
public final class UnknownOutcomeException extends LedgerException {

    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(Throwable cause, String ledger) {
        super(
                "PostgreSQL went away while the ledger was written, and nobody can say yet whether that stands. (ledger: %s)"
                        .formatted(ledger),
                cause);
    }
}
