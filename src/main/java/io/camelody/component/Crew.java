package io.camelody.component;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ExecutorServiceManager;

/** The threads of a consumer from its start to its stop: one that makes the rounds, and as many that work as there is work. */
final class Crew {

    /** A stop is to take ten seconds in all, most of which Camel has waited by then. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final ExecutorServiceManager threads;
    private final ScheduledExecutorService lookout;
    private final ExecutorService workers;

    Crew(ExecutorServiceManager threads, Object consumer, String name) {
        this.threads = threads;
        this.lookout = threads.newSingleThreadScheduledExecutor(consumer, name + "-rounds");
        this.workers = threads.newCachedThreadPool(consumer, name + "-worker");
    }

    ScheduledExecutorService lookout() {
        return lookout;
    }

    ExecutorService workers() {
        return workers;
    }

    /** Interrupts them, and waits so that what was broken off is recorded before the ledger is closed. */
    void stop() {
        threads.shutdownNow(lookout);
        threads.shutdownNow(workers);
        awaitEnd();
    }

    /** Camel interrupts a stop that is late itself. */
    private void awaitEnd() {
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        boolean interrupted = false;
        for (ExecutorService each : List.of(lookout, workers)) {
            boolean waits = true;
            while (waits) {
                try {
                    each.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    waits = false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
