package io.camelody.cli;

import io.camelody.ledger.LedgerCopy;
import java.io.PrintWriter;
import java.time.Duration;

/** How far a ledger is copied, on standard error: a line that is drawn again on a terminal, one every few seconds elsewhere. */
final class CopyProgress implements LedgerCopy.Progress, AutoCloseable {

    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final boolean terminal = Progress.isOnTerminal();
    private long saidAt = System.nanoTime();

    CopyProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void copied(String table, long rows, long of) {
        String line = "%s %d/%d".formatted(table, rows, of);
        if (terminal) {
            err.print("\r" + line + "\u001b[K");
            err.flush();
        } else if (System.nanoTime() - saidAt > ELSEWHERE.toNanos()) {
            saidAt = System.nanoTime();
            err.println(line);
        }
    }

    @Override
    public void close() {
        if (terminal) {
            err.println();
        }
    }
}
