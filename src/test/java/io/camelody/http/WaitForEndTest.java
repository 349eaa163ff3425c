package io.camelody.http;

import static org.awaitility.Awaitility.await;

import io.camelody.testkit.TestCamel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Those who wait, with a route that accepts when it is told to. */
@Timeout(60)
class WaitForEndTest {

    private static final HttpSettings SETTINGS = new HttpSettings(
            0, "127.0.0.1", List.of(), List.of(), 1_000, 10, Duration.ofMinutes(1), 10, Duration.ofSeconds(3));

    @TempDir
    private Path home;

    private final CamelContext camel = TestCamel.context();
    private final CountDownLatch came = new CountDownLatch(1);
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private WaitForEnd waitForEnd;
    private ServedLedger served;

    @BeforeEach
    void serve() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(WaitForEnd.ROUTE)
                        .process(exchange -> came.countDown())
                        .process(exchange -> accepted.await())
                        .process(exchange -> exchange.setVariable(SongRequests.SONG, "one"));
            }
        });
        camel.start();
        served = new ServedLedger(home, ledger -> {
            waitForEnd = new WaitForEnd(ledger, SETTINGS, () -> camel);
            return router -> {
                router.route().handler(call -> {
                    call.addEndHandler(over -> ended.countDown());
                    call.next();
                });
                waitForEnd.install(router);
            };
        });
        served.accept("one");
    }

    @AfterEach
    void close() {
        accepted.countDown();
        served.close();
        camel.stop();
    }

    @Test
    void aCallerWhoHangsUpWhileItWaitsIsForgotten() throws Exception {
        accepted.countDown();
        RawCall call = call();
        await().until(() -> waitForEnd.waiting() == 1);

        call.close();

        await().until(() -> waitForEnd.waiting() == 0);
    }

    @Test
    void aCallerWhoHungUpBeforeItsSongWasAcceptedIsNotWaitedFor() throws Exception {
        RawCall call = call();
        came.await();
        call.close();
        ended.await();
        accepted.countDown();

        await().during(Duration.ofMillis(500)).until(() -> waitForEnd.waiting() == 0);
    }

    private RawCall call() throws IOException {
        RawCall call = new RawCall(served.url());
        call.send("POST /songs HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\nContent-Length: 2\r\n\r\n{}");
        return call;
    }
}
