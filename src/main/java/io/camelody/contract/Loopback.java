package io.camelody.contract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camelody.sample.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A vendor on this machine that gives every call the same answer, or none, and remembers what it heard. One thread talks to
 * it.
 */
final class Loopback implements AutoCloseable {

    static {
        // the JDK's server writes head and body apart: without this every answer waits 40 ms for an acknowledgement
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    /**
     * A call that came.
     *
     * @param path and {@code query} as they were sent
     * @param headers with lower-case names
     */
    record Heard(String method, String path, String query, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private volatile Optional<Sample.Answer> answer = Optional.empty();

    private Loopback(HttpServer server) {
        this.server = server;
    }

    static Loopback open() {
        try {
            InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            Loopback loopback = new Loopback(HttpServer.create(new InetSocketAddress(here, 0), 0));
            loopback.server.createContext("/", loopback::handle);
            loopback.server.start();
            return loopback;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on this is the answer. @param next empty for a connection that is closed without one */
    void answer(Optional<Sample.Answer> next) {
        heard.clear();
        answer = next;
    }

    /** What came since the answer was given. */
    List<Heard> heard() {
        return List.copyOf(heard);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
            heard.add(new Heard(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Sample.Answer now = answer.orElseThrow(() -> new IOException("no answer"));
            // else the next GET, on a connection that was kept, would be repeated where it is not answered
            exchange.getResponseHeaders().set("Connection", "close");
            now.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = now.body().getBytes(StandardCharsets.UTF_8);
            boolean hasNoBody = body.length == 0 || now.status() == 204 || now.status() == 304;
            exchange.sendResponseHeaders(now.status(), hasNoBody ? -1 : body.length);
            if (!hasNoBody) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
