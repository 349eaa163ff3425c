package io.camelody.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final Instant START = SettableClock.START;

    private Pace pace = Pace.FULL;

    @Test
    void aSecondsWorthLeavesAtOnceAndTheRestEvenly() {
        assertThat(pace.ready(5, START)).isEqualTo(5);
        take(5, START);

        assertThat(pace.ready(5, START)).isZero();
        assertThat(pace.nextReady(5, START)).isEqualTo(START.plusMillis(200));
        assertThat(pace.ready(5, START.plusMillis(199))).isZero();
        assertThat(pace.ready(5, START.plusMillis(200))).isOne();
    }

    @Test
    void restIsSavedUpForOneSecondOnly() {
        take(5, START);

        assertThat(pace.ready(5, START.plusSeconds(3_600))).isEqualTo(5);
    }

    @Test
    void noMoreLeaveInAMinuteThanTheRateAllows() {
        int left = 0;
        for (int millis = 0; millis <= 60_000; millis += 7) {
            int ready = pace.ready(5, START.plusMillis(millis));
            take(ready, START.plusMillis(millis));
            left += ready;
        }

        assertThat(left).isBetween(5 * 60 - 1, 5 * 60 + 5);
    }

    @Test
    void aClockThatIsSteppedBackGivesNothingAndStopsNothing() {
        take(5, START);
        Instant back = START.minusSeconds(3_600);

        assertThat(pace.ready(5, back)).isZero();
        take(0, back);
        assertThat(pace.ready(5, back.plusMillis(200))).isOne();
    }

    private void take(int calls, Instant now) {
        pace = pace.without(calls, 5, now);
    }
}
