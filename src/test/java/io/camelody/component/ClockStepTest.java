package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.SongState;
import io.camelody.ledger.SteadyClock;
import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody, or a time server, sets the machine's clock while songs are under way. */
@Timeout(30)
class ClockStepTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final SettableClock wall = new SettableClock();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger submits = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final CountDownLatch answer = new CountDownLatch(1);

    private Studio studio;

    @BeforeEach
    void start() {
        studio = new Studio(folder, new SteadyClock(wall, nanos::get))
                .vendor("foxai", "timeout=6m", "poll-interval=10s", "on-doubt=resubmit")
                .route("submit", "song:accepted", this::submit)
                .route("poll", "song:submitted", this::stillRunning)
                .start();
    }

    @AfterEach
    void stop() {
        answer.countDown();
        studio.close();
    }

    @Test
    void stepForwardEndsNoSongThatIsUnderWay() {
        underWay("s1");

        wall.forward(HOUR);

        assertThatItIsAskedAboutInTime("s1");
    }

    @Test
    void stepBackDelaysNoSongThatIsUnderWay() {
        underWay("s1");

        wall.forward(HOUR.negated());

        assertThatItIsAskedAboutInTime("s1");
    }

    @Test
    void stepForwardPutsNoPaidCallInDoubtAndSoBuysNothingTwice() {
        studio.request("slow", "foxai");
        await().until(() -> submits.get() == 1);

        wall.forward(HOUR);
        pass(Duration.ofSeconds(2));
        // whoever takes this one has looked for doubts before
        underWay("s2");
        answer.countDown();

        await().until(() -> studio.song("slow").state() == SongState.SUBMITTED);
        assertThat(submits).as("paid calls for two songs").hasValue(2);
    }

    /** Or nobody was there: the next process finds that the time of its songs is over. */
    @Test
    void songWhoseTimeIsOverAtAStartIsAskedAboutAndNotGivenUpUnasked() {
        underWay("s1");
        underWay("s2");
        studio.close();
        pass(HOUR);
        polls.set(0);

        studio = new Studio(folder, new SteadyClock(wall, nanos::get))
                .vendor("foxai", "timeout=6m", "poll-interval=10s", "poll-batch=1")
                .route("poll", "song:submitted?concurrency=1", this::failsOnceThenSucceeds)
                .start();

        await().untilAsserted(() -> {
            pass(Duration.ofMillis(100));
            assertThat(List.of("s1", "s2"))
                    .allSatisfy(id -> assertThat(studio.song(id).state()).isEqualTo(SongState.GENERATED));
        });
    }

    private void failsOnceThenSucceeds(Exchange exchange) {
        if (polls.incrementAndGet() == 1) {
            throw new IllegalStateException("502");
        }
        String clips = "[{\"id\": \"c1\", \"audioUrl\": \"https://cdn.example/c1.mp3\"}]";
        ArrayNode answers = Json.MAPPER.createArrayNode();
        exchange.getMessage().getBody(ArrayNode.class).forEach(id -> answers.addObject()
                .put("taskId", id.asText())
                .put("status", "succeeded")
                .set("clips", Json.parse(clips)));
        exchange.getMessage().setBody(answers);
    }

    private void assertThatItIsAskedAboutInTime(String id) {
        int before = polls.get();
        pass(Duration.ofSeconds(12));
        await().until(() -> polls.get() > before || studio.song(id).state() != SongState.SUBMITTED);

        assertThat(studio.song(id).state()).isEqualTo(SongState.SUBMITTED);
    }

    private void underWay(String id) {
        studio.request(id, "foxai");
        await().until(() -> studio.song(id).state() == SongState.SUBMITTED);
        pass(Duration.ofSeconds(1));
        // what is said of it is written down by the time that is now, and not by the time to which the test goes on
        await().until(() -> studio.song(id).polledAt().isPresent());
    }

    private void submit(Exchange exchange) throws InterruptedException {
        submits.incrementAndGet();
        String song = exchange.getVariable("songId", String.class);
        if (song.equals("slow")) {
            answer.await();
        }
        exchange.getMessage().setBody(Json.object().put("taskId", "task-of-" + song));
    }

    private void stillRunning(Exchange exchange) {
        polls.incrementAndGet();
        ArrayNode answers = Json.MAPPER.createArrayNode();
        exchange.getMessage()
                .getBody(ArrayNode.class)
                .forEach(id -> answers.addObject().put("taskId", id.asText()).put("status", "running"));
        exchange.getMessage().setBody(answers);
    }

    private void pass(Duration time) {
        wall.forward(time);
        nanos.addAndGet(time.toNanos());
    }
}
