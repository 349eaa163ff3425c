package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Served.Answered;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.Watcher.Moment;
import io.camelody.testkit.HeldCall;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.RestartedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code camelody run} whose PostgreSQL goes down while songs are under way, and comes back. */
class DatabaseGoneTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static final String WALTZ = "{\"prompt\": \"a waltz\", \"vendor\": \"foxai\"}";

    @TempDir
    Path folder;

    @Test
    void databaseThatIsGoneIsSaidAndWaitedForAndNothingIsLostOrBoughtTwice() throws Exception {
        try (LogLines log = new LogLines();
                RestartedPostgres postgres = RestartedPostgres.start(folder.resolve("postgres"));
                Served served = new Served(
                        folder.resolve("home"),
                        "camelody.ledger.url",
                        postgres.url().replaceFirst("\\?.*", ""),
                        "camelody.ledger.user",
                        "postgres",
                        "camelody.ledger.password",
                        "hush")) {
            HeldCall underWay = new HeldCall(served.sandbox, Call.SUBMIT, Moment.READY);
            for (int i = 0; i < 3; i++) {
                assertThat(served.post("/songs", WALTZ).status()).isEqualTo(202);
            }
            await().atMost(LONG).until(underWay::isThere);
            await().atMost(LONG).until(() -> served.get("/health/ready").status() == 200);

            postgres.stop();

            await().atMost(LONG).until(() -> served.get("/health/ready").status() == 503);
            for (int i = 0; i < 3; i++) {
                Answered ready = soon(() -> served.get("/health/ready"));
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.response().body()).contains("The ledger ").doesNotContain("hush", "localhost");
            }
            assertThat(soon(() -> served.get("/health/live")).status()).isEqualTo(200);
            int calls = submits(served);
            underWay.close();
            Answered refused = served.post("/songs", WALTZ).isProblem(503, "ledger-unavailable");
            assertThat(refused.header("Retry-After")).isPresent();
            await().atMost(LONG).until(() -> !log.with("What became of songs is not recorded yet")
                    .isEmpty());
            assertThat(submits(served)).isEqualTo(calls);
            for (int i = 0; i < 3; i++) {
                soon(() -> served.post("/songs", WALTZ)).isProblem(503, "ledger-unavailable");
            }
            assertThat(soon(() -> served.get("/metrics")).response().body())
                    .contains("camelody_songs{state=\"accepted\",vendor=\"foxai\"} NaN");
            assertThat(log.with("Calls over HTTP are sent away")).isNotEmpty().doesNotHaveDuplicates();

            postgres.restart();

            await().atMost(LONG).until(() -> served.get("/health/ready").status() == 200);
            await().atMost(LONG).until(() -> delivered(served).size() == 3);
            assertThat(served.get("/songs").json().path("songs")).hasSize(3);
            assertThat(submits(served)).isEqualTo(3);
            assertThat(log.with("hush")).isEmpty();
        }
    }

    /** Before anybody has waited for a connection in vain, which takes five seconds. */
    private static Answered soon(Callable<Answered> call) {
        CompletableFuture<Answered> answered = CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(answered).succeedsWithin(Duration.ofSeconds(4));
        return answered.join();
    }

    private static int submits(Served served) {
        return served.sandbox.heard("foxai", "POST", "/").size();
    }

    private static List<?> delivered(Served served) {
        return served.ledger.catalog().page(Optional.of(SongState.DELIVERED), Optional.empty(), Cursor.START, 10);
    }
}
