package io.camelody.ledger;

import io.camelody.pace.Gate.Turn;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the change that a paid call's answer has brought, and what it changes for the calls after it. A bad answer is both in
 * one transaction: a trial that has failed is not over before the gate has closed again. A good one mostly changes nothing, so
 * it waits for no other node, and has a second transaction where it does.
 */
final class Hearing {

    private static final Logger LOG = LoggerFactory.getLogger(SongLedger.class);

    private final Database database;
    private final Clock clock;

    Hearing(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @throws ClaimLostException with nothing changed, if the change's claim no longer holds */
    Turn make(Change change, PaidAnswer answer, Budget budget) {
        List<String> lock = List.of(VendorGate.lock(answer.vendor()));
        boolean isBad = answer.heard().isBad();
        Optional<Turn> turn = database.write(isBad ? lock : List.of(), session -> {
            demandMade(new Changes(session, clock.millis(), budget).makeAll(List.of(change)));
            VendorGate gate = gate(session, answer);
            if (isBad) {
                return Optional.of(gate.hear(change.claim(), answer.heard()));
            }
            return gate.isCalmAbout(change.claim(), answer.heard()) ? Optional.of(Turn.NONE) : Optional.empty();
        });
        return turn.orElseGet(() -> hear(change.claim(), answer, lock));
    }

    private static void demandMade(List<Optional<RuntimeException>> refusals) {
        refusals.get(0).ifPresent(refusal -> {
            throw refusal;
        });
    }

    private Turn hear(Claim claim, PaidAnswer answer, List<String> lock) {
        try {
            return database.write(lock, session -> gate(session, answer).hear(claim, answer.heard()));
        } catch (LedgerException e) {
            // the change stands; the next good answer says as much
            LOG.debug("A good answer has mended nothing. (vendor: {})", answer.vendor(), e);
            return Turn.NONE;
        }
    }

    private VendorGate gate(Session session, PaidAnswer answer) throws SQLException {
        return new VendorGate(session, answer.vendor(), answer.sandbox(), clock.millis());
    }
}
