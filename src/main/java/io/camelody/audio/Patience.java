package io.camelody.audio;

import java.time.Duration;

/**
 * How much longer one fetch may wait for its peer.
 *
 * <p>It runs out after the total time, and when waiting has taken the stall time since the last {@value #PROGRESS} bytes:
 * a host that sends a byte a second now and then is as good as silent. The time that our own disk takes is not held
 * against the host. For one thread.
 */
final class Patience {

    static final int PROGRESS = 16 * 1024;

    private final long deadline;
    private final long stallNanos;
    private long waitedNanos;
    private long progress;

    Patience(Duration stallTimeout, Duration totalTimeout) {
        deadline = System.nanoTime() + totalTimeout.toNanos();
        stallNanos = stallTimeout.toNanos();
    }

    /** The nanoseconds that the next wait may take; none left is zero or less. */
    long left() {
        return Math.min(stallNanos - waitedNanos, deadline - System.nanoTime());
    }

    void waited(long nanos) {
        waitedNanos += nanos;
    }

    void received(long bytes) {
        progress += bytes;
        if (progress >= PROGRESS) {
            progress = 0;
            waitedNanos = 0;
        }
    }
}
