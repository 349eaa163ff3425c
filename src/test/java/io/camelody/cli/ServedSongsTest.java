package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP of {@code camelody run}, over real HTTP. */
class ServedSongsTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));

    private final HttpClient client = HttpClient.newHttpClient();
    private SongLedger ledger;
    private Engine engine;

    @BeforeEach
    void run() {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "0");
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
        engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()));
    }

    @AfterEach
    void stop() {
        engine.close();
        ledger.close();
        sandbox.close();
    }

    @Test
    void aRequestIsWrittenDownAndItsSongIsThereToLookAt() throws Exception {
        HttpResponse<String> receipt = post("/songs", "{\"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");

        assertThat(receipt.statusCode()).as(receipt.body()).isEqualTo(202);
        JsonNode body = Json.parse(receipt.body());
        String self = "/songs/" + body.path("id").asText();
        assertThat(receipt.headers().firstValue("Location")).contains(self);
        assertThat(body.path("links").path("self").asText()).isEqualTo(self);
        assertThat(body.path("state").asText()).isEqualTo("accepted");
        assertThat(body.path("isNew").asBoolean()).isTrue();
        HttpResponse<String> song = get(self);
        assertThat(song.statusCode()).isEqualTo(200);
        assertThat(song.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(Json.parse(song.body()).path("request").path("prompt").asText())
                .isEqualTo("a waltz");
    }

    @Test
    void whatIsNotThereIsAProblem() throws Exception {
        assertProblem(get("/songs/nothing"), 404, "not-found");
        assertProblem(get("/nothing"), 404, "not-found");
        assertProblem(post("/songs", "{\"promt\": \"a\"}"), 400, "refused");
        assertProblem(post("/songs", "{"), 400, "refused");
        assertProblem(post("/songs", ""), 400, "refused");
    }

    @Test
    void aPortThatSomebodyHasIsToldAndNothingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = Ran.camelody(
                    "run",
                    "--sandbox",
                    "--home",
                    home.resolve("data"),
                    "--property",
                    "camelody.http.port=" + taken.getLocalPort());

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err())
                    .contains(
                            "Could not listen on port " + taken.getLocalPort() + " of 127.0.0.1",
                            "in use",
                            "camelody.http.port")
                    .doesNotContain("Watching");
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Json.parse(answer.body()).path("status").asInt()).isEqualTo(status);
        assertThat(Json.parse(answer.body()).path("reason").asText()).isEqualTo(reason);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(to(path));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(engine.url().orElseThrow() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
