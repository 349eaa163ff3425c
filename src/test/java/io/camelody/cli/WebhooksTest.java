package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.Receiver;
import io.camelody.testkit.TestSongs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver of webhooks hears of the songs of a batch, and of those that a run finds. */
class WebhooksTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withLatency(Duration.ofMillis(2_500))
            .withLatencySpread(0)
            .withSongLength(Duration.ofSeconds(1)));
    private final Receiver receiver = new Receiver();
    private final Map<String, String> settings = new HashMap<>(sandbox.settings());

    WebhooksTest() {
        settings.put("camelody.foxai.poll-interval", "100ms");
        settings.put("camelody.webhook.url", receiver.url());
        settings.put("camelody.webhook.secret", Receiver.SECRET);
        settings.put("camelody.sinks", "file,webhook");
        settings.put("camelody.public-url", "https://songs.example");
        settings.put("camelody.http.token", "0123456789abcdef");
        settings.put("camelody.http.port", "0");
    }

    @AfterEach
    void everyCallWasAGoodWebhook() {
        sandbox.close();
        receiver.close();
    }

    @Test
    void songIsToldAsItStreamsAndAsItIsDelivered() throws IOException {
        Ran ran = batch("{\"id\": \"good\", \"prompt\": \"a tango\"}");

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).doesNotContain("still due");
        assertThat(receiver.heard())
                .extracting(Receiver.Heard::type)
                .containsExactly("song.streaming", "song.delivered");
        JsonNode streaming = receiver.heard().get(0).body().path("data");
        assertThat(streaming.path("state").asText()).isEqualTo("submitted");
        assertThat(streaming.path("clips").findValuesAsText("audioUrl")).isNotEmpty();
        JsonNode delivered = receiver.heard().get(1).body().path("data");
        assertThat(delivered.path("state").asText()).isEqualTo("delivered");
        assertThat(delivered.path("links").path("audio").path(1).asText())
                .isEqualTo("https://songs.example/songs/good/clips/2/audio");
    }

    @Test
    void songThatFailsOrIsInDoubtIsToldOfToo() throws IOException {
        sandbox.fault(Fault.parse("foxai:submit:1:status=400"));

        batch("{\"id\": \"bad\", \"prompt\": \"a tango\"}");
        sandbox.fault(Fault.parse("foxai:submit:1:lost"));
        batch("{\"id\": \"unheard\", \"prompt\": \"a waltz\"}");

        assertThat(receiver.heard()).extracting(Receiver.Heard::type).containsExactly("song.failed", "song.in-doubt");
        JsonNode failed = receiver.heard().get(0).body().path("data");
        assertThat(failed.path("id").asText()).isEqualTo("bad");
        assertThat(failed.path("reason").asText()).isEqualTo("vendor-refused");
    }

    @Test
    void noticeThatWasNotTakenIsSentByTheNextRunUnderTheSameId() throws IOException {
        sandbox.fault(Fault.parse("foxai:submit:1:status=400"));
        receiver.answer(500);

        Ran ran = batch("{\"id\": \"bad\", \"prompt\": \"a tango\"}");

        assertThat(ran.out()).endsWith("1 webhook is still due; camelody run sends it.%n".formatted());
        assertThat(receiver.heard()).hasSize(1);
        Workplace place = Workplace.read(home, Map.of(), settings);
        try (SongLedger ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
                Engine engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.heard().size() == 2);
            await().until(() -> ledger.notices().countDue(engine.runtime().scope()) == 0);
        }
        assertThat(receiver.heard().get(1).id())
                .isEqualTo(receiver.heard().get(0).id());
        assertThat(receiver.heard().get(1).body())
                .isEqualTo(receiver.heard().get(0).body());
    }

    @Test
    @Timeout(60)
    void batchEndsWhenAllThatIsLeftWaitsLongForTheReceiverAndARunTellsItLater() throws IOException {
        receiver.answer(204).answer(503, "Retry-After", "7200");
        String line = "{\"id\": \"late\", \"prompt\": \"a tango\"}";

        for (int i = 0; i < 2; i++) {
            Ran ran = batch(line);
            assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(Camelody.NOT_ALL);
            assertThat(ran.out())
                    .containsPattern(
                            "1 song waits for its sinks: webhook until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d \\(The webhook was not taken: It was answered with 503\\.")
                    .contains("camelody run goes on with it then, and so does the same batch.")
                    .doesNotContain("token");
            assertThat(receiver.heard())
                    .extracting(Receiver.Heard::type)
                    .containsExactly("song.streaming", "song.delivered");
        }
        assertThat(camelody("songs", "--home", home).out()).contains("generated", "webhook: The webhook was not taken");
        assertThat(camelody("show", "late", "--home", home).out())
                .contains("webhook: The webhook was not taken: It was answered with 503.")
                .contains("webhook tried again, after 1 failed try");
        Workplace place = Workplace.read(home, Map.of(), settings);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(3));
        try (SongLedger ledger = SongLedger.openForWork(place.ledgerUrl(), later);
                Engine engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()))) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> engine.runtime()
                                    .ledger()
                                    .catalog()
                                    .find("late")
                                    .orElseThrow()
                                    .state()
                            == SongState.DELIVERED);
        }
        assertThat(receiver.heard()).hasSize(3);
        assertThat(receiver.heard().get(2).id())
                .isEqualTo(receiver.heard().get(1).id());
        assertThat(batch(line).code()).isZero();
    }

    @Test
    void receiverThatIsGoneIsGivenUp() throws IOException {
        sandbox.fault(Fault.parse("foxai:submit:1:status=400"));
        receiver.answer(410);

        try (LogLines log = new LogLines()) {
            Ran ran = batch("{\"id\": \"bad\", \"prompt\": \"a tango\"}");

            assertThat(ran.out()).doesNotContain("still due");
            assertThat(log.with("answered with 410")).singleElement().asString().doesNotContain("token");
        }
        assertThat(receiver.heard()).hasSize(1);
    }

    @Test
    void requestsOwnWebhookIsToldWhateverTheSinksAre() throws IOException {
        settings.put("camelody.sinks", "file");
        settings.put("camelody.webhook.url", "");
        settings.put("camelody.webhook.allow", "http://127.0.0.1");

        Ran ran = batch(
                """
                {"id": "told", "prompt": "a tango", "webhook": "%s", "labels": {"mine": 7}}
                {"id": "quiet", "prompt": "a waltz"}
                {"id": "lost", "prompt": "a rumba", "sinks": ["webhook"]}
                {"id": "no", "prompt": "a polka", "webhook": "https://evil.example/songs?token=secret"}
                """
                        .formatted(receiver.url()));

        assertThat(ran.code()).isEqualTo(Camelody.NOT_ALL);
        assertThat(receiver.heard())
                .extracting(Receiver.Heard::type)
                .containsExactly("song.streaming", "song.delivered");
        assertThat(receiver.heard()
                        .get(1)
                        .body()
                        .path("data")
                        .path("request")
                        .path("labels")
                        .path("mine")
                        .asInt())
                .isEqualTo(7);
        String host = receiver.url().replaceFirst("/songs.*", "");
        assertThat(receiver.heard().get(1).body().at("/data/request/webhook").asText())
                .isEqualTo(host);
        assertThat(camelody("show", "told", "--home", home, "--json").out())
                .contains(host)
                .doesNotContain(receiver.url());
        assertThat(camelody("show", "told", "--home", home).out())
                .contains(host)
                .doesNotContain("for-the-receiver");
        String rejected = Files.readString(home.resolve("rejected/songs.jsonl.rejected.jsonl"));
        assertThat(rejected)
                .contains(
                        "Expected webhook to be a URL of a host in camelody.webhook.allow, got: \\\"https://evil.example\\\"",
                        "Expected sinks to name one that keeps the audio");
    }

    @Test
    void receiverThatIsGoneIsNotToldThatItFailedTheSong() throws IOException {
        receiver.answer(204).answer(410);

        Ran ran = batch("{\"id\": \"good\", \"prompt\": \"a tango\"}");

        assertThat(ran.code()).isEqualTo(Camelody.NOT_ALL);
        assertThat(receiver.heard())
                .extracting(Receiver.Heard::type)
                .containsExactly("song.streaming", "song.delivered");
        assertThat(ran.out()).doesNotContain("still due");
    }

    @Test
    void receiverIsToldAsFastAsItAnswers() {
        Workplace place = Workplace.read(home, Map.of(), settings);
        SongLedger.Scope scope = new SongLedger.Scope(false, Optional.empty());
        try (SongLedger ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC())) {
            putInDoubt(80, ledger, scope);
            try (Engine engine = Engine.serve(place, ledger, scope)) {
                // two each half second would be 20 s
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> ledger.notices().countDue(engine.runtime().scope()) == 0);
            }
        }
        assertThat(receiver.heard()).extracting(Receiver.Heard::id).hasSize(80).doesNotHaveDuplicates();
    }

    private static void putInDoubt(int songs, SongLedger ledger, SongLedger.Scope scope) {
        for (int i = 0; i < songs; i++) {
            ledger.accept(List.of(TestSongs.toldOf("s" + i)), false);
            Claim claim = ledger.claims()
                    .claimDue(SongState.ACCEPTED, "foxai", scope, 1, Duration.ofMinutes(5))
                    .get(0)
                    .claim();
            ledger.make(new Change.Intended(claim, 1, 0));
            ledger.make(new Change.Doubted(claim, "No answer.", Optional.empty()));
        }
    }

    @Test
    void webhookAloneKeepsNoAudioAndIsABadSetting() throws IOException {
        settings.put("camelody.sinks", "webhook");

        Ran ran = batch("{\"id\": \"good\", \"prompt\": \"a tango\"}");

        assertThat(ran.code()).isEqualTo(Camelody.USAGE);
        assertThat(ran.err()).contains("Expected camelody.sinks to name one that keeps the audio");
        assertThat(receiver.heard()).isEmpty();
    }

    @Test
    void sinkWithoutASecretIsABadSetting() throws IOException {
        settings.put("camelody.webhook.secret", "");

        Ran ran = batch("{\"id\": \"good\", \"prompt\": \"a tango\"}");

        assertThat(ran.code()).isEqualTo(Camelody.USAGE);
        assertThat(ran.err()).contains("Set camelody.webhook.secret.");
    }

    private Ran batch(String lines) throws IOException {
        Path file = Files.writeString(home.resolve("songs.jsonl"), lines);
        List<Object> arguments = new ArrayList<>(List.of("batch", file, "--home", home, "--vendor", "foxai"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return camelody(arguments.toArray());
    }
}
