package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoubtWatchTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void afterATimeWithoutTheLedgerOthersMayRenewTheirClaimsFirst() {
        Studio studio = new Studio(folder, clock).vendor("foxai").start();
        try {
            DoubtWatch doubts = new DoubtWatch(
                    new SongRuntime(
                            studio.ledger(),
                            REAL,
                            TestVendors.vendors(List.of("foxai"), Map.of()),
                            null,
                            new SongRuntime.Time(clock, new Random(1))),
                    id -> false);
            studio.request("s1", "foxai");
            Claim claim = studio.ledger()
                    .claims()
                    .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, Studio.LEASE)
                    .get(0)
                    .claim();
            studio.ledger().make(new Change.Intended(claim, 1, 0));
            clock.forward(Studio.LEASE.plusSeconds(1));

            studio.ledger().doubts().letAllRenew();

            clock.forward(Duration.ofSeconds(29));
            doubts.look(clock.instant());
            assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
            clock.forward(Duration.ofSeconds(1));
            doubts.look(clock.instant());
            assertThat(studio.song("s1").state()).isEqualTo(SongState.IN_DOUBT);
        } finally {
            studio.close();
        }
    }
}
