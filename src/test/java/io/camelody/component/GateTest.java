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
            assertThat(gate.heard(no(trouble), START)).isEqualTo(Gate.Turn.NONE);
        }
        assertThat(gate.room(START, 0)).isEqualTo(10);

        assertThat(gate.heard(no(trouble), START)).isEqualTo(Gate.Turn.BROKEN);

        assertThat(gate.room(START.plusSeconds(5), 0)).isZero();
        Instant later = gate.opensAt(START, 0);
        assertThat(later).isBetween(START.plusSeconds(7), START.plusSeconds(13));
        assertThat(gate.room(later, 0)).isOne();
        assertThat(gate.room(later, 1)).isZero();
        assertThat(gate.opensAt(later, 1)).isEqualTo(Instant.MAX);

        assertThat(gate.heard(TAKEN, later)).isEqualTo(Gate.Turn.MENDED);
        assertThat(gate.heard(TAKEN, later)).isEqualTo(Gate.Turn.NONE);

        assertThat(gate.room(later, 1)).isEqualTo(10);
    }

    @Test
    void gateStaysClosedLongerWithEachFailedTrial() {
        for (int i = 0; i < Gate.BREAKS_AFTER; i++) {
            gate.heard(no(ErrorClass.UNKNOWN), START);
        }
        for (int i = 0; i < 3; i++) {
            gate.left();
            assertThat(gate.heard(no(ErrorClass.UNKNOWN), START)).isEqualTo(Gate.Turn.BROKEN);
        }

        assertThat(gate.opensAt(START, 0)).isAfter(START.plusSeconds(55));
    }

    @Test
    void callsThatLeftBeforeTheGateClosedDoNotKeepItClosedLonger() {
        for (int i = 0; i < Gate.BREAKS_AFTER; i++) {
            gate.heard(no(ErrorClass.UNKNOWN), START);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(gate.heard(no(ErrorClass.UNKNOWN), START.plusSeconds(1))).isEqualTo(Gate.Turn.NONE);
        }

        assertThat(gate.opensAt(START, 0)).isBefore(START.plusSeconds(13));
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
        assertThat(gate.heard(leaveAlone(30), START)).isEqualTo(Gate.Turn.LEFT_ALONE);

        assertThat(gate.room(START.plusSeconds(29), 0)).isZero();
        assertThat(gate.room(START.plusSeconds(30), 0)).isPositive();
    }

    @Test
    void whatIsClosedAlreadyOrForAMomentIsNotWorthSaying() {
        assertThat(gate.heard(leaveAlone(1), START)).isEqualTo(Gate.Turn.NONE);
        gate.heard(leaveAlone(30), START.plusSeconds(2));

        assertThat(gate.heard(leaveAlone(60), START.plusSeconds(3))).isEqualTo(Gate.Turn.NONE);

        assertThat(gate.opensAt(START.plusSeconds(3), 0)).isEqualTo(START.plusSeconds(63));
    }

    @Test
    void sensibleNoMendsAGateToo() {
        for (int i = 0; i < Gate.BREAKS_AFTER; i++) {
            gate.heard(no(ErrorClass.UNKNOWN), START);
        }

        assertThat(gate.heard(no(ErrorClass.INVALID), START)).isEqualTo(Gate.Turn.MENDED);
    }

    @Test
    void clockThatIsSteppedBackAnHourDoesNotKeepTheGateClosedForAnHour() {
        gate.heard(leaveAlone(30), START);
        Instant back = START.minusSeconds(3_600);

        assertThat(gate.room(back, 0)).isZero();
        assertThat(gate.opensAt(back, 0)).isEqualTo(back.plusSeconds(30));
        assertThat(gate.room(back.plusSeconds(30), 0)).isPositive();
    }

    private static SubmitAnswer leaveAlone(int seconds) {
        return new SubmitAnswer.NotTaken(
                new VendorError(ErrorClass.RATE, "HTTP 429", Optional.of(Duration.ofSeconds(seconds))),
                Optional.empty());
    }

    private static SubmitAnswer no(ErrorClass what) {
        return new SubmitAnswer.NotTaken(new VendorError(what, "no", Optional.empty()), Optional.empty());
    }
}
