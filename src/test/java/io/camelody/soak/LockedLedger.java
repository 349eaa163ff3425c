package io.camelody.soak;

import java.io.IOException;

/** Somebody holds the ledger's lock. */
record LockedLedger(Beside beside) implements Mishap {

    @Override
    public String name() {
        return "ledger locked";
    }

    @Override
    public void begin(int seconds) throws IOException {
        beside.lockLedger(seconds);
    }
}
