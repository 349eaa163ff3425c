package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongLedger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code song:finished}: each song that has ended is told of, at least once. */
@Timeout(30)
final class FinishedConsumerTest {

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> toldOther = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean fails = new AtomicBoolean();

    private Studio studio;

    @AfterEach
    void stop() {
        studio.close();
    }

    @Test
    void tellsOfASongThatFailedAtOnce() {
        start();

        studio.request("s1", "foxai");

        await().until(() -> told.size() == 1);
        assertThat(told).containsExactly("s1 failed foxai vendor-refused");
        await().during(Duration.ofMillis(1_100)).until(() -> told.size() == 1);
    }

    @Test
    void tellsOfASongThatWasCancelledBesideTheProcess() {
        studio = studio().start();
        try (SongLedger beside = SongLedger.openBeside(studio.url(), Clock.systemUTC())) {
            studio.request("s1", "foxai");
            beside.steering().cancel("s1");
        }

        await().until(() -> told.size() == 1);
        assertThat(told).containsExactly("s1 cancelled foxai ");
    }

    @Test
    void tellsAgainWhoeverFailed() {
        fails.set(true);
        start();
        studio.request("s1", "foxai");
        await().until(() -> !told.isEmpty());

        fails.set(false);
        int before = told.size();

        await().until(() -> told.size() > before);
        int times = told.size();
        await().during(Duration.ofMillis(1_100)).until(() -> told.size() == times);
    }

    @Test
    void hundredsThatAreRefusedDoNotHoldUpTheOthers() {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai")
                .route("finished", "song:finished", exchange -> {
                    if (exchange.getVariable("songId", String.class).startsWith("bad")) {
                        throw new IllegalStateException("nobody takes this one");
                    }
                    told.add(line(exchange));
                })
                .start();
        for (int i = 0; i < 250; i++) {
            cancelled("bad-" + i);
        }

        cancelled("good");

        await().until(() -> told.size() == 1);
    }

    private void cancelled(String id) {
        studio.request(id, "foxai");
        studio.ledger().steering().cancel(id);
    }

    @Test
    void tellsAfterAStartOfWhatEndedBeforeIt() throws Exception {
        studio = studio().start();
        studio.context().getRouteController().stopAllRoutes();
        studio.request("s1", "foxai");
        studio.ledger().steering().cancel("s1");
        studio.close();
        assertThat(told).isEmpty();

        studio = studio().start();

        await().until(() -> told.size() == 1);
    }

    @Test
    void everyRouteIsTold() {
        studio = submitting(studio())
                .route("other", "song:finished", exchange -> toldOther.add(line(exchange)))
                .start();

        studio.request("s1", "foxai");

        await().until(() -> told.size() == 1 && toldOther.size() == 1);
    }

    /** As a broker that is slow to connect or to close would have it. */
    @Test
    void routesThatStartAndStopOneByOneAreAllToldTheSame() {
        studio = new Studio(folder, Clock.systemUTC()).vendor("foxai").start();
        cancelled("before");
        studio.request("meanwhile", "foxai");
        studio.close();
        studio = listening(studio().bind("slow", new SlowComponent(() -> waitForTold(1), this::endsMeanwhile))
                        .route("between", "slow:broker", exchange -> {}))
                .start();

        await().until(() -> toldOther.size() == 2);
        studio.close();
        studio = listening(studio()).start();

        await().until(() -> toldOther.size() == 4);
        assertThat(told).containsExactly("before cancelled foxai ", "meanwhile cancelled foxai ");
    }

    /** Beside the first route: one more, and one of another component that shares what they work with. */
    private Studio listening(Studio studio) {
        return studio.bind("another", new SongComponent())
                .route("other", "song:finished", exchange -> toldOther.add(line(exchange)))
                .route("third", "another:finished", exchange -> toldOther.add(line(exchange)));
    }

    private void endsMeanwhile() {
        studio.ledger().steering().cancel("meanwhile");
        waitForTold(2);
    }

    /** A moment only: it is right that they are not told yet. */
    private void waitForTold(int songs) {
        long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
        while (told.size() < songs && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private void start() {
        studio = submitting(studio()).start();
    }

    private Studio studio() {
        return new Studio(folder, Clock.systemUTC()).vendor("foxai").route("finished", "song:finished", this::hear);
    }

    private static Studio submitting(Studio studio) {
        return studio.route("submit", "song:accepted", exchange -> exchange.getMessage()
                .setBody("{\"error\": {\"class\": \"invalid\", \"message\": \"no\"}}"));
    }

    private void hear(Exchange exchange) {
        told.add(line(exchange));
        if (fails.get()) {
            throw new IllegalStateException("nobody answers");
        }
    }

    private static String line(Exchange exchange) {
        JsonNode song = exchange.getMessage().getBody(JsonNode.class);
        return "%s %s %s %s"
                .formatted(
                        exchange.getVariable("songId"),
                        exchange.getVariable("state"),
                        exchange.getVariable("vendor"),
                        song.path("reason").asText());
    }
}
