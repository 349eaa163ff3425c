package io.camelody.cli;

import java.io.PrintWriter;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM: no more work is taken, what is under way is handed back within seconds, and the process ends with 130.
 *
 * <p>It listens from its making on, and closes what it has been given by then, the latest first. What cannot be waited for is
 * in the ledger, and the next run goes on from there, so the end may come at any moment. While the process ends, its other
 * threads see everything close under them; whoever closes this is held until the end, so that nobody reports that as a failure.
 */
final class Interruption implements AutoCloseable {

    /** Within the ten seconds that service managers and people wait before they kill. */
    private static final long AT_MOST_MILLIS = 9_500;

    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final Thread hook = new Thread(this::stop, "camelody-stop");
    private final PrintWriter err;
    private final String message;

    private Interruption(PrintWriter err, String message) {
        this.err = err;
        this.message = message;
    }

    /** @param message what is said when it comes; nothing if empty */
    static Interruption listen(PrintWriter err, String message) {
        Interruption interruption = new Interruption(err, message);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Has the resource closed by an interruption too. */
    <T extends AutoCloseable> T closes(T resource) {
        open.push(resource);
        return resource;
    }

    private void stop() {
        if (!message.isEmpty()) {
            err.println((Progress.isOnTerminal() ? System.lineSeparator() : "") + message);
        }
        Thread closing = new Thread(this::closeAll, "camelody-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(AT_MOST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(Camelody.INTERRUPTED);
    }

    private void closeAll() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                // the next start puts right what this one leaves; the others are closed all the same
                err.println("Not closed: " + e.getMessage());
            }
        }
    }

    /** Listens no more. Does not return while an interruption ends the process. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            awaitEnd();
        }
    }

    private static void awaitEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
