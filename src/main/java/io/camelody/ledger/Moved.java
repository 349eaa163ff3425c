package io.camelody.ledger;

import java.sql.SQLException;
import java.util.Optional;

/** What a ledger in a file says of where it has gone. */
final class Moved {

    private static final String TO = "SELECT moved_to FROM ledger_version WHERE moved_to IS NOT NULL";

    private static final String NOTE = "UPDATE ledger_version SET moved_to = ?";

    private Moved() {}

    static Optional<String> to(Session session) throws SQLException {
        return session.find(row -> row.getString(1), TO);
    }

    /** @param place without any secret; empty if it has gone nowhere */
    static int note(Session session, Optional<String> place) throws SQLException {
        return session.update(NOTE, place);
    }

    /** @throws LedgerException if it has gone */
    static void demandHere(Optional<String> place, String file) {
        if (place.isPresent()) {
            throw new LedgerException(
                    "The ledger was moved to %s, or that was begun: nothing works on the file any more, or its songs would be bought twice. Set camelody.ledger.url to where it is now. If the copy was broken off, camelody ledger copy with the same --to finishes it, and with --give-up too it goes back to the file. (ledger: %s)"
                            .formatted(place.get(), file));
        }
    }
}
