package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes that begin with claims, when they are suspended, resumed, stopped and started. */
@Timeout(30)
final class WorkRouteTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch answer = new CountDownLatch(1);

    private Studio studio;

    @AfterEach
    void stop() {
        answer.countDown();
        studio.close();
    }

    @Test
    void aSuspendedRouteTakesNothingAndAResumedOneGoesOn() throws Exception {
        start(this::take);
        studio.request("s1", "foxai");
        awaitSubmitted(1);

        studio.context().getRouteController().suspendRoute("submit");
        studio.request("s2", "foxai");

        await().during(Duration.ofMillis(1_100)).until(() -> calls.get() == 1);
        assertThat(studio.ledger().claims().nextDue(SongState.ACCEPTED, List.of("foxai"), REAL))
                .as("nobody holds it")
                .containsKey("foxai");

        studio.context().getRouteController().resumeRoute("submit");
        awaitSubmitted(2);
    }

    @Test
    void whatIsUnderWayWhenARouteIsSuspendedIsRecorded() throws Exception {
        start(exchange -> {
            calls.incrementAndGet();
            answer.await();
            exchange.getMessage().setBody(Json.object().put("taskId", "t1"));
        });
        IntStream.range(0, 8).forEach(i -> studio.request("s" + i, "foxai"));
        await().until(() -> calls.get() == 2);

        CompletableFuture<Void> suspended = CompletableFuture.runAsync(() -> suspend("submit"));
        answer.countDown();
        suspended.get();

        int left = calls.get();
        await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == left);
        await().during(Duration.ofMillis(400)).until(() -> calls.get() == left);
        assertThat(studio.ledger().claims().countDue(SongState.ACCEPTED, "foxai", REAL, 100))
                .isEqualTo(8 - left);
    }

    @Test
    void aRouteThatIsStoppedAndStartedAgainGoesOn() throws Exception {
        start(this::take);
        for (int i = 1; i <= 3; i++) {
            studio.context().getRouteController().stopRoute("submit");
            studio.request("s" + i, "foxai");
            studio.context().getRouteController().startRoute("submit");
            awaitSubmitted(i);
        }
    }

    @Test
    void aStopLeavesNoSongHeld() {
        start(this::take);
        IntStream.range(0, 100).forEach(i -> studio.request("s" + i, "foxai"));
        await().until(() -> calls.get() > 5);

        studio.close();

        try (SongLedger after = SongLedger.openBeside(studio.url(), Clock.systemUTC())) {
            int submitted = after.claims().countSubmitted("foxai", false);
            int free = after.claims().countDue(SongState.ACCEPTED, "foxai", REAL, 1_000);
            int doubted = after.doubts().resubmittable("foxai", REAL).size();
            assertThat(submitted + free).as("in doubt: %d", doubted).isEqualTo(100);
            assertThat(submitted).isEqualTo(calls.get());
        }
    }

    @Test
    void aCallThatOutlastsTheStopIsInDoubtAndNotSentAgain() {
        start(exchange -> {
            calls.incrementAndGet();
            awaitWhateverHappens();
        });
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);

        studio.close();

        try (SongLedger after = SongLedger.openBeside(studio.url(), Clock.systemUTC())) {
            assertThat(after.doubts().resubmittable("foxai", REAL)).containsExactly("s1");
        }
    }

    @Test
    void aContextThatNeverStartedItsRoutesStops() {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai")
                .route("submit", "song:accepted", this::take)
                .load();
        studio.request("s1", "foxai");

        studio.close();

        assertThat(studio.context().isStopped()).isTrue();
        assertThat(calls).hasValue(0);
    }

    private void start(Processor vendor) {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai")
                .route("submit", "song:accepted?concurrency=2", vendor)
                .start();
    }

    private void suspend(String route) {
        try {
            studio.context().getRouteController().suspendRoute(route);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(Exchange exchange) {
        exchange.getMessage().setBody(Json.object().put("taskId", "t" + calls.incrementAndGet()));
    }

    /** A socket that is read is not interrupted either. */
    private void awaitWhateverHappens() {
        boolean over = false;
        while (!over) {
            try {
                answer.await();
                over = true;
            } catch (InterruptedException e) {
                // and waits on
            }
        }
    }

    private void awaitSubmitted(int songs) {
        await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == songs);
    }
}
