package io.camelody.soak;

import java.io.IOException;
import java.time.Instant;
import java.util.Random;

/** What goes wrong on this machine: the disk is full for some seconds, somebody holds the ledger's lock. One at a time. */
final class Mishaps {

    private static final double SHARE = 0.04;
    private static final int MOST_SECONDS = 4;

    private final Place place;
    private final Beside beside;
    private final Random random;
    private Instant until = Instant.EPOCH;
    private boolean full;
    private int fullDisks;
    private int locks;

    Mishaps(Place place, Beside beside, long seed) {
        this.place = place;
        this.beside = beside;
        this.random = new Random(seed);
    }

    /** Once a second. */
    void look() throws IOException {
        if (Instant.now().isBefore(until)) {
            return;
        }
        clearUp();
        if (random.nextDouble() < SHARE) {
            int seconds = 1 + random.nextInt(MOST_SECONDS);
            until = Instant.now().plusSeconds(seconds);
            if (place.disk().isPresent() && random.nextBoolean()) {
                full = true;
                fullDisks++;
                place.disk().get().fillBut(random.nextInt(1 << 16));
            } else {
                locks++;
                beside.lockLedger(seconds);
            }
        }
    }

    boolean isOne() {
        return full || Instant.now().isBefore(until);
    }

    void clearUp() throws IOException {
        if (full) {
            place.disk().get().makeRoom();
            full = false;
        }
    }

    int fullDisks() {
        return fullDisks;
    }

    int locks() {
        return locks;
    }
}
