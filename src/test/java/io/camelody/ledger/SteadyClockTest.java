package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final SettableClock wall = new SettableClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final SteadyClock clock = new SteadyClock(wall, nanos::get);

    @Test
    void itShowsWhatTheWallClockShowsWhileThatIsSteadyToo() {
        assertThat(clock.instant()).isEqualTo(SettableClock.START);

        pass(HOUR);

        assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(HOUR));
    }

    @Test
    void hourThatTheWallClockJumpsForwardIsTakenInWithinTenHours() {
        wall.forward(HOUR);
        assertThat(clock.instant()).isEqualTo(SettableClock.START);

        pass(Duration.ofMinutes(10));
        assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(Duration.ofMinutes(11)));

        pass(Duration.ofHours(10));
        assertThat(clock.instant()).isEqualTo(wall.instant());
    }

    @Test
    void hourThatTheWallClockGoesBackIsLeftOutWithinTenHours() {
        wall.forward(HOUR.negated());
        assertThat(clock.instant()).isEqualTo(SettableClock.START);

        pass(Duration.ofMinutes(10));
        assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(Duration.ofMinutes(9)));

        pass(Duration.ofHours(10));
        assertThat(clock.instant()).isEqualTo(wall.instant());
    }

    @Test
    void howOftenItIsLookedAtChangesNothing() {
        wall.forward(HOUR);
        for (int i = 0; i < 600; i++) {
            pass(Duration.ofSeconds(1));
            clock.instant();
        }

        assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(Duration.ofMinutes(11)));
    }

    @Test
    void whateverTheWallClockDoesItNeverGoesBackAndNeverJumps() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            Instant before = clock.instant();
            Duration passed = Duration.ofMillis(random.nextInt(2_000));
            wall.forward(Duration.ofSeconds(random.nextInt(-100_000, 100_000)));
            pass(passed);

            assertThat(Duration.between(before, clock.instant()))
                    .isBetween(
                            passed.multipliedBy(9).dividedBy(10),
                            passed.multipliedBy(11).dividedBy(10));
        }
    }

    private void pass(Duration time) {
        wall.forward(time);
        nanos.addAndGet(time.toNanos());
    }
}
