package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long is waited and how many are under way: {@link Backoff} and {@link Lane}. */
final class LaneTest {

    private static final Instant START = SettableClock.START;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "1000, 60"})
    void waitsTwiceAsLongEachTimeUpToALimit(int failures, int seconds) {
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            assertThat(Backoff.SUBMIT.after(failures, random))
                    .isBetween(Duration.ofMillis(seconds * 750L), Duration.ofMillis(seconds * 1250L));
        }
    }

    @Test
    void aLaneHasAsManyPlacesAsItsConcurrency() {
        Lane lane = new Lane(TestVendors.vendor("foxai"), 2);
        lane.enter();
        lane.enter();
        assertThat(lane.room()).isZero();
        assertThat(lane.taken()).isEqualTo(2);

        lane.leave();

        assertThat(lane.room()).isOne();
    }

    @Test
    void aSuccessOpensNoLaneThatTheVendorWantsLeftAlone() {
        Lane lane = new Lane(TestVendors.vendor("foxai"), 2);
        assertThat(lane.failed()).isEqualTo(1);
        assertThat(lane.failed()).isEqualTo(2);
        lane.close(START, Duration.ofSeconds(60));
        assertThat(lane.opensAt(START)).isEqualTo(START.plusSeconds(60));

        lane.succeeded();

        assertThat(lane.opensAt(START)).isEqualTo(START.plusSeconds(60));
        assertThat(lane.failed()).isEqualTo(1);
    }

    @Test
    void aLaneThatIsClosedForLongIsNotOpenedByAShorterRest() {
        Lane lane = new Lane(TestVendors.vendor("foxai"), 2);
        assertThat(lane.opensAt(START)).isBefore(START);

        lane.close(START, Duration.ofSeconds(60));
        lane.close(START.plusSeconds(1), Duration.ofSeconds(2));

        assertThat(lane.opensAt(START.plusSeconds(1))).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void aClockThatIsSteppedBackAnHourDoesNotKeepALaneClosedForAnHour() {
        Lane lane = new Lane(TestVendors.vendor("foxai"), 2);
        lane.close(START, Duration.ofSeconds(60));
        Instant back = START.minusSeconds(3_600);

        assertThat(lane.opensAt(back)).isEqualTo(back.plusSeconds(60));
        assertThat(lane.opensAt(back.plusSeconds(60))).isEqualTo(back.plusSeconds(60));
    }
}
