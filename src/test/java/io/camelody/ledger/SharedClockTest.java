package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedClockTest {

    private static final Instant NOON = SettableClock.START;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final SharedClock clock = new SharedClock(new SettableClock(), nanos::get);

    @Test
    void itShowsWhatItHeardAndWhatPassedSince() {
        clock.hear(NOON.minusSeconds(3_600));

        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(3_600));
        pass(Duration.ofSeconds(7));
        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(3_593));
    }

    /** As after this machine has slept. */
    @Test
    void itIsWhereTheDatabaseIsAtOnceWhereThatIsAhead() {
        clock.hear(NOON);

        clock.hear(NOON.plusSeconds(3_600));

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(3_600));
    }

    @Test
    void itWaitsForADatabaseThatIsBehindAndStillGoesOn() {
        clock.hear(NOON);
        clock.hear(NOON.minusSeconds(10));

        pass(Duration.ofSeconds(50));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(45));

        pass(Duration.ofSeconds(100));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(140));
    }

    @Test
    void itNeverGoesBack() {
        Random random = new Random(3);
        Instant before = clock.instant();
        for (int i = 0; i < 10_000; i++) {
            clock.hear(NOON.plusMillis(random.nextInt(1_000_000)));
            pass(Duration.ofMillis(random.nextInt(100)));
            Instant now = clock.instant();
            assertThat(now).isAfterOrEqualTo(before);
            before = now;
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
