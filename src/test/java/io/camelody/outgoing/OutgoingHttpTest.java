package io.camelody.outgoing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.testkit.LogLines;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OutgoingHttpTest {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long LONG = TimeUnit.SECONDS.toNanos(15);

    private final StrictServer server = new StrictServer();
    private final Queue<InetAddress[]> answers = new ArrayDeque<>();

    @AfterEach
    void everyScriptWasAskedForAndNothingElse() {
        server.close();
    }

    @Test
    void noSpellingOfALoopbackAddressIsCalled() {
        OutgoingHttp http = new OutgoingHttp(TestAddresses.allowing(""), CONNECT);
        for (String host : new String[] {
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "017700000001",
            "0177.0.0.1",
            "0",
            "0.0.0.0",
            "127.000.000.001",
            "[::1]",
            "[::]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "localhost",
            "LOCALHOST",
            "localhost."
        }) {
            // newer JDKs read some of these as names, which nobody has
            assertThatThrownBy(() -> head(http, "http://" + host + ":" + server.port() + "/"))
                    .as(host)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void nameThatLeadsToLoopbackIsRefusedWithTheSettingThatAllowsIt() {
        resolve("127.0.0.1", "::1");
        resolve("127.0.0.1", "::1");
        OutgoingHttp http = named("");

        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> head(http, "http://cdn.example:" + server.port() + "/"))
                        .isInstanceOf(AddressRefusedException.class)
                        .hasMessage("cdn.example is not called: it is not on the public internet. "
                                + "If it is meant, add it to camelody.outgoing.allow.");
            }

            assertThat(log.with("cdn.example"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("127.0.0.1, 0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void allowedHostIsCalledWhereverItIs() throws Exception {
        resolve("127.0.0.1");
        server.status("/", 204);

        assertThat(head(named("cdn.example"), "http://cdn.example:" + server.port() + "/")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void nameThatChangesItsAddressMeanwhileLeadsNowhereElse() throws Exception {
        // for the first, read a public address
        resolve("127.0.0.1");
        resolve("127.0.0.2");
        try (StrictServer secret = new StrictServer(new InetSocketAddress("127.0.0.2", server.port()))) {
            OutgoingHttp http = named("127.0.0.1");
            server.status("/", 204, "Connection", "close");

            assertThat(head(http, "http://cdn.example:" + server.port() + "/").status())
                    .isEqualTo(204);
            assertThatThrownBy(() -> head(http, "http://cdn.example:" + secret.port() + "/"))
                    .isInstanceOf(AddressRefusedException.class);
        }
        assertThat(answers).isEmpty();
    }

    @Test
    void ofSeveralAddressesThoseAreCalledThatMayBe() throws Exception {
        resolve("127.0.0.2", "127.0.0.1");
        resolve("127.0.0.3", "127.0.0.2");
        try (StrictServer secret = new StrictServer(new InetSocketAddress("127.0.0.2", server.port()))) {
            server.status("/", 204);

            assertThat(head(named("127.0.0.1"), "http://cdn.example:" + secret.port() + "/")
                            .status())
                    .isEqualTo(204);
            // nobody listens at the one that may be called
            assertThatThrownBy(() -> head(named("127.0.0.3"), "http://cdn.example:" + secret.port() + "/"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(AddressRefusedException.class);
        }
    }

    @Test
    void proxyOfTheJvmIsHandedNothingThatMayNotBeCalled() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new OneProxy(new InetSocketAddress("127.0.0.1", server.port())));
        try {
            OutgoingHttp http = new OutgoingHttp(TestAddresses.loopback(), CONNECT);
            server.status("/song", 204);

            assertThat(head(http, "http://93.184.215.14/song").status()).isEqualTo(204);
            assertThatThrownBy(() -> head(http, "http://10.0.0.1/song")).isInstanceOf(AddressRefusedException.class);
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void headThatNeverEndsIsCutOff() {
        OutgoingHttp http = new OutgoingHttp(TestAddresses.loopback(), CONNECT);
        server.script("/", exchange -> {
            exchange.getResponseHeaders().set("Endless", "x".repeat(1 << 16));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        assertThatThrownBy(() -> head(http, server.url("/"))).isInstanceOf(IOException.class);
    }

    @Test
    void hostThatNobodyListensToIsHeldBackAndLetGoAtTheEnd() throws Exception {
        AtomicLong sent = new AtomicLong();
        AtomicBoolean cut = new AtomicBoolean();
        server.script("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (!server.testEndsWithin(0)) {
                    exchange.getResponseBody().write(new byte[1 << 16]);
                    sent.addAndGet(1 << 16);
                }
            } catch (IOException e) {
                cut.set(true);
            }
        });
        OutgoingCall call =
                new OutgoingHttp(TestAddresses.loopback(), CONNECT).get(URI.create(server.url("/")), List.of());
        call.head(LONG);
        AtomicLong last = new AtomicLong(-1);

        // what stands still has filled the buffers of two sockets and a few pieces
        await().pollInterval(Duration.ofSeconds(1)).until(() -> last.getAndSet(sent.get()) == sent.get());
        assertThat(sent.get()).isPositive().isLessThan(64L << 20);
        call.close();

        await().untilTrue(cut);
    }

    @Test
    void silentHostIsWaitedForAsLongAsOneLikes() {
        server.script("/", exchange -> server.staySilent());
        try (OutgoingCall call =
                new OutgoingHttp(TestAddresses.loopback(), CONNECT).get(URI.create(server.url("/")), List.of())) {
            assertThatThrownBy(() -> call.head(TimeUnit.MILLISECONDS.toNanos(100)))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void connectionThatAGetHasLeftIsUsedAgainWithoutAnotherLook() throws Exception {
        resolve("127.0.0.1");
        OutgoingHttp http = named("127.0.0.1");
        Set<InetSocketAddress> callers = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            server.script("/song", exchange -> {
                callers.add(exchange.getRemoteAddress());
                exchange.sendResponseHeaders(200, 100_000);
                exchange.getResponseBody().write(new byte[100_000]);
                exchange.close();
            });
            assertThat(length(http, "http://cdn.example:" + server.port() + "/song"))
                    .isEqualTo(100_000);
        }

        assertThat(callers).hasSize(1);
        assertThat(answers).isEmpty();
    }

    @Test
    void whatWasNotReadToItsEndTakesItsConnectionWithIt() throws Exception {
        resolve("127.0.0.1");
        resolve("127.0.0.1");
        OutgoingHttp http = named("127.0.0.1");
        server.file("/page", "text/html", new byte[1 << 20]);
        server.status("/", 204);

        assertThat(head(http, "http://cdn.example:" + server.port() + "/page").status())
                .isEqualTo(200);
        assertThat(head(http, "http://cdn.example:" + server.port() + "/").status())
                .isEqualTo(204);
        assertThat(answers).isEmpty();
    }

    @Test
    void getThatFindsItsKeptConnectionClosedIsRepeatedOnceOverAnotherThatIsLookedAt() throws Exception {
        closing("127.0.0.1", List.of(1, 1), (http, host) -> {
            assertThat(head(http, host.url()).status()).isEqualTo(204);

            assertThat(host.heard()).isEqualTo(3);
            assertThat(answers).isEmpty();
        });
    }

    @Test
    void keptConnectionIsNoWayToAnAddressThatMayNotBeCalled() throws Exception {
        closing("127.0.0.2", List.of(1), (http, host) -> {
            assertThatThrownBy(() -> head(http, host.url())).isInstanceOf(AddressRefusedException.class);

            assertThat(host.heard()).isEqualTo(2);
        });
    }

    @Test
    void getThatFindsTwoConnectionsClosedHasFailed() throws Exception {
        closing("127.0.0.1", List.of(1, 0), (http, host) -> {
            assertThatThrownBy(() -> head(http, host.url())).isInstanceOf(IOException.class);

            assertThat(host.heard()).isEqualTo(3);
        });
    }

    @Test
    void postHasAConnectionOfItsOwnAndIsNeverRepeated() throws Exception {
        closing("127.0.0.1", List.of(1, 0), (http, host) -> {
            try (OutgoingCall call = http.post(URI.create(host.url()), List.of(), new byte[0])) {
                assertThatThrownBy(() -> call.head(LONG)).isInstanceOf(IOException.class);
            }

            assertThat(host.heard()).isEqualTo(2);
            assertThat(answers).isEmpty();
        });
    }

    @Test
    void connectionOfACallThatEndsLateIsClosedTooWhenNobodyComesForIt() throws Exception {
        OutgoingHttp http = new OutgoingHttp(
                TestAddresses.loopback(), CONNECT, InetAddress::getAllByName, TimeValue.ofMilliseconds(100));
        try (ServerSocket host = new ServerSocket(0, 2, address("127.0.0.1"));
                HeardCall late = new HeardCall(http, host)) {
            late.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nl");
            try (HeardCall early = new HeardCall(http, host)) {
                early.answer("HTTP/1.1 204 No Content\r\n\r\n");
                early.awaitClosed();
            }

            late.answer("a");

            late.awaitClosed();
        }
    }

    /** A call that is read to its end, and its connection as the host has it. */
    private static final class HeardCall implements AutoCloseable {

        private final FutureTask<Long> reading;
        private final Socket socket;

        HeardCall(OutgoingHttp http, ServerSocket host) throws IOException {
            String url = "http://127.0.0.1:" + host.getLocalPort() + "/";
            reading = new FutureTask<>(() -> length(http, url));
            new Thread(reading, "reading").start();
            socket = host.accept();
            socket.setSoTimeout(10_000);
        }

        void answer(String part) throws IOException {
            socket.getOutputStream().write(part.getBytes(US_ASCII));
        }

        void awaitClosed() throws Exception {
            reading.get();
            socket.getInputStream().readAllBytes();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private interface Calling {
        void call(OutgoingHttp http, ClosingHost host) throws Exception;
    }

    /** Calls a host over whose first connection one call was made. @param next where its name leads when it is looked up again */
    private void closing(String next, List<Integer> perConnection, Calling calling) throws Exception {
        resolve("127.0.0.1");
        resolve(next);
        OutgoingHttp http = named("127.0.0.1");
        try (ClosingHost host = new ClosingHost(perConnection)) {
            assertThat(head(http, host.url()).status()).isEqualTo(204);
            calling.call(http, host);
        }
    }

    /** Answers so many requests on each of its connections, one after the other, hears one more on each and closes it. */
    private static final class ClosingHost implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 10, address("127.0.0.1"));
        private final AtomicLong heard = new AtomicLong();

        ClosingHost(List<Integer> answers) throws IOException {
            begin(() -> {
                for (int each : answers) {
                    Socket socket = listening.accept();
                    begin(() -> serve(socket, each));
                }
            });
        }

        private interface Serving {
            void serve() throws IOException;
        }

        private static void begin(Serving serving) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            serving.serve();
                        } catch (IOException e) {
                            // the test is over
                        }
                    },
                    "closing-host");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(Socket socket, int answers) throws IOException {
            try (socket) {
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                for (int i = 0; i < answers && hears(in); i++) {
                    socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(US_ASCII));
                }
                hears(in);
            }
        }

        private boolean hears(BufferedReader in) throws IOException {
            String line = in.readLine();
            if (line == null) {
                return false;
            }
            while (!line.isEmpty()) {
                line = in.readLine();
            }
            heard.incrementAndGet();
            return true;
        }

        String url() {
            return "http://cdn.example:" + listening.getLocalPort() + "/";
        }

        long heard() {
            return heard.get();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private void resolve(String... addresses) {
        answers.add(Arrays.stream(addresses).map(OutgoingHttpTest::address).toArray(InetAddress[]::new));
    }

    private static InetAddress address(String literal) {
        return new InetSocketAddress(literal, 0).getAddress();
    }

    private OutgoingHttp named(String allow) {
        return new OutgoingHttp(TestAddresses.allowing(allow), CONNECT, host -> answers.remove(), KeptConnections.IDLE);
    }

    private static OutgoingCall.Head head(OutgoingHttp http, String url) throws Exception {
        try (OutgoingCall call = http.get(URI.create(url), List.of())) {
            return call.head(LONG);
        }
    }

    private static long length(OutgoingHttp http, String url) throws Exception {
        try (OutgoingCall call = http.get(URI.create(url), List.of())) {
            call.head(LONG);
            long length = 0;
            for (ByteBuffer piece = call.next(LONG); piece != null; piece = call.next(LONG)) {
                length += piece.remaining();
            }
            return length;
        }
    }

    private static final class OneProxy extends ProxySelector {

        private final Proxy proxy;

        OneProxy(InetSocketAddress address) {
            proxy = new Proxy(Proxy.Type.HTTP, address);
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(proxy);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {}
    }
}
