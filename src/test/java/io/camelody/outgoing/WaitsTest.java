package io.camelody.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.testkit.TestAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for a call, whatever it waits for, can leave: when it is interrupted, and when it has waited long enough. */
@Timeout(20)
class WaitsTest {

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final long LONG = TimeUnit.SECONDS.toNanos(15);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(100);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void nameServerThatDoesNotAnswerHoldsNobodyWhoIsInterrupted() throws Exception {
        assertThat(interrupted(silentNames(CONNECT), "http://cdn.example/")).isInstanceOf(InterruptedException.class);
    }

    @Test
    void nameServerIsWaitedForAsLongAsAConnection() {
        assertThatThrownBy(() -> head(silentNames(Duration.ofMillis(100)), "http://cdn.example/", LONG))
                .isInstanceOf(UnknownHostException.class);
        over.countDown();
    }

    @Test
    void hostThatTakesNoConnectionHoldsNobody() throws Exception {
        List<Socket> queued = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            OutgoingHttp http = new OutgoingHttp(TestAddresses.loopback(), CONNECT);
            String url = "http://127.0.0.1:" + full.getLocalPort() + "/";
            // until its queue is full, and one more waits to be in it
            for (int i = 0; i < 3; i++) {
                Socket socket = new Socket();
                queued.add(socket);
                CompletableFuture.runAsync(() -> {
                    try {
                        socket.connect(full.getLocalSocketAddress());
                    } catch (IOException e) {
                        // the test is over
                    }
                });
            }
            await().until(() -> queued.stream().filter(Socket::isConnected).count() >= 2);

            assertThatThrownBy(() -> head(http, url, SHORT)).isInstanceOf(TimeoutException.class);
            asked.countDown();
            assertThat(interrupted(http, url)).isInstanceOf(InterruptedException.class);
        } finally {
            for (Socket each : queued) {
                each.close();
            }
        }
    }

    private OutgoingHttp silentNames(Duration connectTimeout) {
        OutgoingHttp.Names silent = host -> {
            asked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        };
        return new OutgoingHttp(TestAddresses.allowing(""), connectTimeout, silent, KeptConnections.IDLE);
    }

    /** @return what comes of a call whose thread is interrupted when it has begun */
    private Throwable interrupted(OutgoingHttp http, String url) throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                head(http, url, LONG);
                ended.complete(null);
            } catch (Exception e) {
                ended.complete(e);
            }
        });
        thread.start();
        asked.await();
        thread.interrupt();
        try {
            return ended.get(5, TimeUnit.SECONDS);
        } finally {
            over.countDown();
        }
    }

    private static OutgoingCall.Head head(OutgoingHttp http, String url, long nanos) throws Exception {
        try (OutgoingCall call = http.get(URI.create(url), List.of())) {
            return call.head(nanos);
        }
    }
}
