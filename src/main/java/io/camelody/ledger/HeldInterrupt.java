package io.camelody.ledger;

import java.util.concurrent.TimeUnit;

/**
 * Keeps a thread's interrupt from what it writes, since that is others' too: a pool gives no connection to a thread that is to
 * stop, and waiting ends at once. The thread has it again afterwards. For one thread at a time.
 */
final class HeldInterrupt {

    private boolean isHeld;

    /** From here on, until {@link #release}. */
    void hold() {
        isHeld = Thread.interrupted();
    }

    void release() {
        if (isHeld) {
            isHeld = false;
            Thread.currentThread().interrupt();
        }
    }

    /** For all of that time. */
    void sleep(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                isHeld = true;
            }
        }
    }

    /** Whether it came meanwhile and was what failed, which will not at another try. */
    boolean isBehind(Exception failure) {
        boolean isNew = Thread.interrupted() || failure.getCause() instanceof InterruptedException;
        isHeld |= isNew;
        return isNew;
    }
}
