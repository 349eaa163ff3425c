package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.LostOutcome;
import io.camelody.ledger.SongLedger;
import io.camelody.testkit.LogLines;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpProblemTest {

    @TempDir
    private Path folder;

    /** Whoever repeats a call that changed nothing buys nothing twice; of this one nobody knows. */
    @Test
    void anUnknownOutcomeAsksNobodyToSendTheCallAgain() {
        HttpProblem problem = HttpProblem.of(LostOutcome.exception());

        assertThat(problem.status()).isEqualTo(504);
        assertThat(problem.reason()).isEqualTo("outcome-unknown");
        assertThat(problem.headers()).isEmpty();
        assertThat(problem.json().path("title").textValue()).isEqualTo("Gateway Timeout");
    }

    @Test
    void eachTroubleWithTheLedgerIsSaidOnceHoweverManyCallsItSendsAway() {
        Throwable one = trouble("one.db");
        Throwable other = trouble("other.db");
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 3; i++) {
                assertThat(HttpProblem.of(one).status()).isEqualTo(503);
                assertThat(HttpProblem.of(other).status()).isEqualTo(503);
            }

            assertThat(log.with("sent away"))
                    .containsExactly(
                            "WARN Calls over HTTP are sent away: " + one.getMessage(),
                            "WARN Calls over HTTP are sent away: " + other.getMessage());
        }
    }

    private Throwable trouble(String file) {
        Throwable none =
                catchThrowable(() -> SongLedger.openBeside("jdbc:sqlite:" + folder.resolve(file), Clock.systemUTC()));
        assertThat(none).isInstanceOf(LedgerException.class).hasMessageContaining(file);
        return none;
    }
}
