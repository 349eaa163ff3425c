package io.camelody.component;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.VendorPauses.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the ledger can be written now, found out by writing to it.
 *
 * <p>However many ask, it is looked at once a second at most, by one thread at a time; nobody is kept for longer than two
 * seconds, and one that is stuck is not asked a second time. Thread-safe.
 */
public final class LedgerCheck {

    /**
     * @param trouble what is wrong, for people; empty where the ledger can be written
     * @param pauses the vendors that take nothing for now
     */
    public record Look(Optional<String> trouble, List<Pause> pauses) {}

    private static final Logger LOG = LoggerFactory.getLogger(LedgerCheck.class);

    private static final Duration KEPT = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Look SILENT =
            new Look(Optional.of("The ledger did not answer within %d s.".formatted(PATIENCE.toSeconds())), List.of());

    private final SongRuntime runtime;
    private final LongSupplier nanoTime;
    private CompletableFuture<Look> latest;
    private long lookedAt;
    private volatile boolean inTrouble;

    public LedgerCheck(SongRuntime runtime) {
        this(runtime, System::nanoTime);
    }

    LedgerCheck(SongRuntime runtime, LongSupplier nanoTime) {
        this.runtime = runtime;
        this.nanoTime = nanoTime;
    }

    /** Holds nobody: what is found comes within two seconds, and never fails. */
    public synchronized CompletableFuture<Look> look() {
        long now = nanoTime.getAsLong();
        if (latest == null || latest.isDone() && now - lookedAt >= KEPT.toNanos()) {
            lookedAt = now;
            latest = CompletableFuture.supplyAsync(this::lookNow, LedgerCheck::inThreadOfItsOwn);
        }
        return latest.copy().completeOnTimeout(SILENT, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Another may be stuck on a disk. */
    private static void inThreadOfItsOwn(Runnable look) {
        Thread thread = new Thread(look, "camelody-ledger-check");
        thread.setDaemon(true);
        thread.start();
    }

    private Look lookNow() {
        try {
            runtime.ledger().beat();
            List<Pause> pauses = runtime.ledger().pauses().standing(runtime.sandbox());
            if (inTrouble) {
                inTrouble = false;
                LOG.warn("The ledger can be written again, as the health check found.");
            }
            return new Look(Optional.empty(), pauses);
        } catch (LedgerException e) {
            if (!inTrouble) {
                inTrouble = true;
                LOG.error("The ledger cannot be written, as the health check found: {}", e.getMessage());
            }
            return new Look(Optional.of("The ledger cannot be written. The log says why."), List.of());
        }
    }
}
