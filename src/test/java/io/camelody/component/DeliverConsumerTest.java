package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code song:generated}: clips are fetched and given to sinks until they are there, and never bought again. */
@Timeout(30)
final class DeliverConsumerTest {

    private static final String PLACE = "{\"places\": [\"/songs/s1/clip-1.mp3\"]}";
    private static final String FORBIDDEN = "{\"error\": \"403\"}";

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicInteger tries = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    private Studio studio;

    @AfterEach
    void stop() {
        goOn.countDown();
        studio.close();
    }

    @Test
    void aDeliveredSongHasItsPlacesBesideItsClips() {
        start(exchange -> {
            ObjectNode song = exchange.getMessage().getBody(ObjectNode.class);
            assertThat(song.path("state").textValue()).isEqualTo("delivered");
            assertThat(exchange.getVariable("sinks")).isEqualTo(List.of("file"));
            assertThat(exchange.getVariable("taskIds")).isEqualTo("t1");
            assertThat(exchange.getVariable("refresh")).isEqualTo(false);
            delivered(exchange);
        });

        generated("s1");

        awaitState("s1", SongState.DELIVERED);
        assertThat(studio.song("s1").clips().at("/0/places/file").textValue()).isEqualTo("/songs/s1/clip-1.mp3");
    }

    @Test
    void whatFailsIsTriedAgainWithFreshUrlsAndThenGivenUp() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        start(exchange -> {
            seen.add(exchange.getVariable("refresh") + " " + exchange.getVariable("lastTry"));
            broken(exchange, "gone");
        });
        generated("s1");

        for (int i = 1; i <= 3; i++) {
            int made = i;
            await().until(() -> seen.size() == made && studio.song("s1").attempt() == Math.min(made, 2));
            studio.forward(Duration.ofMinutes(10));
        }

        awaitState("s1", SongState.FAILED);
        assertThat(seen).containsExactly("false false", "true false", "true true");
        assertThat(studio.song("s1").reason()).contains(Reason.DOWNLOAD_BROKEN);
        assertThat(studio.song("s1").message()).contains("cut after 7 bytes");
        assertThat(studio.ledger().steering().retry("s1", Duration.ofMinutes(6)))
                .isEqualTo(SongState.GENERATED);
    }

    @Test
    void aSinkThatFailsIsTheReasonAtTheEndAndWhatOthersHaveStaysNoted() {
        startSinks(1, Duration.ZERO, exchange -> answered(exchange, Map.of("file", PLACE, "s3", FORBIDDEN)));

        generated("s1");

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").reason()).contains(Reason.SINK_FAILED);
        assertThat(studio.song("s1").message()).contains("s3: 403");
        assertThat(studio.song("s1").clips().at("/0/places/file").textValue()).isEqualTo("/songs/s1/clip-1.mp3");
    }

    @Test
    void clipThatIsThereKeepsItsPlaceWhileWhatBelongsToItIsTriedAgain() {
        String place = "{\"places\": [{\"place\": \"s3://b/1\", \"error\": \"no song.json\"}]}";
        startSinks(1, Duration.ZERO, exchange -> answered(exchange, Map.of("file", PLACE, "s3", place)));

        generated("s1");

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").message().orElseThrow()).contains("no song.json");
        assertThat(studio.song("s1").clips().at("/0/places/s3").textValue()).isEqualTo("s3://b/1");
    }

    @Test
    void eachSinkIsTriedAgainByItselfAlsoAfterARestart() {
        Queue<String> called = new ConcurrentLinkedQueue<>();
        AtomicBoolean isUp = new AtomicBoolean();
        Processor sinks = exchange -> {
            called.add(exchange.getVariable("sinks") + " " + exchange.getVariable("sinkAttempts"));
            answered(exchange, Map.of("file", PLACE, "s3", isUp.get() ? "{\"places\": [\"s3://b/1\"]}" : FORBIDDEN));
        };
        startSinks(3, Duration.ZERO, sinks);
        generated("s1");
        await().until(() -> tries("s1", "s3") == 1);

        studio.close();
        isUp.set(true);
        startSinks(3, Duration.ZERO, sinks);
        studio.forward(Duration.ofMinutes(1));

        awaitState("s1", SongState.DELIVERED);
        assertThat(called).containsExactly("[file, s3] {s3=1, file=1}", "[s3] {s3=2}");
        assertThat(studio.song("s1").clips().at("/0/places"))
                .isEqualTo(Json.parse("{\"file\": \"/songs/s1/clip-1.mp3\", \"s3\": \"s3://b/1\"}"));
    }

    @Test
    void aSinkThatRefusesASongDoesNotKeepTheOthersFromIt() {
        startSinks(
                9,
                Duration.ofHours(2),
                exchange -> answered(
                        exchange,
                        Map.of(
                                "file",
                                "{\"error\": \"not mine\", \"refused\": true}",
                                "s3",
                                tries.incrementAndGet() == 1 ? FORBIDDEN : PLACE)));

        generated("s1");
        await().until(() -> tries("s1", "s3") == 1);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.GENERATED);
        studio.forward(Duration.ofMinutes(1));

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").message()).contains("file: not mine");
        assertThat(studio.song("s1").clips().at("/0/places/s3").textValue()).isEqualTo("/songs/s1/clip-1.mp3");
    }

    @Test
    void aRetryCallsOnlyTheSinksThatDoNotHaveIt() {
        Queue<String> called = new ConcurrentLinkedQueue<>();
        startSinks(1, Duration.ZERO, exchange -> {
            called.add(String.valueOf(exchange.getVariable("sinks")));
            answered(exchange, Map.of("file", PLACE, "s3", called.size() == 1 ? FORBIDDEN : PLACE));
        });
        generated("s1");
        awaitState("s1", SongState.FAILED);

        studio.ledger().steering().retry("s1", Duration.ofMinutes(6));

        awaitState("s1", SongState.DELIVERED);
        assertThat(called).containsExactly("[file, s3]", "[s3]");
    }

    @Test
    void aClipThatASinkDidNotTakeIsWaitedForAndTheOthersAreNoted() {
        startSinks(3, Duration.ZERO, exchange -> {
            exchange.getMessage()
                    .getBody(ObjectNode.class)
                    .withArray("clips")
                    .addObject()
                    .put("id", "c2");
            answered(
                    exchange,
                    Map.of("file", "{\"places\": [\"/1.mp3\", {\"error\": \"too long a name\"}]}", "s3", PLACE));
        });

        generated("s1");

        await().until(() -> tries("s1", "file") == 1);
        assertThat(studio.song("s1").message()).contains("file: clip 2: too long a name");
        assertThat(studio.song("s1").clips().findValuesAsText("file")).contains("/1.mp3");
    }

    @Test
    void aClipThatComesAfterASinkWasCalledIsGivenToItToo() {
        Queue<String> called = new ConcurrentLinkedQueue<>();
        startSinks(3, Duration.ZERO, exchange -> {
            called.add(String.valueOf(exchange.getVariable("sinks")));
            if (called.size() == 2) {
                exchange.getMessage()
                        .getBody(ObjectNode.class)
                        .withArray("clips")
                        .addObject()
                        .put("id", "c2");
            }
            answered(exchange, Map.of("file", PLACE, "s3", called.size() == 1 ? FORBIDDEN : PLACE));
        });
        generated("s1");
        await().until(() -> tries("s1", "s3") == 1);
        studio.forward(Duration.ofMinutes(1));

        awaitState("s1", SongState.DELIVERED);
        assertThat(called).containsExactly("[file, s3]", "[s3]", "[file]");
    }

    @Test
    void aSinkThatIsNotSetUpAnyMoreFailsAtOnceAndIsNotCalled() {
        startSinks(3, Duration.ZERO, exchange -> answered(exchange, Map.of("file", PLACE, "s3", FORBIDDEN)));
        studio.request("s1", "foxai", "file", "s3");
        made(1, "t1", "c1");
        await().until(() -> tries("s1", "s3") == 1);

        studio.close();
        start(exchange -> tries.incrementAndGet());
        studio.forward(Duration.ofMinutes(1));

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").message())
                .hasValueSatisfying(message -> assertThat(message).startsWith("s3: It is not set up any more."));
        assertThat(tries).hasValue(0);
    }

    @Test
    void receiversThatKeepCallersWaitingLeavePlacesToTheAudio() {
        AtomicInteger telling = new AtomicInteger();
        start(
                exchange -> {
                    if (exchange.getVariable("sinks").equals(List.of("webhook"))) {
                        telling.incrementAndGet();
                        goOn.await();
                    }
                    answered(exchange, Map.of("file", PLACE, "webhook", PLACE));
                },
                3,
                Duration.ZERO,
                "file",
                "webhook");
        for (int i = 1; i <= 12; i++) {
            studio.request("s" + i, "foxai");
            made(1, "t" + i, "c" + i);
        }

        await().until(() -> IntStream.rangeClosed(1, 12).allMatch(i -> studio.song("s" + i).sinks().stream()
                .anyMatch(sink -> sink.sink().equals("file") && sink.isDelivered())));
        assertThat(telling).hasValueLessThanOrEqualTo(4);
    }

    @Test
    void theWebhookIsCalledWhenAllOthersHaveTheSong() {
        Queue<String> called = new ConcurrentLinkedQueue<>();
        start(
                exchange -> {
                    called.add(String.valueOf(exchange.getVariable("sinks")));
                    answered(exchange, Map.of("file", called.size() == 1 ? FORBIDDEN : PLACE, "webhook", PLACE));
                },
                3,
                Duration.ZERO,
                "webhook",
                "file");

        generated("s1");
        await().until(() -> tries("s1", "file") == 1);
        studio.forward(Duration.ofMinutes(1));

        awaitState("s1", SongState.DELIVERED);
        assertThat(called).containsExactly("[file]", "[file]", "[webhook]");
    }

    @Test
    void aSinkThatNamesItsOwnWaitIsTriedForDaysAndNotBefore() {
        String wait = "{\"error\": \"down\", \"waitMillis\": %d}"
                .formatted(Duration.ofHours(20).toMillis());
        Processor sinks = exchange -> {
            tries.incrementAndGet();
            answered(exchange, Map.of("file", PLACE, "s3", wait));
        };
        startSinks(1, Duration.ZERO, sinks);
        generated("s1");

        for (int days = 1; days <= 5; days++) {
            int failed = days;
            await().until(() -> tries("s1", "s3") == failed);
            studio.forward(Duration.ofHours(10));
            studio.close();
            startSinks(1, Duration.ZERO, sinks);
            await().during(Duration.ofMillis(200)).until(() -> tries.get() == failed);
            studio.forward(Duration.ofHours(11));
        }
        await().until(() -> tries("s1", "s3") == 6);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.GENERATED);
    }

    @Test
    void aHostThatIsDownIsWaitedForBeyondTheTries() {
        waitsBeyondTheTries(exchange -> broken(exchange, "server"), Reason.DOWNLOAD_BROKEN);
    }

    @Test
    void aSinkInTroubleIsWaitedForBeyondTheTries() {
        waitsBeyondTheTries(
                exchange -> answered(exchange, Map.of("file", "{\"error\": \"No space left\"}")),
                Reason.SINK_FAILED,
                () -> tries("s1", "file"));
    }

    @Test
    void aFolderThatCannotBeMadeIsWaitedForBeyondTheTries() {
        waitsBeyondTheTries(
                exchange -> {
                    throw new UncheckedIOException(new IOException("No space left"));
                },
                Reason.SINK_FAILED);
    }

    @Test
    void audioThatIsNoneIsNotWaitedForBeyondTheTries() {
        start(exchange -> broken(exchange, "not-audio"), 1, Duration.ofHours(2));

        generated("s1");

        awaitState("s1", SongState.FAILED);
    }

    @Test
    void aHostThatWantsToBeLeftAloneForAYearIsNotWaitedForThatLong() {
        start(
                exchange -> {
                    broken(exchange, "server");
                    exchange.setVariable("retryAfter", 31_536_000L);
                },
                3,
                Duration.ofHours(2));

        generated("s1");

        await().until(() -> studio.song("s1").attempt() == 1);
        assertThat(studio.song("s1").dueAt()).isEqualTo(clock.instant().plus(Duration.ofHours(2)));
    }

    @Test
    void theMessageNamesTheClipThatIsWaitedFor() {
        start(exchange -> {
            ArrayNode clips = exchange.getMessage().getBody(ObjectNode.class).withArray("clips");
            clips.addObject().put("error", "The vendor ended this clip.");
            clips.addObject().put("error", "The host failed.").put("errorKind", "server");
            exchange.setVariable("clipsReady", false);
        });

        generated("s1");

        await().until(() -> studio.song("s1").attempt() == 1);
        assertThat(studio.song("s1").message()).contains("Clip 3 of 3 is not here: The host failed.");
    }

    @Test
    void aRouteWithoutSinksDeliversNothing() {
        start(exchange -> exchange.setVariable("clipsReady", true), 1);

        generated("s1");

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").message()).contains("No sink has answered.");
    }

    @Test
    void anExceptionIsAFailedTryToo() {
        start(exchange -> {
            throw new IllegalStateException("The disk is full.");
        });

        generated("s1");

        await().until(() -> studio.song("s1").attempt() == 1);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.GENERATED);
        assertThat(studio.song("s1").message()).contains("The disk is full.");
    }

    @Test
    void whatAStopBreaksOffIsNoTry() {
        start(exchange -> {
            tries.incrementAndGet();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.setVariable("clipsReady", false);
            }
        });
        generated("s1");
        await().until(() -> tries.get() == 1);

        studio.close();

        try (SongLedger after = SongLedger.openBeside(studio.url(), clock)) {
            assertThat(after.catalog().find("s1").orElseThrow().attempt()).isZero();
            assertThat(after.claims().claimDue(SongState.GENERATED, "foxai", REAL, 1, Studio.LEASE))
                    .as("free for the next start")
                    .hasSize(1);
        }
    }

    @Test
    void aDeliveryThatOutlastsItsClaimIsNotBegunTwice() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        start(exchange -> {
            tries.incrementAndGet();
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            goOn.await();
            underWay.decrementAndGet();
            delivered(exchange);
        });
        generated("s1");
        await().until(() -> tries.get() == 1);

        studio.forward(Studio.LEASE.plusSeconds(1));
        await().until(() -> studio.ledger()
                .claims()
                .nextDue(SongState.GENERATED, List.of("foxai"), REAL)
                .isEmpty());
        await().during(Duration.ofMillis(300)).until(() -> tries.get() == 1);
        goOn.countDown();

        awaitState("s1", SongState.DELIVERED);
        assertThat(most).hasValue(1);
        assertThat(tries).hasValue(1);
    }

    @Test
    void aSongThatIsCancelledAndRetriedMeanwhileIsDeliveredOnce() {
        Queue<String> lost = heldWhileItIsDelivered("s1");

        studio.ledger().steering().cancel("s1");
        studio.ledger().steering().retry("s1", Duration.ofMinutes(6));
        await().until(() -> studio.ledger()
                .claims()
                .nextDue(SongState.GENERATED, List.of("foxai"), REAL)
                .isEmpty());
        await().during(Duration.ofMillis(300)).until(() -> tries.get() == 1);
        goOn.countDown();

        awaitState("s1", SongState.DELIVERED);
        assertThat(tries).hasValue(1);
        assertThat(lost).as("what it was at").isEmpty();
    }

    @Test
    void whoHasTheClipsIsToldThatTheClaimWasLost() {
        Queue<String> lost = heldWhileItIsDelivered("s1");

        studio.ledger().steering().cancel("s1");
        goOn.countDown();

        await().untilAsserted(() -> assertThat(lost).containsExactly("s1"));
    }

    /** @return what was lost from then on */
    private Queue<String> heldWhileItIsDelivered(String id) {
        start(exchange -> {
            tries.incrementAndGet();
            goOn.await();
            delivered(exchange);
        });
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        studio.runtime().onLost(lost::add);
        generated(id);
        await().until(() -> tries.get() == 1);
        return lost;
    }

    @Test
    void clipsOfATaskThatCountsNoLongerAreNotDeliveredForThoseOfTheNewOne() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        start(exchange -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            tries.incrementAndGet();
            goOn.await();
            delivered(exchange);
            underWay.decrementAndGet();
        });
        generated("s1");
        await().until(() -> tries.get() == 1);

        studio.ledger().steering().cancel("s1");
        studio.ledger().steering().retryByResubmit("s1");
        studio.forward(Duration.ofSeconds(1));
        made(2, "t2", "c2");
        await().until(() -> studio.ledger()
                .claims()
                .nextDue(SongState.GENERATED, List.of("foxai"), REAL)
                .isEmpty());
        goOn.countDown();

        awaitState("s1", SongState.DELIVERED);
        assertThat(studio.song("s1").clips().findValuesAsText("id")).containsExactly("c2");
        assertThat(tries).hasValue(2);
        assertThat(most).as("one after the other").hasValue(1);
    }

    @Test
    void aSongThatIsCancelledMeanwhileStaysCancelled() {
        start(exchange -> {
            studio.ledger().steering().cancel("s1");
            delivered(exchange);
            tries.incrementAndGet();
        });

        generated("s1");

        await().until(() -> tries.get() == 1);
        await().during(Duration.ofMillis(300)).until(() -> studio.song("s1").state() == SongState.CANCELLED);
    }

    // ---- given

    private void start(Processor delivery) {
        start(delivery, 3);
    }

    private void start(Processor delivery, int attempts) {
        start(delivery, attempts, Duration.ZERO);
    }

    private void start(Processor delivery, int attempts, Duration patience) {
        start(delivery, attempts, patience, "file");
    }

    private void startSinks(int attempts, Duration patience, Processor delivery) {
        start(delivery, attempts, patience, "file", "s3");
    }

    private void start(Processor delivery, int attempts, Duration patience, String... sinks) {
        studio = new Studio(folder, clock)
                .vendor("foxai")
                .sinks(sinks)
                .deliveryAttempts(attempts)
                .deliveryPatience(patience)
                .route("deliver", "song:generated", delivery)
                .start();
    }

    /** One try is all that is allowed, and two hours of patience. */
    private void waitsBeyondTheTries(Processor delivery, Reason reason) {
        waitsBeyondTheTries(delivery, reason, () -> studio.song("s1").attempt());
    }

    private void waitsBeyondTheTries(Processor delivery, Reason reason, IntSupplier failed) {
        start(delivery, 1, Duration.ofHours(2));
        generated("s1");
        await().until(() -> failed.getAsInt() == 1);
        studio.forward(Duration.ofMinutes(110));
        await().until(() -> failed.getAsInt() == 2);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.GENERATED);

        studio.forward(Duration.ofMinutes(11));

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").reason()).contains(reason);
    }

    private static void broken(Exchange exchange, String kind) {
        exchange.getMessage().getBody(ObjectNode.class).withArray("clips").forEach(clip -> ((ObjectNode) clip)
                .put("error", "cut after 7 bytes")
                .put("errorKind", kind));
        exchange.setVariable("clipsReady", false);
    }

    private void generated(String id) {
        studio.request(id, "foxai");
        made(1, "t1", "c1");
    }

    private void made(int number, String taskId, String clipId) {
        Claim submit = claim(SongState.ACCEPTED);
        studio.ledger().make(new Change.Intended(submit, number, 0));
        studio.ledger()
                .make(new Change.Submitted(
                        submit,
                        number,
                        List.of(taskId),
                        clock.instant(),
                        clock.instant().plusSeconds(360)));
        ArrayNode clips = Json.MAPPER.createArrayNode();
        clips.addObject().put("id", clipId).put("audioUrl", "https://cdn.example/%s.mp3".formatted(clipId));
        studio.ledger().make(new Change.Generated(claim(SongState.SUBMITTED), List.of(), clips));
    }

    private Claim claim(SongState state) {
        List<ClaimedSong> claimed = studio.ledger().claims().claimDue(state, "foxai", REAL, 1, Studio.LEASE);
        return claimed.get(0).claim();
    }

    private static void delivered(Exchange exchange) {
        exchange.setVariable("clipsReady", true);
        answered(exchange, Map.of("file", PLACE));
    }

    /** As the sinks that were called answered, the clips being here. */
    private static void answered(Exchange exchange, Map<String, String> answers) {
        exchange.setVariable("clipsReady", true);
        int number = 0;
        for (JsonNode clip : exchange.getMessage().getBody(ObjectNode.class).withArray("clips")) {
            ((ObjectNode) clip).put("file", "clip-%d.mp3".formatted(++number));
        }
        ObjectNode deliveries = Json.object();
        for (Object sink : exchange.getVariable("sinks", List.class)) {
            deliveries.set((String) sink, Json.parse(answers.get(sink)));
        }
        exchange.setVariable("deliveries", deliveries);
    }

    private int tries(String song, String sink) {
        return studio.song(song).sinks().stream()
                .filter(each -> each.sink().equals(sink))
                .mapToInt(SinkDelivery::attempt)
                .sum();
    }

    private void awaitState(String id, SongState state) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> studio.song(id).state() == state);
    }
}
