package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.RefusedRequestException;
import io.camelody.testkit.LogLines;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.LifecycleStrategySupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code song:generate}: an exchange waits for its song, and no thread for the exchange. */
@Timeout(30)
final class GenerateTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final CountDownLatch slowGoesOn = new CountDownLatch(1);

    private Studio studio;

    @BeforeEach
    void start() {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai")
                .route("after", "direct:after", this::goOn, "song:generate")
                .start();
    }

    @AfterEach
    void stop() {
        slowGoesOn.countDown();
        studio.close();
    }

    private void goOn(Exchange exchange) throws InterruptedException {
        if (exchange.getMessage().getBody(JsonNode.class).path("id").textValue().startsWith("slow")) {
            slowGoesOn.await();
        }
    }

    @Test
    void goesOnWithTheSongWhenItHasEnded() throws Exception {
        CompletableFuture<Object> waiting = generate("s1");
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());
        assertThat(waiting).isNotDone();

        endAll();

        JsonNode song = (JsonNode) waiting.get(10, TimeUnit.SECONDS);
        assertThat(song.path("id").textValue()).isEqualTo("s1");
        assertThat(song.path("state").textValue()).isEqualTo("failed");
        assertThat(song.path("reason").textValue()).isEqualTo("vendor-refused");
    }

    @Test
    void goesOnAtOnceWithASongThatHasEndedBefore() throws Exception {
        CompletableFuture<Object> first = generate("s1");
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());
        endAll();
        first.get(10, TimeUnit.SECONDS);

        JsonNode song = (JsonNode) generate("s1").get(10, TimeUnit.SECONDS);

        assertThat(song.path("state").textValue()).isEqualTo("failed");
    }

    @Test
    void doesNotGoOnWithTheSongOfAnotherRequest() {
        studio.request("s1", "foxai");

        assertThat(generate("s1"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withRootCauseInstanceOf(RefusedRequestException.class)
                .havingRootCause()
                .withMessageContaining("no other request has");
    }

    @Test
    void everybodyWhoWaitsForASongIsTold() throws Exception {
        List<CompletableFuture<Object>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(generate("s1"));
        }
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());

        endAll();

        for (CompletableFuture<Object> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void tenThousandWaitWithoutAThread() throws Exception {
        ProducerTemplate template = studio.template();
        generate("warm-up");
        await().until(() -> studio.ledger().catalog().find("warm-up").isPresent());
        int before = Thread.activeCount();

        List<CompletableFuture<Exchange>> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String id = "s" + i;
            waiting.add(template.asyncSend(
                    "song:generate", exchange -> exchange.getMessage().setBody(Map.of("id", id, "prompt", "a"))));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> studio.ledger().claims().countDue(SongState.ACCEPTED, "foxai", REAL, 20_000) == 10_001);

        // asyncSend has a small pool of its own, which is done by now
        assertThat(Thread.activeCount() - before).isLessThan(60);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        endAll();
        for (CompletableFuture<Exchange> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS).getException()).isNull();
        }
    }

    @Test
    void aSlowRouteBehindOneSongDoesNotHoldUpAnother() throws Exception {
        ProducerTemplate template = studio.template();
        CompletableFuture<Object> slow =
                template.asyncRequestBody("direct:after", Map.of("id", "slow-1", "prompt", "a"));
        CompletableFuture<Object> quick =
                template.asyncRequestBody("direct:after", Map.of("id", "quick", "prompt", "a"));
        await().until(() -> studio.ledger().claims().countDue(SongState.ACCEPTED, "foxai", REAL, 10) == 2);

        endAll();

        assertThat(quick.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(slow).isNotDone();
        slowGoesOn.countDown();
        slow.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aStopEndsTheWaitingAndNotTheSong() throws Exception {
        CompletableFuture<Object> waiting = generate("s1");
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());

        studio.context().stop();

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasStackTraceContaining("the song goes on at the next start. (song: s1)");
        assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
    }

    @Test
    void aStopDoesNotWaitForTheRoutesThatWaitAndNoErrorHandlerHearsOfThem() throws Exception {
        CompletableFuture<Exchange> waiting = studio.template()
                .asyncSend(
                        "direct:after", exchange -> exchange.getMessage().setBody(Map.of("id", "s1", "prompt", "a")));
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());
        studio.context().getShutdownStrategy().setTimeout(10);

        try (LogLines log = new LogLines()) {
            studio.context().stop();

            assertThat(waiting.get(10, TimeUnit.SECONDS).getException())
                    .hasMessageContaining("the song goes on at the next start. (song: s1)");
            assertThat(studio.context().getShutdownStrategy().isTimeoutOccurred())
                    .isFalse();
            assertThat(log.with("Failed delivery")).isEmpty();
        }
    }

    /** The first one of all may begin to wait when the context has told everybody that it stops. */
    @Test
    void aStopDoesNotWaitForARouteThatBeginsToWaitMeanwhile() throws Exception {
        CountDownLatch stops = new CountDownLatch(1);
        studio.context().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                stops.countDown();
            }
        });
        CompletableFuture<Exchange> waiting;
        CompletableFuture<Void> stopped;
        try (Connection other = DriverManager.getConnection(studio.url());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            waiting = studio.template().asyncSend("direct:after", exchange -> exchange.getMessage()
                    .setBody(Map.of("id", "s1", "prompt", "a")));
            await().until(() -> studio.context().getInflightRepository().size() == 1);
            studio.context().getShutdownStrategy().setTimeout(10);
            stopped = CompletableFuture.runAsync(studio.context()::stop);
            stops.await();
            statement.execute("ROLLBACK");
        }
        stopped.get(20, TimeUnit.SECONDS);

        assertThat(waiting.get(10, TimeUnit.SECONDS).getException())
                .hasMessageContaining("the song goes on at the next start. (song: s1)");
        assertThat(studio.context().getShutdownStrategy().isTimeoutOccurred()).isFalse();
    }

    @Test
    void aSongThatIsCancelledBesideTheProcessIsNoticed() throws Exception {
        CompletableFuture<Object> waiting = generate("s1");
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());

        studio.ledger().steering().cancel("s1");

        JsonNode song = (JsonNode) waiting.get(10, TimeUnit.SECONDS);
        assertThat(song.path("state").textValue()).isEqualTo("cancelled");
    }

    @Test
    void aBadRequestIsRefusedAtOnce() {
        assertThatThrownBy(() -> generate("no id!").get(10, TimeUnit.SECONDS))
                .hasStackTraceContaining("RefusedRequestException");
    }

    private CompletableFuture<Object> generate(String id) {
        return studio.template().asyncRequestBody("song:generate", Map.of("id", id, "prompt", "a"));
    }

    private void endAll() {
        List<ClaimedSong> all =
                studio.ledger().claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 20_000, Duration.ofMinutes(1));
        studio.ledger()
                .makeAll(all.stream()
                        .map(song -> new Change.Failed(
                                song.claim(), Reason.VENDOR_REFUSED, "no", List.of(), Task.Outcome.NOT_MADE))
                        .toList());
    }
}
