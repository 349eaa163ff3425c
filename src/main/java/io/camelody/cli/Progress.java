package io.camelody.cli;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongCatalog;
import io.camelody.ledger.SongCatalog.Counts;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongState;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a batch stands, on standard error: a bar that is drawn again and again on a terminal, a line every few seconds
 * elsewhere.
 */
final class Progress implements AutoCloseable {

    private static final Duration ON_TERMINAL = Duration.ofMillis(250);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);
    private static final int BAR = 24;

    private final SongCatalog catalog;
    private final String batch;
    private final PrintWriter err;
    private final boolean terminal = isOnTerminal();
    private final long startedAt = System.nanoTime();
    private final Thread thread = new Thread(this::run, "camelody-progress");
    private volatile boolean accepting = true;
    private volatile boolean closed;
    private volatile int endedBefore;

    Progress(SongCatalog catalog, String batch, PrintWriter err) {
        this.catalog = catalog;
        this.batch = batch;
        this.err = err;
        thread.setDaemon(true);
        thread.start();
    }

    static boolean isOnTerminal() {
        return width() > 0;
    }

    /** Columns of the terminal on standard error, which the launcher looks up; 0 where there is none. */
    private static int width() {
        return Integer.getInteger("camelody.terminal", 0);
    }

    /**
     * The files are read: from here on the bar's end is known.
     *
     * @param before songs that an earlier run has ended, which say nothing of this one's rate
     */
    void allAccepted(int before) {
        endedBefore = before;
        accepting = false;
    }

    /** Waits a moment before the caller looks again. */
    void await() throws InterruptedException {
        synchronized (this) {
            wait(200);
        }
    }

    private void run() {
        long least = (terminal ? ON_TERMINAL : ELSEWHERE).toMillis();
        long pause = least;
        while (!closed) {
            synchronized (this) {
                try {
                    wait(pause);
                } catch (InterruptedException e) {
                    return;
                }
                long start = System.nanoTime();
                draw();
                // counting a huge batch takes a while: a tenth of the time at most
                pause = Math.max(least, 10 * (System.nanoTime() - start) / 1_000_000);
            }
        }
    }

    private void draw() {
        if (closed) {
            return;
        }
        Counts counts;
        try {
            counts = catalog.count(batch);
        } catch (LedgerException e) {
            // who works on the songs says so; the next look may do better
            return;
        }
        String line = line(counts, Duration.ofNanos(System.nanoTime() - startedAt));
        if (terminal) {
            err.print("\r" + fit(line) + "\u001b[K");
        } else {
            err.println(line);
        }
        err.flush();
    }

    private String line(Counts counts, Duration passed) {
        int total = counts.total();
        int ended = total - counts.open();
        List<String> parts = new ArrayList<>();
        for (SongState state : SongState.values()) {
            if (counts.of(state) > 0) {
                parts.add(counts.of(state) + " " + state);
            }
        }
        double rate = (ended - endedBefore) / Math.max(0.001, passed.toMillis() / 1000.0);
        String text = "%d/%d%s  $%s  %s"
                .formatted(
                        ended,
                        total,
                        accepting ? "+" : "",
                        SongDocument.dollars(counts.price()).toPlainString(),
                        String.join(", ", parts));
        if (!accepting) {
            text += "  "
                    + (rate >= 1
                            ? String.format(Locale.ROOT, "%.1f/s", rate)
                            : String.format(Locale.ROOT, "%.1f/min", rate * 60));
        }
        if (!accepting && rate > 0 && counts.open() > 0) {
            text += "  %s left".formatted(clock(Duration.ofSeconds((long) (counts.open() / rate))));
        }
        return terminal ? bar(ended, total) + " " + text : "[%s] %s".formatted(clock(passed), text);
    }

    private static String bar(int ended, int total) {
        int full = total == 0 ? 0 : BAR * ended / total;
        return "█".repeat(full) + "░".repeat(BAR - full);
    }

    private static String clock(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** A line that is longer than the terminal would leave its rest behind. */
    private static String fit(String line) {
        int width = width();
        return line.length() < width ? line : line.substring(0, width - 1);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            draw();
            closed = true;
            if (terminal) {
                err.println();
            }
            thread.interrupt();
        }
    }
}
