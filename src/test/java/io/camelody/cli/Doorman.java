package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camelody.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a sandbox, passes every call on, and has something happen at a certain one: when the vendor has done what
 * it was asked for, and before anybody hears of it.
 */
final class Doorman implements AutoCloseable {

    interface Event {
        void happen() throws IOException;
    }

    private record Awaited(String call, Event event) {}

    private final Sandbox sandbox;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();

    Doorman(Sandbox sandbox) {
        this.sandbox = sandbox;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    /** As the sandbox's own, for those who come through this door. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.replaceAll((name, value) -> throughHere(value));
        return settings;
    }

    /** At the next call whose method and path contain these words, once what was said before has happened. */
    void at(String call, Event event) {
        awaited.add(new Awaited(call, event));
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpResponse<byte[]> answer = ask(exchange);
            Awaited next = awaited.peek();
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            if (next != null && call.contains(next.call()) && awaited.remove(next)) {
                next.event().happen();
            }
            byte[] body = answer.body();
            String type = answer.headers().firstValue("content-type").orElse("");
            if (type.startsWith("application/json")) {
                body = throughHere(new String(body, UTF_8)).getBytes(UTF_8);
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private HttpResponse<byte[]> ask(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + sandbox.port() + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String name : List.of("api-key", "Content-Type")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String throughHere(String text) {
        return text.replace(":" + sandbox.port(), ":" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
