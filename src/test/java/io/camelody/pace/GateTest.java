package io.camelody.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.pace.Gate.Call;
import io.camelody.pace.Gate.Turn;
import io.camelody.pace.Heard.Kind;
import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Instant START = SettableClock.START;
    private static final Call ANY = new Call("any", "claim");
    private static final Call TRIAL = new Call("trial", "claim");

    private Gate gate = Gate.OPEN;

    @Test
    void vendorInTroubleIsTriedByOneCallAtATime() {
        for (int i = 1; i < Gate.BREAKS_AFTER; i++) {
            assertThat(hear(Kind.TROUBLE)).isEqualTo(Turn.NONE);
        }
        assertThat(room(START)).isEqualTo(10);

        assertThat(hear(Kind.TROUBLE)).isEqualTo(Turn.BROKEN);

        assertThat(room(START.plusSeconds(5))).isZero();
        Instant later = gate.opensAt(10, START, false);
        assertThat(later).isEqualTo(START.plusSeconds(10));
        assertThat(room(later)).isOne();
        gate = gate.left(TRIAL, 1, 10, later);
        assertThat(gate.room(10, later, true)).isZero();
        assertThat(gate.opensAt(10, later, true)).isEqualTo(Instant.MAX);
        assertThat(room(later)).as("it is over, and nobody heard how").isOne();

        assertThat(hear(Kind.TAKEN)).isEqualTo(Turn.MENDED);
        assertThat(hear(Kind.TAKEN)).isEqualTo(Turn.NONE);

        assertThat(room(later.plusSeconds(1))).isEqualTo(10);
    }

    @Test
    void gateStaysClosedLongerWithEachFailedTrial() {
        breakDown();
        Instant now = START;
        for (int seconds : new int[] {20, 40, 80, 160, 300, 300}) {
            now = gate.opensAt(10, now, false);
            gate = gate.left(TRIAL, 1, 10, now);
            assertThat(hear(new Heard(Kind.TROUBLE), TRIAL, now)).isEqualTo(Turn.BROKEN);
            assertThat(gate.opensAt(10, now, false)).isEqualTo(now.plusSeconds(seconds));
        }
    }

    @Test
    void callsThatLeftBeforeTheGateClosedDoNotKeepItClosedLonger() {
        breakDown();
        for (int i = 0; i < 3; i++) {
            assertThat(hear(Kind.TROUBLE)).isEqualTo(Turn.NONE);
        }
        Instant later = gate.opensAt(10, START, false);
        assertThat(later).isEqualTo(START.plusSeconds(10));
        gate = gate.left(TRIAL, 1, 10, later);

        assertThat(hear(new Heard(Kind.TROUBLE), ANY, later))
                .as("also while the trial is under way")
                .isEqualTo(Turn.NONE);

        assertThat(room(later)).isOne();
    }

    @Test
    void aSensibleNoIsNoTrouble() {
        for (int i = 0; i < 20; i++) {
            hear(Kind.TROUBLE);
            hear(Kind.REFUSED);
        }

        assertThat(room(START)).isEqualTo(10);
    }

    @Test
    void tooFastHalvesThePaceAndCallsThatAreTakenBringItBack() {
        hear(Kind.TOO_FAST);
        assertThat(room(START.plusSeconds(10))).isEqualTo(5);
        hear(Kind.TOO_FAST);
        assertThat(room(START.plusSeconds(20))).isEqualTo(2);

        for (int i = 0; i < 15; i++) {
            hear(Kind.TAKEN);
        }

        assertThat(room(START.plusSeconds(30))).isEqualTo(10);
    }

    @Test
    void retryAfterClosesTheGateForEverybody() {
        assertThat(leaveAlone(30, START)).isEqualTo(Turn.LEFT_ALONE);

        assertThat(room(START.plusSeconds(29))).isZero();
        assertThat(room(START.plusSeconds(30))).isPositive();
    }

    @Test
    void whatIsClosedAlreadyOrForAMomentIsNotWorthSaying() {
        assertThat(leaveAlone(1, START)).isEqualTo(Turn.NONE);
        leaveAlone(30, START.plusSeconds(2));

        assertThat(leaveAlone(60, START.plusSeconds(3))).isEqualTo(Turn.NONE);

        assertThat(gate.opensAt(10, START.plusSeconds(3), false)).isEqualTo(START.plusSeconds(63));
    }

    @Test
    void sensibleNoMendsAGateToo() {
        breakDown();

        assertThat(hear(Kind.REFUSED)).isEqualTo(Turn.MENDED);
    }

    @Test
    void anOrdinaryGoodAnswerChangesNothing() {
        Gate before = gate.left(ANY, 1, 10, START);
        gate = before;

        hear(Kind.TAKEN);
        hear(Kind.REFUSED);

        assertThat(gate).isEqualTo(before);
    }

    private void breakDown() {
        for (int i = 0; i < Gate.BREAKS_AFTER; i++) {
            hear(Kind.TROUBLE);
        }
    }

    private int room(Instant now) {
        return gate.room(10, now, false);
    }

    private Turn leaveAlone(int seconds, Instant now) {
        return hear(new Heard(Kind.TOO_FAST, Duration.ofSeconds(seconds)), ANY, now);
    }

    private Turn hear(Kind kind) {
        return hear(new Heard(kind), ANY, START);
    }

    private Turn hear(Heard heard, Call call, Instant now) {
        Gate.Turned turned = gate.heard(heard, call, now);
        gate = turned.gate();
        return turned.turn();
    }
}
