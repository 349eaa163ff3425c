package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Takes webhooks on loopback, and verifies each with the reference library of Standard Webhooks. Answers 204, or what was
 * scripted. A call that does not verify, or is no webhook, fails the test when it closes.
 */
public final class Receiver implements AutoCloseable {

    public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public static final String OLD_SECRET = "whsec_VGhpcyBpcyB0aGUgb2xkIHNlY3JldCwgbm8gbW9yZQ==";

    /** A webhook that verified. */
    public record Heard(String id, HttpHeaders headers, JsonNode body) {

        public String type() {
            return body.path("type").asText();
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<HttpHandler> answers = new ConcurrentLinkedQueue<>();
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final String secret;

    public Receiver() {
        this(SECRET);
    }

    public Receiver(String secret) {
        this.secret = secret;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
        try {
            new Webhook(secret).verify(body, headers);
            assertThat(exchange.getRequestMethod()).isEqualTo("POST");
            assertThat(headers.firstValue("Content-Type")).contains("application/json");
            assertThat(headers.map()).doesNotContainKeys("Authorization", "Cookie", "Referer");
            heard.add(new Heard(headers.firstValue("webhook-id").orElseThrow(), headers, Json.parse(body)));
        } catch (Exception | AssertionError e) {
            wrong.add(e.toString());
        }
        HttpHandler answer = answers.poll();
        if (answer == null) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else {
            answer.handle(exchange);
        }
    }

    /** The next call is answered so. */
    public Receiver answer(HttpHandler answer) {
        answers.add(answer);
        return this;
    }

    public Receiver answer(int status, String... headers) {
        return answer(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/songs?token=for-the-receiver";
    }

    public List<Heard> heard() {
        return heard;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        assertThat(wrong).as("calls that are no webhooks").isEmpty();
    }
}
