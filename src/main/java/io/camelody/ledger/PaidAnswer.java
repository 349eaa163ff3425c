package io.camelody.ledger;

import io.camelody.pace.Gate;
import io.camelody.pace.Heard;
import java.util.Optional;

/** What the answer to a paid call says of its vendor. @param sandbox whether it is the vendor of the sandbox */
public record PaidAnswer(String vendor, boolean sandbox, Heard heard) {

    /**
     * What came of it.
     *
     * @param turn what it has changed for the calls after it
     * @param refusal why nothing became of the change to its song; empty if that was made
     */
    public record Noted(Gate.Turn turn, Optional<RuntimeException> refusal) {

        /** @throws ClaimLostException if the change's claim no longer held */
        public void demandMade() {
            refusal.ifPresent(why -> {
                throw why;
            });
        }
    }
}
