package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.StatefulService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code src/examples/routes/nightly.camel.yaml} around a submit route. */
@Timeout(60)
final class NightlyExampleTest {

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

    @ParameterizedTest
    @CsvSource({
        "22:00, 06:00, 22:00 23:59 00:00 05:59, 21:59 06:00 12:00",
        "01:00, 05:30, 01:00 05:29, 00:59 05:30 23:00"
    })
    void songsAreSubmittedBetweenTheTwoTimesAlone(String from, String to, String inside, String outside) {
        start(from, to, "camelody-nightly-clock,camelody-work-submit");
        StatefulService submits = (StatefulService)
                studio.context().getRoute("camelody-work-submit").getConsumer();

        for (String time : outside.split(" ")) {
            itIs(time);
            assertThat(submits.isStarted()).as("never before, at " + time).isFalse();
        }
        for (String time : inside.split(" ")) {
            itIs(time);
            assertThat(submits.isStarted()).as(time).isTrue();
        }
        for (String time : outside.split(" ")) {
            itIs(time);
            assertThat(submits.isSuspended()).as(time).isTrue();
            itIs(from);
            assertThat(submits.isStarted()).as("again").isTrue();
        }
    }

    @Test
    void aCallThatHasLeftIsHeardAndNoneFollowsUntilTheNextNight() {
        start("22:00", "06:00", "camelody-nightly-clock,camelody-work-submit");
        itIs("23:00");
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);

        itIs("06:00");
        studio.request("s2", "foxai");
        answer.countDown();

        awaitSubmitted("s1");
        assertNothingElseIsClaimed("s2");
        itIs("22:00");
        awaitSubmitted("s2");
        assertThat(calls).hasValue(2);
    }

    @Test
    void aStartFindsWhatIsRight() {
        answer.countDown();
        start(inHours(1), inHours(2), "camelody-work-submit");
        studio.request("s1", "foxai");
        assertNothingElseIsClaimed("s1");
        studio.close();

        start(inHours(-1), inHours(1), "camelody-work-submit");

        awaitSubmitted("s1");
    }

    private void start(String from, String to, String notStarted) {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai", "poll-first-after=5m")
                .bind("camelodySubmits", new Submits())
                .route("camelody-work-submit", "song:accepted", this::take)
                .file(
                        Path.of("src/examples/routes/nightly.camel.yaml"),
                        Map.of(
                                "camelody.nightly.from", from,
                                "camelody.nightly.to", to,
                                "camelody.nightly.zone", "UTC",
                                "camel.main.autoStartupExcludePattern", notStarted))
                .start();
    }

    private void take(Exchange exchange) throws InterruptedException {
        calls.incrementAndGet();
        answer.await();
        exchange.getMessage().setBody(Json.object().put("taskId", "t" + calls.get()));
    }

    private void itIs(String time) {
        Exchange sent =
                studio.template().send("direct:camelody-nightly", exchange -> exchange.setVariable("time", time));
        assertThat(sent.getException()).isNull();
    }

    private static String inHours(int hours) {
        return LocalTime.now(ZoneOffset.UTC).plusHours(hours).format(DateTimeFormatter.ofPattern("HH:mm"));
    }

    private void awaitSubmitted(String id) {
        await().until(() -> studio.song(id).state() == SongState.SUBMITTED);
    }

    /** Rounds are a second apart. */
    private void assertNothingElseIsClaimed(String id) {
        await().during(Duration.ofMillis(1_100))
                .until(() -> studio.song(id).state() == SongState.ACCEPTED
                        && studio.song(id).tasks().isEmpty());
    }
}
