package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.SettableClock;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code song:submitted}: status calls, which are free and end nothing by failing. */
@Timeout(30)
final class PollConsumerTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final ConcurrentLinkedQueue<List<String>> asked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answer = new CountDownLatch(1);

    private Studio studio;

    @AfterEach
    void stop() {
        answer.countDown();
        studio.close();
    }

    @Test
    void asksInBatchesOfAtMostWhatTheVendorTakes() {
        start(Clock.systemUTC(), this::succeed, "poll-batch=7");

        submitted(IntStream.range(0, 50).mapToObj(i -> new String[] {"t" + i}).toArray(String[][]::new));

        await().until(() -> count(SongState.GENERATED) == 50);
        assertThat(asked).allSatisfy(ids -> assertThat(ids).hasSizeBetween(1, 7));
        assertThat(asked).as("calls are filled").hasSizeLessThan(20);
        assertThat(asked.stream().flatMap(List::stream)).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void theIdsAreInTheBodyAndJoinedInAVariable() {
        start(Clock.systemUTC(), exchange -> {
            ArrayNode ids = exchange.getMessage().getBody(ArrayNode.class);
            assertThat(exchange.getVariable("taskIds", String.class)).isEqualTo("t1,t2");
            assertThat(exchange.getVariable("step", String.class)).isEqualTo("song");
            assertThat(ids.toString()).isEqualTo("[\"t1\",\"t2\"]");
            succeed(exchange);
        });

        submitted(new String[] {"t1", "t2"});

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(studio.song("s0").clips()).hasSize(2);
    }

    @Test
    void tasksOfOneSongAreAskedAboutInOneCallAndNoCallIsTooLong() {
        start(Clock.systemUTC(), this::succeed, "poll-batch=5");

        submitted(IntStream.range(0, 8)
                .mapToObj(i -> new String[] {"t" + i + "a", "t" + i + "b"})
                .toArray(String[][]::new));

        await().until(() -> count(SongState.GENERATED) == 8);
        assertThat(asked).allSatisfy(ids -> assertThat(ids).hasSizeBetween(2, 4));
    }

    @Test
    void aSongOfWhichThereIsNothingToAskEndsWithoutACall() {
        start(clock, this::succeed);
        submitted(new String[] {"t1"});
        studio.sql("UPDATE task SET status = 'succeeded', ended_at = 1, clips = '[{\"id\":\"c1\"}]'");

        studio.forward(Duration.ofSeconds(11));

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(asked).isEmpty();
        assertThat(studio.song("s0").clips()).hasSize(1);
    }

    @Test
    void aRetriedLostTaskIsReallyAskedAbout() {
        start(clock, this::succeed);
        submitted(new String[] {"t1"});
        studio.sql("UPDATE task SET status = 'lost', ended_at = 1, missing = 3");
        studio.sql("UPDATE song SET state = 'failed', reason = 'task-lost', finished_at = 1");

        studio.ledger().steering().retry("s0", Duration.ofMinutes(6));

        studio.forward(Duration.ofSeconds(1));
        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(asked).containsExactly(List.of("t1"));
    }

    @Test
    void aFailedCallEndsNothingAndIsMadeAgainLater() {
        start(
                Clock.systemUTC(),
                exchange -> {
                    if (asked.isEmpty()) {
                        ask(exchange);
                        throw new IllegalStateException("reset");
                    }
                    succeed(exchange);
                },
                "timeout=10m");

        submitted(new String[] {"t1"});

        await().atMost(Duration.ofSeconds(15)).until(() -> count(SongState.GENERATED) == 1);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aPageInsteadOfAnAnswerEndsNothingAndHoldsNobody() {
        start(clock, exchange -> {
            ask(exchange);
            exchange.getMessage().setBody("<html>Bad gateway</html>");
        });
        submitted(new String[] {"t1"});

        studio.forward(Duration.ofSeconds(11));

        await().until(() -> asked.size() == 1);
        await().until(() -> studio.song("s0").dueAt().isAfter(clock.instant()));
        assertThat(studio.song("s0").state()).isEqualTo(SongState.SUBMITTED);
        studio.forward(Duration.ofSeconds(11));
        await().until(() -> asked.size() == 2);
    }

    @Test
    void oneTaskWhoseAnswerCannotBeMappedKeepsTheAnswersAboutTheOthersBackFromNobody() {
        start(Clock.systemUTC(), exchange -> {
            List<String> ids = ask(exchange);
            if (ids.contains("odd")) {
                exchange.setVariable("answer", "[{\"task_id\": \"odd\"}]");
                throw new IllegalArgumentException("Cannot index string with \"prompt\"");
            }
            exchange.getMessage().setBody(answers(ids));
        });

        submitted(new String[] {"t1"}, new String[] {"odd"}, new String[] {"t2"});

        await().until(() -> count(SongState.GENERATED) == 2);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.SUBMITTED);
        assertThat(asked).contains(List.of("odd"));
    }

    @Test
    void aCallAboutSeveralTasksThatBrokeIsNotMadeForEachOfThem() {
        start(clock, exchange -> {
            ask(exchange);
            throw new SocketTimeoutException("Read timed out");
        });
        submitted(new String[] {"t1"}, new String[] {"t2"});

        studio.forward(Duration.ofSeconds(11));

        await().until(() -> studio.song("s1").dueAt().isAfter(clock.instant()));
        assertThat(asked).hasSize(1);
    }

    @Test
    void notFoundAboutOneTaskMeansThatTask() {
        start(Clock.systemUTC(), exchange -> {
            ask(exchange);
            exchange.setVariable("notFound", true);
            exchange.getMessage().setBody("{\"error\": {\"class\": \"invalid\", \"message\": \"no such task\"}}");
        });

        submitted(new String[] {"t1"});

        await().until(() -> studio.song("s0").state() == SongState.FAILED);
        assertThat(studio.song("s0").reason()).contains(Reason.TASK_LOST);
        assertThat(asked).hasSize(3);
    }

    @Test
    void theTimeoutIsNoticedWhileTheVendorIsLeftAlone() {
        start(
                clock,
                exchange -> {
                    ask(exchange);
                    exchange.setVariable("retryAfter", 3_600L);
                    exchange.getMessage().setBody("{\"error\": {\"class\": \"rate\", \"message\": \"slow down\"}}");
                },
                "timeout=60m");
        submitted(new String[] {"t1"});
        studio.forward(Duration.ofSeconds(11));
        await().until(() -> asked.size() == 1);

        studio.forward(Duration.ofMinutes(6));

        await().until(() -> studio.song("s0").state() == SongState.FAILED);
        assertThat(studio.song("s0").reason()).contains(Reason.VENDOR_TIMEOUT);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aVendorThatWantsALongRestIsAskedBeforeItsSongsTimeOut() {
        start(
                clock,
                exchange -> {
                    if (asked.isEmpty()) {
                        ask(exchange);
                        exchange.setVariable("retryAfter", 86_400L);
                        exchange.getMessage().setBody("{\"error\": {\"class\": \"rate\", \"message\": \"slow down\"}}");
                        return;
                    }
                    succeed(exchange);
                },
                "timeout=6m");
        submitted(new String[] {"t1"});
        studio.forward(Duration.ofSeconds(11));
        await().until(() -> studio.song("s0").dueAt().isAfter(clock.instant().plusSeconds(80)));

        studio.forward(Duration.ofSeconds(91));

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aSongWhoseTimeIsOverIsAskedAboutOnceMoreThoughEveryPlaceIsTaken() {
        start(
                clock,
                exchange -> {
                    ask(exchange);
                    answer.await();
                    succeed(exchange);
                },
                "poll-batch=1");
        submitted(new String[] {"t1"}, new String[] {"t2"}, new String[] {"t3"});
        studio.forward(Duration.ofSeconds(11));
        await().until(() -> asked.size() == 2);

        studio.forward(Duration.ofMinutes(6));
        answer.countDown();

        await().until(() -> count(SongState.GENERATED) == 3);
    }

    @Test
    void anAnswerAboutTasksThatNobodyAskedAboutIsNothing() {
        start(Clock.systemUTC(), exchange -> {
            ask(exchange);
            exchange.getMessage()
                    .setBody("[{\"taskId\": \"x\", \"status\": \"failed\"}, {\"taskId\": \"t1\", \"status\":"
                            + " \"succeeded\", \"clips\": [{\"id\": \"c1\"}]}]");
        });

        submitted(new String[] {"t1"});

        await().until(() -> count(SongState.GENERATED) == 1);
    }

    @Test
    void theClipsOfATaskThatNobodyAskedAboutGoToNobody() {
        start(clock, exchange -> {
            ask(exchange);
            exchange.getMessage()
                    .setBody("[{\"taskId\": \"x\", \"status\": \"succeeded\", \"clips\": [{\"id\": \"c1\"}]}]");
        });
        submitted(new String[] {"t1"});

        studio.forward(Duration.ofSeconds(11));

        await().until(() -> asked.size() == 1);
        await().until(() -> studio.song("s0").tasks().get(0).missing() == 1);
        assertThat(studio.song("s0").state()).isEqualTo(SongState.SUBMITTED);
        assertThat(studio.song("s0").tasks().get(0).clips()).isEmpty();
    }

    @Test
    void anUnknownWordIsSaidOnceAndOnlyOfWhatWasAsked() {
        try (LogLines log = new LogLines()) {
            start(Clock.systemUTC(), exchange -> {
                if (asked.size() < 3) {
                    ask(exchange);
                    exchange.getMessage()
                            .setBody("[{\"taskId\": \"x\", \"status\": \"strange\"},"
                                    + " {\"taskId\": \"t1\", \"status\": \"thinking\"}]");
                } else {
                    succeed(exchange);
                }
            });

            submitted(new String[] {"t1"});

            await().until(() -> count(SongState.GENERATED) == 1);
            assertThat(log.with("thinking")).hasSize(1);
            assertThat(log.with("strange")).isEmpty();
        }
    }

    @Test
    void aSongThatIsCancelledWhileItIsAskedAboutStaysCancelled() {
        start(Clock.systemUTC(), exchange -> {
            ask(exchange);
            studio.ledger().steering().cancel("s0");
            exchange.getMessage().setBody(answers(List.of("t1", "t2")));
        });

        submitted(new String[] {"t1"}, new String[] {"t2"});

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(studio.song("s0").state()).isEqualTo(SongState.CANCELLED);
    }

    /** Camel's scheduled executor takes a thousand tasks that wait. */
    @Test
    void roundsGoOnHoweverOftenThereIsWordOfWork() {
        start(clock, this::succeed);
        submitted(new String[] {"t1"});
        clock.forward(Duration.ofMillis(9_100));
        PollConsumer consumer = (PollConsumer) studio.context().getRoute("poll").getConsumer();
        for (int i = 0; i < 3_000; i++) {
            consumer.hearOfWork();
            // leaves the time for a round
            studio.song("s0");
        }

        clock.forward(Duration.ofSeconds(2));

        await().until(() -> count(SongState.GENERATED) == 1);
    }

    @Test
    void aTaskThatRunsOnIsAskedAboutWithoutAWordToTheLedger() {
        start(clock, this::runOn);
        submitted(new String[] {"t1"});
        takeOff();
        Song before = studio.song("s0");

        awaitNextCall();
        awaitNextCall();

        assertThat(studio.song("s0")).isEqualTo(before);
        assertThat(before.dueAt()).isAfter(clock.instant().plusSeconds(60));
        studio.forward(Duration.ofSeconds(60));
        await().untilAsserted(() ->
                assertThat(studio.song("s0").dueAt()).as("it is moved on").isAfter(before.dueAt()));
    }

    @Test
    void theEndOfATaskInFlightIsRecorded() {
        start(clock, exchange -> {
            if (asked.size() < 2) {
                runOn(exchange);
            } else {
                succeed(exchange);
            }
        });
        submitted(new String[] {"t1", "t2"});
        takeOff();

        awaitNextCall();
        awaitNextCall();

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(studio.song("s0").clips()).hasSize(2);
        assertThat(asked).hasSize(3).allSatisfy(ids -> assertThat(ids).containsExactly("t1", "t2"));
    }

    @Test
    void whatIsNewOfATaskInFlightIsRecordedAndItGoesOn() {
        start(clock, exchange -> {
            ArrayNode answers = answers(ask(exchange));
            answers.forEach(answer -> ((ObjectNode) answer).put("status", asked.size() < 2 ? "running" : "streaming"));
            exchange.getMessage().setBody(answers);
        });
        submitted(new String[] {"t1"});
        takeOff();

        awaitNextCall();

        await().until(() -> studio.song("s0").tasks().get(0).status().equals(Optional.of("streaming")));
        Song before = studio.song("s0");
        awaitNextCall();
        awaitNextCall();
        assertThat(studio.song("s0")).isEqualTo(before);
    }

    @Test
    void aTaskInFlightThatTheVendorNoLongerKnowsIsLost() {
        start(clock, exchange -> {
            if (asked.isEmpty()) {
                runOn(exchange);
            } else {
                ask(exchange);
                exchange.getMessage().setBody("[]");
            }
        });
        submitted(new String[] {"t1"});
        takeOff();

        awaitNextCall();
        awaitNextCall();
        awaitNextCall();

        await().until(() -> studio.song("s0").state() == SongState.FAILED);
        assertThat(studio.song("s0").reason()).contains(Reason.TASK_LOST);
    }

    @Test
    void aSongInFlightThatIsMadeDueElsewhereIsAskedAboutWithinASecond() {
        start(clock, this::runOn, "poll-interval=20s");
        submitted(new String[] {"t1"});
        takeOff();

        studio.sql("UPDATE song SET due_at = " + clock.millis());
        clock.forward(Duration.ofSeconds(1));

        await().until(() -> asked.size() == 2);
    }

    @Test
    void aSongInFlightThatIsCancelledIsLeftAloneAfterAMinute() {
        start(clock, this::runOn);
        submitted(new String[] {"t1"}, new String[] {"t2"});
        takeOff();

        studio.ledger().steering().cancel("s0");
        // in one step: no call leaves in between
        studio.forward(Duration.ofSeconds(61));
        await().until(() -> asked.size() == 2);

        assertThat(asked).last().isEqualTo(List.of("t2"));
    }

    @Test
    void aFailedCallAboutSongsInFlightIsMadeAgainAndTheLedgerHearsNothing() {
        start(clock, exchange -> {
            runOn(exchange);
            if (asked.size() == 2) {
                throw new SocketTimeoutException("Read timed out");
            }
        });
        submitted(new String[] {"t1"}, new String[] {"t2"});
        takeOff();
        Song before = studio.song("s0");

        awaitNextCall();
        awaitNextCall();

        assertThat(studio.song("s0")).isEqualTo(before);
        assertThat(asked).hasSize(3).allSatisfy(ids -> assertThat(ids).hasSize(2));
    }

    @Test
    void oneOddTaskInFlightKeepsTheAnswersAboutTheOthersBackFromNobody() {
        start(clock, exchange -> {
            if (asked.isEmpty()) {
                runOn(exchange);
                return;
            }
            List<String> ids = ask(exchange);
            if (ids.contains("odd")) {
                exchange.setVariable("answer", "[{\"task_id\": \"odd\"}]");
                throw new IllegalArgumentException("Cannot index string with \"prompt\"");
            }
            exchange.getMessage().setBody(answers(ids));
        });
        submitted(new String[] {"t1"}, new String[] {"odd"});
        takeOff();

        awaitNextCall();

        await().until(() -> count(SongState.GENERATED) == 1);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void newsThatCannotBeClaimedKeepsTheAnswersAboutTheOthersBackFromNobody() {
        start(clock, exchange -> {
            if (asked.isEmpty()) {
                runOn(exchange);
            } else {
                succeed(exchange);
            }
        });
        submitted(new String[] {"t1"}, new String[] {"t2"});
        takeOff();
        studio.sql("CREATE TRIGGER no_news BEFORE UPDATE ON song WHEN NEW.claimed_by LIKE '%:news-%'"
                + " BEGIN SELECT RAISE(ABORT, 'no room'); END");

        studio.sql("UPDATE song SET due_at = " + clock.millis() + " WHERE id = 's1'");
        studio.forward(Duration.ofSeconds(4));

        await().until(() -> studio.song("s1").state() == SongState.GENERATED);
        assertThat(asked).last().asInstanceOf(LIST).containsExactlyInAnyOrder("t1", "t2");
        assertThat(studio.song("s0").state()).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void whenTheRouteStopsWhatIsInFlightIsDueForOthersAsItWasHere() throws Exception {
        start(clock, this::runOn);
        submitted(new String[] {"t1"});
        takeOff();
        assertThat(studio.song("s0").dueAt()).isAfter(clock.instant().plusSeconds(100));

        studio.context().getRouteController().stopRoute("poll");

        assertThat(studio.song("s0").dueAt()).isBefore(clock.instant().plusSeconds(6));
    }

    /** One that has been dispatched and not begun is in flight too, and nobody would hear of it again. */
    @Test
    void whileTheRouteIsSuspendedWhatWasInFlightIsDueForOthersToo() throws Exception {
        start(clock, this::runOn);
        submitted(new String[] {"t1"});
        takeOff();

        studio.context().getRouteController().suspendRoute("poll");

        assertThat(studio.song("s0").dueAt()).isBefore(clock.instant().plusSeconds(6));
        studio.context().getRouteController().resumeRoute("poll");
        awaitNextCall();
    }

    @ParameterizedTest
    @CsvSource({"s0, r0", "r0, s0"})
    void aVendorWhoseSongsInFlightCannotBeHandedBackIsInNoOthersWay(String stays, String handed) throws Exception {
        studio = new Studio(folder, clock)
                .vendor("foxai", "poll-interval=5s")
                .vendor("slow", "poll-interval=5s")
                .route("poll", "song:submitted?concurrency=2", this::runOn)
                .start();
        submitted("foxai", "s", new String[] {"t1"});
        submitted("slow", "r", new String[] {"t2"});
        takeOff();
        await().until(() -> studio.song("r0").polledAt().isPresent());
        studio.sql("CREATE TRIGGER no_move BEFORE UPDATE OF due_at ON song WHEN NEW.id = '" + stays
                + "' BEGIN SELECT RAISE(ABORT, 'no room'); END");

        studio.context().getRouteController().suspendRoute("poll");

        assertThat(studio.song(stays).dueAt()).isAfter(clock.instant().plusSeconds(100));
        assertThat(studio.song(handed).dueAt()).isBefore(clock.instant().plusSeconds(6));
    }

    /** As where the connection was lost over the commit, and nobody could be asked about it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatMayHaveBeenMovedOnIsAskedAboutWhetherItWasOrNot(boolean was) {
        start(clock, this::runOn);
        submitted(new String[] {"t1"});
        takeOff();
        Instant before = studio.song("s0").dueAt();
        studio.sql("CREATE TRIGGER no_move BEFORE UPDATE OF due_at ON song BEGIN SELECT RAISE(ABORT, 'no room'); END");
        try (LogLines log = new LogLines()) {
            clock.forward(Duration.ofSeconds(90));
            await().until(() -> !log.with("No songs are claimed").isEmpty());
        }
        studio.sql("DROP TRIGGER no_move");
        if (was) {
            studio.sql("UPDATE song SET due_at = "
                    + clock.instant().plusSeconds(120).toEpochMilli());
        }

        await().until(() -> asked.size() == 2);
        clock.set(before.plusSeconds(6));

        await().until(() -> asked.size() > 2);
    }

    @Test
    void newsThatTheLedgerDoesNotTakeIsAskedForOnceMoreAtTheIntervalAndNotWhenItIsDueThere() {
        AtomicReference<String> status = new AtomicReference<>("running");
        start(clock, exchange -> {
            ArrayNode answers = Json.MAPPER.createArrayNode();
            ask(exchange).forEach(id -> answers.addObject().put("taskId", id).put("status", status.get()));
            exchange.getMessage().setBody(answers);
        });
        submitted(new String[] {"t1"});
        takeOff();
        studio.sql(
                "CREATE TRIGGER no_claim BEFORE UPDATE OF claimed_by ON song BEGIN SELECT RAISE(ABORT, 'no room'); END");
        status.set("failed");
        awaitNextCall();
        studio.sql("DROP TRIGGER no_claim");

        awaitNextCall();

        await().until(() -> studio.song("s0").state() == SongState.FAILED);
    }

    // ---- given

    /** Has the first status call made, which the ledger is told of. */
    private void takeOff() {
        studio.forward(Duration.ofSeconds(11));
        await().until(() -> studio.song("s0").polledAt().isPresent());
    }

    private void awaitNextCall() {
        int before = asked.size();
        await().until(() -> {
            studio.forward(Duration.ofMillis(200));
            return asked.size() > before;
        });
    }

    private void runOn(Exchange exchange) {
        ArrayNode answers = Json.MAPPER.createArrayNode();
        ask(exchange).forEach(id -> answers.addObject().put("taskId", id).put("status", "running"));
        exchange.getMessage().setBody(answers);
    }

    private void start(Clock time, Processor vendor, String... settings) {
        List<String> all = new ArrayList<>();
        all.add(time == clock ? "poll-interval=5s" : "poll-interval=100ms");
        all.addAll(List.of(settings));
        studio = new Studio(folder, time)
                .vendor("foxai", all.toArray(String[]::new))
                .route("poll", "song:submitted?concurrency=2", vendor)
                .start();
    }

    /** Songs s0, s1, … that are due to be asked about, each with its tasks. */
    private void submitted(String[]... tasks) {
        submitted("foxai", "s", tasks);
    }

    private void submitted(String vendor, String prefix, String[]... tasks) {
        for (int i = 0; i < tasks.length; i++) {
            studio.request(prefix + i, vendor);
        }
        List<ClaimedSong> claimed =
                studio.ledger().claims().claimDue(SongState.ACCEPTED, vendor, REAL, tasks.length, Studio.LEASE);
        claimed.forEach(song -> studio.ledger().make(new Change.Intended(song.claim(), 1, 0)));
        Instant now = studio.clock().instant();
        Instant due = studio.clock() == clock ? now.plusSeconds(10) : now;
        studio.ledger()
                .makeAll(claimed.stream()
                        .map(song -> {
                            int number = Integer.parseInt(song.song().id().substring(1));
                            return new Change.Submitted(
                                    song.claim(), 1, List.of(tasks[number]), due, now.plus(Duration.ofMinutes(6)));
                        })
                        .toList());
    }

    private int count(SongState state) {
        return studio.ledger()
                .catalog()
                .page(Optional.of(state), Optional.empty(), Cursor.START, 1_000)
                .size();
    }

    private List<String> ask(Exchange exchange) {
        List<String> ids = new ArrayList<>();
        exchange.getMessage().getBody(JsonNode.class).forEach(id -> ids.add(id.textValue()));
        asked.add(ids);
        return ids;
    }

    private void succeed(Exchange exchange) {
        exchange.getMessage().setBody(answers(ask(exchange)));
    }

    private static ArrayNode answers(List<String> ids) {
        ArrayNode answers = Json.MAPPER.createArrayNode();
        for (String id : ids) {
            answers.addObject()
                    .put("taskId", id)
                    .put("status", "succeeded")
                    .putArray("clips")
                    .addObject()
                    .put("id", "clip of " + id);
        }
        return answers;
    }
}
