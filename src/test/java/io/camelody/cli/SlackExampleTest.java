package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.testkit.FakeVendor;
import io.camelody.testkit.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/examples/routes/slack.camel.yaml} with a strict incoming webhook. */
@Timeout(60)
final class SlackExampleTest {

    @RegisterExtension
    private static final FakeVendor SLACK = new FakeVendor();

    @TempDir
    private Path home;

    @Test
    void aSongThatFailedIsToldUntilSlackTakesIt() throws Exception {
        ExampleHome.with("slack", home);
        SLACK.answers(503, "").answers(200, "ok", "Content-Type", "text/html");
        try (LogLines log = new LogLines();
                Served served = new Served(
                        home,
                        "camelody.slack.url",
                        SLACK.url() + "/services",
                        "camelody.slack.token",
                        "T00/B00/XXXX")) {
            served.sandbox.fault(Fault.parse("foxai:submit:1:fail=moderation: your words \"a secret waltz\""));
            request(served, "s1", "a secret waltz");
            awaitState(served, "s1", SongState.FAILED);
            request(served, "s2", "a tango");
            awaitState(served, "s2", SongState.DELIVERED);

            await().atMost(Duration.ofSeconds(20)).until(() -> SLACK.heard().size() == 2);
            assertThat(log.with("Slack answered 503.")).isNotEmpty();
            assertThat(log.with("XXXX")).isEmpty();
        }
        assertThat(SLACK.heard()).allSatisfy(told -> {
            assertThat(told.line()).isEqualTo("POST /services/T00/B00/XXXX");
            assertThat(told.headers()).containsEntry("content-type", "application/json");
            assertThat(told.json())
                    .isEqualTo(Json.object()
                            .put("text", "The song s1 failed at foxai: content-refused. camelody show s1 says more."));
        });
    }

    private static void request(Served served, String id, String prompt) throws Exception {
        String request = "{\"id\": \"%s\", \"vendor\": \"foxai\", \"prompt\": \"%s\"}".formatted(id, prompt);
        assertThat(served.post("/songs", request).status()).isEqualTo(202);
    }

    private static void awaitState(Served served, String id, SongState state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> served.ledger.catalog().find(id).orElseThrow().state() == state);
    }
}
