package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code camelody run} in this process, on a port that the system gives, and its caller. */
final class Served implements AutoCloseable {

    /** @param json of what came; a missing node where that was none */
    record Answered(int status, HttpResponse<String> response, JsonNode json) {

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        Answered isProblem(int expected, String reason) {
            assertThat(status).as(response.body()).isEqualTo(expected);
            assertThat(header("Content-Type")).contains("application/problem+json");
            assertThat(json.path("status").asInt()).isEqualTo(expected);
            assertThat(json.path("reason").asText()).isEqualTo(reason);
            return this;
        }
    }

    final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));
    final SongLedger ledger;
    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<String> token = Optional.empty();
    private final Engine engine;

    /** @param own settings as {@code name, value}, over those of the sandbox */
    Served(Path home, String... own) {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "0");
        for (int i = 0; i < own.length; i += 2) {
            settings.put(own[i], own[i + 1]);
        }
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledger());
        engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()));
    }

    /** From here on the caller shows a token. */
    void show(String known) {
        token = Optional.of(known);
    }

    String url() {
        return engine.web().orElseThrow().url();
    }

    Router router() {
        return engine.web().orElseThrow().router();
    }

    Answered get(String path) throws IOException, InterruptedException {
        return call("GET", path, "");
    }

    Answered post(String path, String body, String... headers) throws IOException, InterruptedException {
        return call("POST", path, body, headers);
    }

    /** @param headers as {@code name, value}; JSON is the type unless they say another */
    Answered call(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body))
                .setHeader("Content-Type", "application/json");
        token.ifPresent(shown -> request.setHeader("Authorization", "Bearer " + shown));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("");
        JsonNode json = type.endsWith("json") ? Json.parse(response.body()) : MissingNode.getInstance();
        return new Answered(response.statusCode(), response, json);
    }

    /**
     * {@code GET /events}, its lines as they come; whoever closes them hangs up.
     *
     * @param headers as {@code name, value}
     */
    HttpResponse<Stream<String>> follow(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + "/events")).headers(headers);
        token.ifPresent(shown -> request.setHeader("Authorization", "Bearer " + shown));
        return client.send(request.build(), BodyHandlers.ofLines());
    }

    @Override
    public void close() {
        engine.close();
        ledger.close();
        sandbox.close();
    }
}
