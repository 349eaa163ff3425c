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

    /** Watches over the calling thread until it says that its wait is over. */
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

    /** What one thread waits for. It is over by itself or ended here, and never both. */
    final class Guard {

        private final Cancellable call;
        private final long end;
        private final Thread waiting = Thread.currentThread();
        private final AtomicBoolean isOver = new AtomicBoolean();

        private Guard(Cancellable call, long end) {
            this.call = call;
            this.end = end;
        }

        private void look(long now) {
            boolean mustEnd = now - end > 0 || waiting.isInterrupted();
            if (mustEnd && isOver.compareAndSet(false, true)) {
                call.cancel();
            }
        }

        /**
         * The wait is over.
         *
         * @throws InterruptedException if the call was ended since the thread was interrupted
         * @throws TimeoutException if it was ended since it took too long
         */
        void over() throws TimeoutException, InterruptedException {
            guards.remove(this);
            if (isOver.compareAndSet(false, true)) {
                return;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TimeoutException();
        }
    }
}
