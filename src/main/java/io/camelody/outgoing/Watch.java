package io.camelody.outgoing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * Ends what threads wait for too long, or are interrupted over: who reads from a socket hears of neither by itself. One thread
 * looks at all of them, and at nothing while there is none. Thread-safe.
 */
final class Watch {

    private static final long LOOKS_EVERY_MS = 20;

    private final ScheduledExecutorService thread;
    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    Watch(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Watches over the calling thread, until closed. */
    Guard over(Cancellable call, long nanos) {
        Guard guard = new Guard(call, System.nanoTime() + nanos);
        guards.add(guard);
        lookSoon();
        return guard;
    }

    private void lookSoon() {
        if (!guards.isEmpty() && isLooking.compareAndSet(false, true)) {
            thread.schedule(this::look, LOOKS_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        long now = System.nanoTime();
        guards.forEach(guard -> guard.look(now));
        isLooking.set(false);
        lookSoon();
    }

    /** What one thread waits for. */
    final class Guard implements AutoCloseable {

        private final Cancellable call;
        private final long end;
        private final Thread waiting = Thread.currentThread();
        private volatile boolean late;

        private Guard(Cancellable call, long end) {
            this.call = call;
            this.end = end;
        }

        private void look(long now) {
            boolean isOver = now - end > 0;
            if (isOver || waiting.isInterrupted()) {
                late = isOver;
                call.cancel();
            }
        }

        /** A wait that failed may have been ended here. */
        void demandPeersFault() throws TimeoutException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (late) {
                throw new TimeoutException();
            }
        }

        @Override
        public void close() {
            guards.remove(this);
        }
    }
}
