package io.camelody.cli;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** What a thread makes beside the one that needs it later, which then waits for what is missing. It is made once. */
final class Beside<T> implements Runnable {

    private final FutureTask<T> task;

    Beside(Supplier<T> making) {
        this.task = new FutureTask<>(making::get);
    }

    /** Begins to make it, by a daemon of its own. */
    static <T> Beside<T> begin(String what, Supplier<T> making) {
        Beside<T> beside = new Beside<>(making);
        begin(what, beside);
        return beside;
    }

    static void begin(String what, Runnable work) {
        Thread thread = new Thread(work, "camelody-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        task.run();
    }

    /** Once it is made. What failed in making it is thrown as it was there. */
    T get() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw thrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        // a supplier throws nothing else
        return (RuntimeException) cause;
    }
}
