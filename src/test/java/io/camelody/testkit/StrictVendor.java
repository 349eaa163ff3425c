package io.camelody.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A vendor on loopback that makes songs of two seconds and refuses whatever its document does not allow, with 400 and a
 * note of it. A subclass is the document. Thread-safe.
 */
public abstract class StrictVendor implements AutoCloseable {

    /** A call that the document does not allow. */
    protected static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    /** @param json a missing node where there was no body */
    protected record Call(String method, String path, String query, String contentType, JsonNode json) {}

    /** What was asked for. */
    public record Made(String id, JsonNode request, AtomicInteger looks) {}

    private final HttpServer server;
    private final String authorization;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Made> tasks = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    /** @param authorization the only header that is let in */
    protected StrictVendor(String authorization) {
        this.authorization = authorization;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
    }

    /** The last step of a subclass's constructor. */
    protected final void listen() {
        server.createContext("/", this::handle);
        server.createContext("/audio/", StrictVendor::sendAudio);
        server.start();
    }

    /** @throws Refusal if the document does not have such a call */
    protected abstract JsonNode answer(Call call);

    protected abstract ObjectNode refusal(String message);

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Every task that was taken, which is every one that is charged for. */
    public List<Made> tasks() {
        return List.copyOf(tasks.values());
    }

    public List<String> refusals() {
        return refusals;
    }

    protected Made make(JsonNode request) {
        Made task = new Made("t-" + made.incrementAndGet(), request, new AtomicInteger());
        tasks.put(task.id(), task);
        return task;
    }

    /** A task of its own, looked at once more. */
    protected Made look(String id) {
        Made task = tasks.get(id);
        demand(task != null, "no task " + id);
        task.looks().incrementAndGet();
        return task;
    }

    protected String audio(String clip) {
        return url() + "/audio/" + clip + ".m4a";
    }

    protected static void demand(boolean good, String message) {
        if (!good) {
            throw new Refusal(message);
        }
    }

    /** Every field that must be there is, and no other than those that may. */
    protected static void demandFields(JsonNode body, Set<String> must, Set<String> may) {
        demand(body.isObject(), "the body is no object");
        Set<String> there = new TreeSet<>();
        body.fieldNames().forEachRemaining(there::add);
        demand(there.containsAll(must), "there are %s, and not all of %s".formatted(there, must));
        there.removeAll(must);
        there.removeAll(may);
        demand(there.isEmpty(), "nobody knows " + there);
        body.forEach(value -> demand(value.isContainerNode() || !value.asText().isBlank(), "a field is empty"));
        body.forEach(value -> demand(!value.isNull(), "a field is null"));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                demand(authorization.equals(exchange.getRequestHeaders().getFirst("Authorization")), "another key");
                Call call = new Call(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        String.valueOf(exchange.getRequestURI().getRawQuery()),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        Json.parse(text));
                send(exchange, 200, answer(call));
            } catch (Refusal e) {
                refusals.add(
                        "%s %s: %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), e.getMessage()));
                send(exchange, 400, refusal(e.getMessage()));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] bytes = Json.write(answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void sendAudio(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = StrictVendor.class.getResourceAsStream("/audio/two-seconds.m4a")) {
            byte[] bytes = in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "audio/mp4");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
