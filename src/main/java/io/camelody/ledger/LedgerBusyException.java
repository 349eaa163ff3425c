package io.camelody.ledger;

import java.nio.file.Path;

/** Another process works on this ledger file. Commands that look and steer work beside it; a second worker does not. */
public final class LedgerBusyException extends LedgerException {

    private static final long serialVersionUID = 1L;

    LedgerBusyException(Path ledger, String process) {
        super(
                "Another camelody works on this ledger. Wait for it or stop it, or give this one another --home; in a Camel context of yours another camelody.home, or camelody.routes = off if it needs none. (ledger: %s, process: %s)"
                        .formatted(ledger, process.isEmpty() ? "unknown" : process));
    }
}
