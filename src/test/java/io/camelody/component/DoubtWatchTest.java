package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoubtWatchTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void afterATimeWithoutTheLedgerOthersMayRenewTheirClaimsFirst() {
        withAPaidCall((studio, doubts) -> {
            clock.forward(Studio.LEASE.plusSeconds(1));

            studio.ledger().doubts().letAllRenew();

            clock.forward(Duration.ofSeconds(29));
            doubts.look(clock.instant());
            assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
            clock.forward(Duration.ofSeconds(1));
            doubts.look(clock.instant());
            assertThat(studio.song("s1").state()).isEqualTo(SongState.IN_DOUBT);
        });
    }

    @Test
    void whoHearsHowLateItIsInTheMidstOfALookPutsNothingInDoubtByThat() {
        withAPaidCall((studio, doubts) -> {
            Instant began = clock.instant();
            clock.forward(Studio.LEASE.plusSeconds(1));

            doubts.look(began);

            assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
        });
    }

    private void withAPaidCall(BiConsumer<Studio, DoubtWatch> test) {
        Studio studio = new Studio(folder, clock).vendor("foxai").start();
        try {
            studio.request("s1", "foxai");
            Claim claim = studio.ledger()
                    .claims()
                    .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, Studio.LEASE)
                    .get(0)
                    .claim();
            studio.ledger().make(new Change.Intended(claim, 1, 0));
            test.accept(studio, new DoubtWatch(studio.runtime(), id -> false));
        } finally {
            studio.close();
        }
    }
}
