package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.LostOutcome;
import org.junit.jupiter.api.Test;

class HttpProblemTest {

    /** Whoever repeats a call that changed nothing buys nothing twice; of this one nobody knows. */
    @Test
    void anUnknownOutcomeAsksNobodyToSendTheCallAgain() {
        HttpProblem problem = HttpProblem.of(LostOutcome.exception());

        assertThat(problem.status()).isEqualTo(504);
        assertThat(problem.reason()).isEqualTo("outcome-unknown");
        assertThat(problem.headers()).isEmpty();
        assertThat(problem.json().path("title").textValue()).isEqualTo("Gateway Timeout");
    }
}
