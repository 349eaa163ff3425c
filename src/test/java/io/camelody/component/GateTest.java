package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {

    private static final Instant START = SettableClock.START;
    private static final SubmitAnswer TAKEN = new SubmitAnswer.Taken(List.of("t1"));

    private final Gate gate = new Gate(TestVendors.vendor("foxai", "submit-rate=10"), START, new Random(1));

    @ParameterizedTest
    @EnumSource(
            value = ErrorClass.class,
            names = {"UNKNOWN", "TRANSIENT"})
    void vendorInTroubleIsTriedByOneCallAtATime(ErrorClass trouble) {
        for (int i = 1; i < Gate.BREAKS_AFTER; i++) {
            assertThat(gate.heard(no(trouble), START)).isFalse();
        }
        assertThat(gate.room(START, 0)).isEqualTo(10);

        assertThat(gate.heard(no(trouble), START)).isTrue();

        assertThat(gate.room(START.plusSeconds(5), 0)).isZero();
        Instant later = gate.opensAt(START, 0);
        assertThat(later).isBetween(START.plusSeconds(7), START.plusSeconds(13));
        assertThat(gate.room(later, 0)).isOne();
        assertThat(gate.room(later, 1)).isZero();
        assertThat(gate.opensAt(later, 1)).isEqualTo(Instant.MAX);

        gate.heard(TAKEN, later);

        assertThat(gate.room(later, 1)).isEqualTo(10);
    }

    @Test
    void gateStaysClosedLongerWithEachFailedTrial() {
        for (int i = 0; i < Gate.BREAKS_AFTER + 3; i++) {
            gate.heard(no(ErrorClass.UNKNOWN), START);
        }

        assertThat(gate.opensAt(START, 0)).isAfter(START.plusSeconds(55));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorClass.class,
            names = {"CONTENT", "INVALID", "AUTH", "CREDITS"})
    void aSensibleNoIsNoTrouble(ErrorClass no) {
        for (int i = 0; i < 20; i++) {
            gate.heard(no(no), START);
        }

        assertThat(gate.room(START, 3)).isEqualTo(10);
    }

    @Test
    void tooFastHalvesThePaceAndCallsThatAreTakenBringItBack() {
        gate.heard(no(ErrorClass.RATE), START);
        assertThat(gate.room(START.plusSeconds(10), 0)).isEqualTo(5);
        gate.heard(no(ErrorClass.RATE), START);
        assertThat(gate.room(START.plusSeconds(20), 0)).isEqualTo(2);

        for (int i = 0; i < 15; i++) {
            gate.heard(TAKEN, START);
        }

        assertThat(gate.room(START.plusSeconds(30), 0)).isEqualTo(10);
    }

    @Test
    void retryAfterClosesTheGateForEverybody() {
        gate.heard(
                new SubmitAnswer.NotTaken(
                        new VendorError(ErrorClass.RATE, "HTTP 429", Optional.of(Duration.ofSeconds(30))),
                        Optional.empty()),
                START);

        assertThat(gate.room(START.plusSeconds(29), 0)).isZero();
        assertThat(gate.room(START.plusSeconds(30), 0)).isPositive();
    }

    private static SubmitAnswer no(ErrorClass what) {
        return new SubmitAnswer.NotTaken(new VendorError(what, "no", Optional.empty()), Optional.empty());
    }
}
