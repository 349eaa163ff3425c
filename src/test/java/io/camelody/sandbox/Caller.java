package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls a sandbox as a vendor's document says. */
final class Caller {

    record Reply(int status, HttpResponse<byte[]> response) {

        JsonNode json() {
            return Json.parse(new String(response.body(), StandardCharsets.UTF_8));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        byte[] body() {
            return response.body();
        }
    }

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String base;
    private final String[] key;

    Caller(Sandbox sandbox, String... keyHeader) {
        base = "http://127.0.0.1:" + sandbox.port();
        key = keyHeader;
    }

    static Caller bearer(Sandbox sandbox) {
        return new Caller(sandbox, "Authorization", "Bearer sandbox");
    }

    static Caller foxai(Sandbox sandbox) {
        return new Caller(sandbox, "api-key", "sandbox");
    }

    Reply post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply get(String path, String... headers) {
        var request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .timeout(Duration.ofSeconds(20));
        return key.length == 0 ? request : request.headers(key);
    }

    Reply send(HttpRequest.Builder request) {
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
