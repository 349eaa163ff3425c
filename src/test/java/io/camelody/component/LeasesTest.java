package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    private static final Duration LEASE = Duration.ofMinutes(6);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private Studio studio;
    private Leases leases;
    private Claim claim;

    @BeforeEach
    void hold() throws Exception {
        studio = new Studio(folder, clock).vendor("foxai").start();
        WorkSettings settings = new WorkSettings(
                LEASE, Duration.ZERO, 1, Duration.ZERO, List.of("file"), Optional.empty(), WebhookSettings.none());
        leases = new Leases(new SongRuntime(
                studio.ledger(),
                REAL,
                TestVendors.vendors(List.of("foxai"), Map.of()),
                settings,
                new SongRuntime.Time(clock, new Random(1))));
        studio.request("s1", "foxai");
        claim = claimed().get(0);
        leases.hold(List.of(claim));
    }

    @AfterEach
    void close() throws Exception {
        studio.close();
    }

    @Test
    void whatIsUnderWayIsNotTakenOverHoweverLongItTakes() {
        for (int i = 0; i < 10; i++) {
            clock.forward(leases.interval());
            leases.renew();
            assertThat(claimed()).isEmpty();
        }
    }

    @Test
    void whatIsOverIsRenewedNoMore() {
        leases.hold(List.of(claim));
        leases.letGo(List.of("s1"));
        leases.letGo(List.of("s1"));

        clock.forward(LEASE.plusMillis(1));
        leases.renew();

        assertThat(claimed()).hasSize(1);
    }

    @Test
    void whatWasBegunOnceMoreIsHeldUntilThatIsOverToo() {
        leases.hold(List.of(claim));
        leases.letGo(List.of("s1"));

        clock.forward(LEASE);
        leases.renew();
        clock.forward(LEASE);

        assertThat(claimed()).isEmpty();
    }

    @Test
    void whatWasLostIsLeftToWhoeverHasIt() {
        clock.forward(LEASE.plusMillis(1));
        assertThat(claimed()).hasSize(1);

        leases.renew();
        clock.forward(LEASE.plusMillis(1));

        assertThat(claimed()).as("taken over again").hasSize(1);
    }

    /** As where its worker is still at it, which lets go of it once. */
    @Test
    void whatIsClaimedAnewAfterALossIsHeldUntilItsWorkIsOver() {
        clock.forward(LEASE.plusMillis(1));
        Claim anew = claimed().get(0);
        leases.renew();

        leases.replace(anew);
        clock.forward(LEASE);
        leases.renew();
        clock.forward(LEASE);
        assertThat(claimed()).isEmpty();

        leases.letGo(List.of("s1"));
        clock.forward(LEASE);
        leases.renew();
        assertThat(claimed()).hasSize(1);
    }

    private List<Claim> claimed() {
        return studio.ledger().claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 10, LEASE).stream()
                .map(ClaimedSong::claim)
                .toList();
    }
}
