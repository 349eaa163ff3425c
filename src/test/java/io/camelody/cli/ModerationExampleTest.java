package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code src/examples/routes/moderation.camel.yaml} with a strict service. */
@Timeout(120)
final class ModerationExampleTest {

    private static final String GOOD = "{\"results\": [{\"flagged\": false, \"categories\": {\"violence\": false}}]}";

    @RegisterExtension
    private static final FakeVendor SERVICE = new FakeVendor();

    @TempDir
    private static Path home;

    private static Served served;

    @BeforeAll
    static void start() {
        ExampleHome.with("moderation", home);
        served = new Served(
                home,
                "camelody.work.before-submit",
                "direct:camelody-moderation",
                "camelody.moderation.url",
                SERVICE.url() + "/v1/moderations",
                "camelody.moderation.api-key",
                "the-key",
                "camelody.foxai.submit-rate",
                "1000");
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void aRequestThatPassesIsSubmittedAsItWas() throws Exception {
        SERVICE.answers(GOOD);

        request("good", "a waltz");

        awaitState("good", SongState.SUBMITTED, SongState.GENERATED, SongState.DELIVERED);
        FakeVendor.Heard asked = SERVICE.heardOnce();
        assertThat(asked.line()).isEqualTo("POST /v1/moderations");
        assertThat(asked.headers()).containsEntry("authorization", "Bearer the-key");
        assertThat(asked.json()).isEqualTo(Json.object().put("input", "a waltz"));
        assertThat(bought("a waltz")).hasSize(1);
    }

    @Test
    void aRequestThatIsRefusedFailsAndIsNotPaidFor() throws Exception {
        SERVICE.answers(
                "{\"results\": [{\"flagged\": true, \"categories\": {\"hate\": true, \"violence\": false, \"self-harm\": true}}]}");

        request("bad", "a battle");

        awaitState("bad", SongState.FAILED);
        assertThat(song("bad").reason()).contains(Reason.CONTENT_REFUSED);
        assertThat(song("bad").message()).contains("The moderation refused it: hate, self-harm.");
        assertThat(bought("a battle")).isEmpty();
    }

    @Test
    void aRequestThatTheServiceWroteAnewIsSubmittedSo() throws Exception {
        SERVICE.answers("{\"results\": [{\"flagged\": false}], \"rewritten\": {\"prompt\": \"a mazurka\"}}");

        request("other", "a brawl");

        awaitState("other", SongState.SUBMITTED, SongState.GENERATED, SongState.DELIVERED);
        assertThat(bought("a brawl")).isEmpty();
        assertThat(bought("a mazurka")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | {}",
                "401 | {\"error\": {\"message\": \"Incorrect API key\"}}",
                "200 | {\"results\": []}",
                "200 | <html>a page</html>"
            })
    void aSongWaitsWhileTheServiceIsInTrouble(int status, String answer) throws Exception {
        String prompt = "a song through " + status + " " + answer.length();
        String id = "t" + status + "-" + answer.length();
        SERVICE.answers(status, answer).answers(GOOD);

        request(id, prompt);

        await().atMost(Duration.ofSeconds(30)).until(() -> song(id).message().isPresent());
        assertThat(song(id).tasks()).isEmpty();
        assertThat(served.ledger.pauses().of("foxai", false)).isEmpty();
        awaitState(id, SongState.SUBMITTED, SongState.GENERATED, SongState.DELIVERED);
        assertThat(bought(prompt)).hasSize(1);
    }

    private static void request(String id, String prompt) throws Exception {
        String request = "{\"id\": \"%s\", \"vendor\": \"foxai\", \"prompt\": \"%s\"}".formatted(id, prompt);
        assertThat(served.post("/songs", request).status()).isEqualTo(202);
    }

    private static Song song(String id) {
        return served.ledger.catalog().find(id).orElseThrow();
    }

    private static void awaitState(String id, SongState... states) {
        await().atMost(Duration.ofSeconds(30)).until(() -> List.of(states).contains(song(id).state()));
    }

    /** The paid calls for a prompt. */
    private static List<String> bought(String prompt) {
        return served.sandbox.heard("foxai", "POST", "/").stream()
                .map(call -> call.body())
                .filter(body -> body.contains("\"" + prompt + "\""))
                .toList();
    }
}
