package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.PaidAnswer;
import io.camelody.ledger.SongState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what a consumer decided about songs.
 *
 * <p>While the ledger cannot be written, as on a full disk or without its database, this tries on until the consumer has stopped:
 * what was paid for is not to be had again. A claim that has run out meanwhile holds as long as nobody else has taken the song.
 * Thread-safe; it holds the thread of whoever has something to record.
 */
final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final SongRuntime runtime;
    private final SongState state;
    private final BooleanSupplier hasStopped;
    private final AtomicBoolean waits = new AtomicBoolean();
    private final Object writable = new Object();

    Recorder(SongRuntime runtime, SongState state, BooleanSupplier hasStopped) {
        this.runtime = runtime;
        this.state = state;
        this.hasStopped = hasStopped;
    }

    /**
     * @throws io.camelody.ledger.ClaimLostException if the song moved on in the meantime
     * @throws LedgerException if it could not be recorded
     */
    void make(Change change) {
        insist(() -> {
            runtime.ledger().make(change);
            return null;
        });
    }

    /** The same, of what became of a paid call, whose answer counts also where the song moved on in the meantime. */
    PaidAnswer.Noted make(Change change, PaidAnswer answer) {
        return insist(() -> runtime.ledger().make(change, answer));
    }

    /** The same for several. @return the claims of songs that moved on in the meantime, which are left out */
    List<Claim> makeAll(List<Change> changes) {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<Claim> lost = insist(() -> runtime.ledger().makeAll(changes));
        lost.forEach(claim -> LOG.info("A song moved on while it was worked on. (song: {})", claim.songId()));
        return lost;
    }

    /** Gives claims back under which nothing has begun: the songs are due as they were. */
    void handBack(List<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        try {
            runtime.ledger().makeAll(claims.stream().map(Change.Released::new).toList());
        } catch (LedgerException e) {
            LOG.warn(
                    "Songs were not handed back, and their claims run out: {} (state: {}, songs: {})",
                    e.getMessage(),
                    state,
                    claims.size());
        }
    }

    /** Has an outcome recorded; what keeps it from that is told here or to who hears of all else, and stops nobody else. */
    void hear(Runnable outcome, ExceptionHandler otherwise) {
        try {
            outcome.run();
        } catch (ClaimLostException e) {
            // the song went on without this, as it does at a stop that waits no longer
            LOG.info("{}", e.getMessage());
        } catch (LedgerException e) {
            // after a stop the ledger is closed, and the next start finds what was under way
            if (!hasStopped.getAsBoolean()) {
                LOG.error("What became of songs was not recorded: {} (state: {})", e.getMessage(), state);
            }
        } catch (RuntimeException e) {
            otherwise.handleException("An outcome could not be recorded", e);
        }
    }

    private <T> T insist(Supplier<T> write) {
        for (int failures = 1; ; failures++) {
            try {
                T written = write.get();
                if (waits.getAndSet(false)) {
                    LOG.warn("The ledger is written again. (state: {})", state);
                    synchronized (writable) {
                        writable.notifyAll();
                    }
                }
                return written;
            } catch (LedgerException e) {
                boolean hasTime = !hasStopped.getAsBoolean();
                if (hasTime && !waits.getAndSet(true)) {
                    LOG.error(
                            "What became of songs is not recorded yet, which is waited for: {} (state: {})",
                            e.getMessage(),
                            state);
                }
                if (!hasTime
                        || !awaitWritable(
                                Backoff.RECORD.after(failures, runtime.time().random()))) {
                    throw e;
                }
            }
        }
    }

    /** Until another change could be written, or for so long. @return false if the thread is to stop */
    private boolean awaitWritable(Duration atMost) {
        synchronized (writable) {
            try {
                writable.wait(Math.max(1, atMost.toMillis()));
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
