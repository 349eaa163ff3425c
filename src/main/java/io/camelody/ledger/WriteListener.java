package io.camelody.ledger;

import java.time.Duration;

/** Hears of each write to the ledger, in the thread that made it: it must not block and must not throw. */
@FunctionalInterface
public interface WriteListener {

    /**
     * @param took with the wait for the disk, and for others who write
     * @param written whether the ledger could be written
     */
    void written(Duration took, boolean written);
}
