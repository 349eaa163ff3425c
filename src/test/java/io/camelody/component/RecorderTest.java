package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.Vendors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();
    private Studio studio;
    private Recorder recorder;
    private Claim claim;

    /** A song whose paid call has left, and a ledger that takes no more changes of songs. */
    @BeforeEach
    void open() {
        studio = new Studio(folder, clock).vendor("foxai").start();
        Vendors vendors = TestVendors.vendors(List.of("foxai"), Map.of());
        SongRuntime.Time time = new SongRuntime.Time(clock, new Random(1));
        SongRuntime runtime = new SongRuntime(studio.ledger(), REAL, vendors, null, time);
        recorder = new Recorder(runtime, SongState.ACCEPTED, this::hasStopped);
        studio.request("s1", "foxai");
        claim = studio.ledger()
                .claims()
                .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, Studio.LEASE)
                .get(0)
                .claim();
        studio.ledger().make(new Change.Intended(claim, 1, 35_000));
        studio.sql("CREATE TRIGGER full BEFORE UPDATE ON song BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    }

    /** Asked after each failure. */
    private boolean hasStopped() {
        failures.incrementAndGet();
        return stopped.get();
    }

    @AfterEach
    void close() {
        stopped.set(true);
        studio.close();
    }

    @Test
    void whatBecameOfACallIsInsistedOnForLongerThanItsClaim() {
        Change later = new Change.AcceptedAgain(claim, clock.instant(), "Too fast.", Task.Outcome.NOT_MADE);
        CompletableFuture<Void> recording = CompletableFuture.runAsync(() -> recorder.make(later));
        await().until(() -> failures.get() > 0);

        clock.forward(Studio.LEASE.multipliedBy(10));
        int before = failures.get();
        await().until(() -> failures.get() > before || recording.isDone());
        studio.sql("DROP TRIGGER full");

        recording.join();
        assertThat(studio.song("s1").message()).contains("Too fast.");
    }

    @Test
    void nothingIsInsistedOnAfterAStop() {
        stopped.set(true);

        assertThatThrownBy(() -> recorder.make(submitted()))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("ledger.db");
    }

    private Change submitted() {
        Instant now = clock.instant();
        return new Change.Submitted(claim, 1, List.of("t1"), now, now.plusSeconds(360));
    }
}
