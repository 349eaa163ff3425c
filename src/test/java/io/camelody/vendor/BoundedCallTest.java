package io.camelody.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time of a call as a whole, in a process that may stand still. */
final class BoundedCallTest {

    private static final Duration LONGEST = Duration.ofMillis(200);

    private volatile Thread thread;
    private volatile Runnable afterSchedule = () -> {};
    private final ScheduledThreadPoolExecutor deadlines =
            new ScheduledThreadPoolExecutor(1, work -> thread = new Thread(work)) {
                @Override
                public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
                    ScheduledFuture<?> scheduled = super.schedule(work, delay, unit);
                    afterSchedule.run();
                    return scheduled;
                }
            };
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch stands = new CountDownLatch(1);
    private HttpServer vendor;
    private CloseableHttpClient client;

    @BeforeEach
    void start() throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.createContext("/", exchange -> {
            try (exchange) {
                answers.await();
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'t', '1'});
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        vendor.start();
        client = HttpClients.custom()
                .disableAutomaticRetries()
                .addExecInterceptorFirst("bound", new BoundedCall(deadlines, LONGEST, 1_000))
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "sent", BoundedCall::markSent)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        answers.countDown();
        stands.countDown();
        client.close();
        vendor.stop(0);
        deadlines.shutdownNow();
    }

    @Test
    void answerThatCameWhileTheProcessStoodStillIsRead() throws Exception {
        deadlines.execute(() -> awaitQuietly(stands));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::call);
        longSince();

        stands.countDown();
        await().until(() -> deadlines.getCompletedTaskCount() == 2);
        assertThat(deadlines.getQueue()).as("when it is over").hasSize(1);
        answers.countDown();

        assertThat(answer.get()).isEqualTo("t1");
    }

    @Test
    void callThatTakesTooLongIsCutOff() {
        assertThatThrownBy(this::call).hasRootCauseInstanceOf(IOException.class).hasStackTraceContaining("within 0 s");
    }

    @Test
    void callHasItsDeadlineAlsoWhereTheProcessStoodStillAsItWasSet() {
        deadlines.execute(() -> awaitQuietly(stands));
        afterSchedule = () -> {
            afterSchedule = () -> {};
            longSince();
            stands.countDown();
            await().until(() -> deadlines.getCompletedTaskCount() == 2 || thread.getState() == Thread.State.BLOCKED);
        };

        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::call);

        await().until(() -> deadlines.getCompletedTaskCount() == 2);
        assertThat(deadlines.getQueue()).as("when it is over").hasSize(1);
        answers.countDown();
        assertThat(answer.join()).isEqualTo("t1");
    }

    private static void longSince() {
        long since = System.nanoTime() + LONGEST.plusSeconds(2).toNanos();
        await().until(() -> System.nanoTime() > since);
    }

    private String call() {
        try {
            return client.execute(
                    new HttpPost("http://127.0.0.1:" + vendor.getAddress().getPort()),
                    response -> EntityUtils.toString(response.getEntity()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
