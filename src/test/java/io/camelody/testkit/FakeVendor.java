package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A vendor on loopback that gives its scripted answers in their order, each once, and remembers what it heard. A call that
 * no answer was scripted for fails the test, and so does an answer that nobody asked for. As a static extension it serves
 * all tests of a class, each with a script of its own.
 */
public final class FakeVendor implements AfterEachCallback, AfterAllCallback {

    static {
        // without this the JDK's server lets every answer wait 40 ms for an acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /**
     * One call.
     *
     * @param path undecoded, as it was sent
     * @param query undecoded, empty if there was none
     * @param headers with lower-case names
     */
    public record Heard(String method, String path, String query, Map<String, String> headers, String body) {

        public JsonNode json() {
            return Json.parse(body);
        }

        /** The method and what it was for, as in the vendors' documents. */
        public String line() {
            return method + " " + path + (query.isEmpty() ? "" : "?" + query);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<HttpHandler> script = new ConcurrentLinkedQueue<>();
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> unscripted = new CopyOnWriteArrayList<>();

    public FakeVendor() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers the next call that has no answer yet with 200 and JSON. */
    public FakeVendor answers(String json) {
        return answers(200, json, "Content-Type", "application/json");
    }

    /** @param headers names and values in turn */
    public FakeVendor answers(int status, String body, String... headers) {
        return does(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    public FakeVendor does(HttpHandler answer) {
        script.add(answer);
        return this;
    }

    /** The one call that was heard. */
    public Heard heardOnce() {
        assertThat(heard).as("calls that the vendor heard").hasSize(1);
        return heard.get(0);
    }

    public List<Heard> heard() {
        return List.copyOf(heard);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
            String query = exchange.getRequestURI().getRawQuery();
            Heard call = new Heard(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    query == null ? "" : query,
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            heard.add(call);
            HttpHandler answer = script.poll();
            if (answer == null) {
                unscripted.add(call.line());
                exchange.sendResponseHeaders(500, -1);
            } else {
                answer.handle(exchange);
            }
        }
    }

    /** Holds the test against its script, and forgets both. */
    @Override
    public void afterEach(ExtensionContext context) {
        List<String> surprises = List.copyOf(unscripted);
        int left = script.size();
        unscripted.clear();
        script.clear();
        heard.clear();
        assertThat(surprises).as("calls that no answer was scripted for").isEmpty();
        assertThat(left).as("scripted answers that nobody asked for").isZero();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop(0);
        threads.shutdownNow();
    }
}
