package io.camelody.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A vendor whose connections break, which no HTTP server can be asked for: each request that was read whole is met by the
 * next scripted act on its bare socket. As strict as {@link FakeVendor}.
 */
public final class BrokenVendor implements AfterEachCallback, AfterAllCallback {

    /** What happens to a connection once a request has been read from it. */
    @FunctionalInterface
    public interface Act {
        /** @throws IOException if the connection is to be closed */
        void on(Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Act> script = new ConcurrentLinkedQueue<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> unscripted = new CopyOnWriteArrayList<>();
    private volatile boolean atOnce;
    private final AtomicInteger flooded = new AtomicInteger();
    private final CountDownLatch ends = new CountDownLatch(1);

    public BrokenVendor() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on an act meets a connection, and not a request that was read from it. */
    public BrokenVendor meetsAtOnce() {
        atOnce = true;
        return this;
    }

    public BrokenVendor does(Act act) {
        script.add(act);
        return this;
    }

    /** The connection is torn down with RST. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Nothing comes, and the connection stays open until the end of the class. */
    public void fallSilent(Socket socket) throws IOException {
        try {
            ends.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A whole answer to HTTP, which promises to keep the connection. */
    public static Act answer(String json) {
        return socket -> write(socket, 200, json, json.getBytes(UTF_8).length);
    }

    /** An answer whose end never comes. */
    public static Act half(String json) {
        return socket -> {
            write(socket, 200, json.substring(0, json.length() / 2), json.getBytes(UTF_8).length);
            socket.close();
        };
    }

    /** Bytes of JSON that do not end by themselves, with a pause between them that no timeout of a single read notices. */
    public Act drip(int status) {
        return socket -> {
            write(socket, status, "", 1 << 20);
            try {
                do {
                    socket.getOutputStream().write(' ');
                } while (!ends.await(50, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** 50 MB of JSON, of which {@link #flooded} says how much could be sent. */
    public Act flood(int status) {
        return socket -> {
            byte[] spaces = " ".repeat(1 << 16).getBytes(UTF_8);
            flooded.set(0);
            write(socket, status, "", 800 * spaces.length);
            for (int i = 0; i < 800; i++) {
                socket.getOutputStream().write(spaces);
                flooded.addAndGet(spaces.length);
            }
        };
    }

    public int flooded() {
        return flooded.get();
    }

    private static void write(Socket socket, int status, String body, int announced) throws IOException {
        String head = "HTTP/1.1 " + status
                + " x\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: "
                + announced + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    /** The request lines so far, of requests that came whole. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (atOnce) {
                next("a connection").on(socket);
                return;
            }
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                String line = line(in);
                if (line.isEmpty()) {
                    return;
                }
                int length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(
                                header.substring("content-length:".length()).strip());
                    }
                }
                in.readNBytes(length);
                heard.add(line.replace(" HTTP/1.1", ""));
                next(line).on(socket);
            }
        } catch (IOException e) {
            // the other side has gone: what it sent until then is in the list
        }
    }

    private Act next(String call) {
        Act act = script.poll();
        if (act == null) {
            unscripted.add(call);
            return Socket::close;
        }
        return act;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> surprises = List.copyOf(unscripted);
        int left = script.size();
        unscripted.clear();
        script.clear();
        heard.clear();
        assertThat(surprises).as("calls that no act was scripted for").isEmpty();
        assertThat(left).as("scripted acts that nobody asked for").isZero();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        ends.countDown();
        server.close();
        threads.shutdownNow();
    }
}
