package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowCallersTest {

    private static final String CALL = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aConnectionAboveTheMostIsCutUntilAnotherGoes() throws IOException {
        String url = serve(2);
        try (RawCall first = new RawCall(url)) {
            first.send(CALL);
            assertThat(first.until("here")).contains(" 200 ");
            try (RawCall second = new RawCall(url)) {
                second.send(CALL);
                assertThat(second.until("here")).contains(" 200 ");

                assertThat(isServed(url)).isFalse();
            }
            await().until(() -> isServed(url));
        }
    }

    private static boolean isServed(String url) throws IOException {
        try (RawCall call = new RawCall(url)) {
            call.send(CALL);
            return call.until("here").contains(" 200 ");
        } catch (IOException cut) {
            return false;
        }
    }

    private String serve(int most) {
        SlowCallers slow = new SlowCallers(vertx, 60_000, most);
        Router router = Router.router(vertx);
        router.route().handler(slow);
        router.get("/").handler(call -> call.end("here"));
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .connectionHandler(slow::connected)
                .requestHandler(router);
        server.listen().toCompletionStage().toCompletableFuture().join();
        return "http://127.0.0.1:" + server.actualPort();
    }
}
