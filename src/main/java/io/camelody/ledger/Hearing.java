package io.camelody.ledger;

import io.camelody.pace.Gate.Turn;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the change that a paid call's answer has brought, and what it changes for the calls after it, which it does also where
 * the song went on without it. A bad answer is both in one transaction: a trial that has failed is not over before the gate has
 * closed again. A good one mostly changes nothing, so it waits for no other node, and has a second transaction where it does.
 */
final class Hearing {

    private static final Logger LOG = LoggerFactory.getLogger(SongLedger.class);

    private final Database database;
    private final Clock clock;

    Hearing(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param turn empty where the answer has something to change that is to be waited for */
    private record Made(Optional<RuntimeException> refusal, Optional<Turn> turn) {}

    /** Where the change's claim no longer holds nothing is made of it, and the answer counts all the same. */
    PaidAnswer.Noted make(Change change, PaidAnswer answer, Budget budget) {
        List<String> lock = List.of(VendorGate.lock(answer.vendor()));
        boolean isBad = answer.heard().isBad();
        Made made = database.write(isBad ? lock : List.of(), session -> {
            Optional<RuntimeException> refusal = new Changes(session, clock.millis(), budget)
                    .makeAll(List.of(change))
                    .get(0);
            VendorGate gate = gate(session, answer);
            if (isBad) {
                return new Made(refusal, Optional.of(gate.hear(change.claim(), answer.heard())));
            }
            boolean isCalm = gate.isCalmAbout(change.claim(), answer.heard());
            return new Made(refusal, isCalm ? Optional.of(Turn.NONE) : Optional.empty());
        });
        Turn turn = made.turn().orElseGet(() -> hear(change.claim(), answer, lock));
        return new PaidAnswer.Noted(turn, made.refusal());
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
