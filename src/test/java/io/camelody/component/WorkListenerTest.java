package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.component.WorkListener.Call;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.request.Json;
import io.camelody.vendor.ErrorClass;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.ShutdownAware;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the work: each call once, by what came of it. */
@Timeout(30)
final class WorkListenerTest {

    private record Heard(String vendor, Step step, Call call, Optional<ErrorClass> failure) {}

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Heard> calls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> lags = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> times = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<String> deliveries = new ConcurrentLinkedQueue<>();

    private Studio studio;

    @AfterEach
    void stop() {
        studio.close();
    }

    @Test
    void eachCallIsToldByWhatCameOfIt() {
        AtomicInteger submits = new AtomicInteger();
        AtomicInteger polls = new AtomicInteger();
        studio = studio().route("submit", "song:accepted", exchange -> exchange.getMessage()
                        .setBody(
                                submits.incrementAndGet() == 1
                                        ? error("rate")
                                        : Json.object().put("taskId", "t1")))
                .route("poll", "song:submitted", exchange -> {
                    if (polls.incrementAndGet() == 1) {
                        throw new IllegalStateException("the vendor is away");
                    }
                    exchange.getMessage().setBody(succeeded());
                })
                .start();

        studio.request("s1", "foxai");

        await().until(() -> studio.song("s1").state() == SongState.GENERATED);
        assertThat(calls)
                .containsExactly(
                        new Heard("foxai", Step.SONG, Call.SUBMIT, Optional.of(ErrorClass.RATE)),
                        new Heard("foxai", Step.SONG, Call.SUBMIT, Optional.empty()),
                        new Heard("foxai", Step.SONG, Call.POLL, Optional.of(ErrorClass.UNKNOWN)),
                        new Heard("foxai", Step.SONG, Call.POLL, Optional.empty()));
        assertThat(times).noneMatch(Duration::isNegative).noneMatch(Duration::isZero);
    }

    @Test
    void theEndOfATaskIsToldOnceItIsRecorded() {
        AtomicInteger polls = new AtomicInteger();
        studio = studio().route("submit", "song:accepted", exchange -> exchange.getMessage()
                        .setBody(Json.object().put("taskId", "t1")))
                .route("poll", "song:submitted", exchange -> exchange.getMessage()
                        .setBody(polls.incrementAndGet() < 3 ? running() : succeeded()))
                .start();

        studio.request("s1", "foxai");

        await().until(() -> !lags.isEmpty());
        assertThat(studio.song("s1").state()).isEqualTo(SongState.GENERATED);
        assertThat(lags).singleElement().satisfies(lag -> assertThat(lag)
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(10)));
    }

    @Test
    void anEndThatWasNotRecordedIsNotTold() {
        studio = studio().route("submit", "song:accepted", exchange -> exchange.getMessage()
                        .setBody(Json.object().put("taskId", "t1")))
                .route("poll", "song:submitted", exchange -> {
                    studio.ledger().steering().cancel("s1");
                    exchange.getMessage().setBody(succeeded());
                })
                .start();

        studio.request("s1", "foxai");

        ShutdownAware polls = (ShutdownAware) studio.context().getRoute("poll").getConsumer();
        await().until(() -> calls.size() == 2 && polls.getPendingExchangesSize() == 0);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.CANCELLED);
        assertThat(lags).isEmpty();
    }

    @Test
    void eachSinkThatWasCalledIsToldWithWhetherItTookTheSong() {
        AtomicInteger tries = new AtomicInteger();
        studio = studio().sinks("file", "s3")
                .route("submit", "song:accepted", exchange -> exchange.getMessage()
                        .setBody(Json.object().put("taskId", "t1")))
                .route("poll", "song:submitted", exchange -> exchange.getMessage()
                        .setBody(succeeded()))
                .route("deliver", "song:generated", exchange -> {
                    String s3 = tries.incrementAndGet() == 1 ? "{\"error\": \"403\"}" : "{\"places\": []}";
                    ObjectNode answers = Json.object();
                    answers.putObject("file").putArray("places");
                    answers.set("s3", Json.parse(s3));
                    List<?> called = exchange.getVariable("sinks", List.class);
                    answers.retain(called.stream().map(String.class::cast).toList());
                    exchange.setVariable("clipsReady", true);
                    exchange.setVariable("deliveries", answers);
                })
                .start();

        studio.request("s1", "foxai");

        await().until(() -> studio.song("s1").state() == SongState.DELIVERED);
        assertThat(deliveries).containsExactly("file true", "s3 false", "s3 true");
    }

    private Studio studio() {
        return new Studio(folder, Clock.systemUTC()).vendor("foxai").bind("listener", new WorkListener() {
            @Override
            public void called(String vendor, Step step, Call call, Optional<ErrorClass> failure, Duration took) {
                calls.add(new Heard(vendor, step, call, failure));
                times.add(took);
            }

            @Override
            public void ended(String vendor, Duration lag) {
                lags.add(lag);
            }

            @Override
            public void delivered(String sink, boolean took) {
                deliveries.add(sink + " " + took);
            }
        });
    }

    private static ObjectNode error(String kind) {
        ObjectNode answer = Json.object();
        answer.putObject("error").put("class", kind).put("message", "not now");
        return answer;
    }

    private static Object running() {
        return Json.MAPPER
                .createArrayNode()
                .add(Json.object().put("taskId", "t1").put("status", "running"));
    }

    private static Object succeeded() {
        ObjectNode task = Json.object().put("taskId", "t1").put("status", "succeeded");
        task.putArray("clips").addObject().put("id", "c1");
        return Json.MAPPER.createArrayNode().add(task);
    }
}
