package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A host on loopback that answers each scripted request once. A request that is not scripted, and an answer that
 * nobody asked for, fail the test when it closes.
 */
public final class StrictServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Queue<HttpHandler>> scripts = new ConcurrentHashMap<>();
    private final List<String> unscripted = new CopyOnWriteArrayList<>();
    private final List<Headers> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch testEnds = new CountDownLatch(1);

    public StrictServer() {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public StrictServer(InetSocketAddress address) {
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        heard.add(exchange.getRequestHeaders());
        HttpHandler script = scripts.getOrDefault(exchange.getRequestURI().getPath(), new ConcurrentLinkedQueue<>())
                .poll();
        if (script == null || !exchange.getRequestMethod().equals("GET")) {
            unscripted.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.close();
            return;
        }
        script.handle(exchange);
    }

    public String url(String path) {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public List<Headers> heard() {
        return heard;
    }

    public StrictServer script(String path, HttpHandler answer) {
        scripts.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).add(answer);
        return this;
    }

    public StrictServer file(String path, String contentType, byte[] body) {
        return script(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    public StrictServer status(String path, int status, String... headers) {
        return script(path, exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    /** For a peer that goes silent without closing. */
    public void staySilent() {
        try {
            testEnds.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean testEndsWithin(long millis) {
        try {
            return testEnds.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        testEnds.countDown();
        server.stop(0);
        threads.shutdownNow();
        assertThat(unscripted).as("requests that no script expected").isEmpty();
        assertThat(scripts)
                .as("answers that nobody asked for")
                .allSatisfy((path, left) -> assertThat(left).as(path).isEmpty());
    }
}
