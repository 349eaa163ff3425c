package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Budget;
import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.Happening;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.pace.Gate;
import io.camelody.request.Json;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code song:accepted}: the paid call, from the claim to the record of its outcome. */
@Timeout(30)
final class SubmitConsumerTest {

    /** An endpoint outside of the process, as far as the watch over paid calls knows. */
    private static final String CALL = "bean:vendor?method=toString";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    private Studio studio;

    @AfterEach
    void stop() {
        answer.countDown();
        studio.close();
    }

    // ---- how calls leave

    @Test
    void theIntentIsRecordedBeforeTheCallAndTheTaskAfterIt() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        start(Clock.systemUTC(), exchange -> {
            Song song = studio.song(exchange.getVariable("songId", String.class));
            seen.put("outcome", song.tasks().get(0).outcome().word());
            seen.put("vendor", exchange.getVariable("vendor", String.class));
            seen.put("step", exchange.getVariable("step", String.class));
            seen.put("body", exchange.getMessage().getBody().toString());
            taken("t1").process(exchange);
        });

        studio.request("s1", "foxai");

        awaitState("s1", SongState.SUBMITTED);
        assertThat(seen)
                .isEqualTo(Map.of(
                        "outcome", "intended", "vendor", "foxai", "step", "song", "body", "{\"prompt\":\"a tango\"}"));
        Task task = studio.song("s1").stepTasks().get(0);
        assertThat(task.taskId()).contains("t1");
        assertThat(task.price()).isEqualTo(35_000);
    }

    @Test
    void eachPaidCallHasAnAddressOfItsOwnToBeCalledBackAt() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai", "poll-first-after=5m")
                .callbacks("https://songs.example/callbacks/")
                .route("submit", "song:accepted", exchange -> {
                    seen.put(
                            exchange.getVariable("songId", String.class),
                            exchange.getVariable("callbackUrl", String.class));
                    taken("t1").process(exchange);
                })
                .start();

        studio.request("s1", "foxai");
        studio.request("s2", "foxai");

        awaitState("s1", SongState.SUBMITTED);
        awaitState("s2", SongState.SUBMITTED);
        assertThat(seen.values())
                .doesNotHaveDuplicates()
                .allMatch(url -> url.matches("https://songs\\.example/callbacks/foxai/[A-Za-z0-9_-]{32}"));
        String token = seen.get("s2").replaceAll(".*/", "");
        assertThat(studio.ledger().callbacks().heard("foxai", new CallbackToken(token)))
                .isTrue();
        assertThat(studio.song("s2").dueAt()).isBefore(Instant.now());
        assertThat(studio.song("s1").dueAt()).isAfter(Instant.now());
    }

    @Test
    void newWorkIsTakenAtOnceAndNotAtTheNextTick() {
        start(Clock.systemUTC(), taken("t1"));
        studio.request("warm-up", "foxai");
        awaitState("warm-up", SongState.SUBMITTED);
        long begin = System.nanoTime();

        for (int i = 0; i < 10; i++) {
            studio.request("s" + i, "foxai");
            String id = "s" + i;
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> studio.song(id).state() == SongState.SUBMITTED);
        }

        // ticks alone, one a second, would take five seconds on average
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void noMoreCallsOfOneVendorAreUnderWayThanItsConcurrency() {
        start(Clock.systemUTC(), exchange -> {
            calls.incrementAndGet();
            answer.await();
            taken("t").process(exchange);
        });

        IntStream.range(0, 40).forEach(i -> studio.request("s" + i, "foxai"));

        await().until(() -> calls.get() == 4);
        await().during(Duration.ofMillis(300)).until(() -> calls.get() == 4);
        answer.countDown();
        await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == 40);
    }

    @Test
    void aSlowVendorDoesNotHoldUpAnother() {
        start(Clock.systemUTC(), exchange -> {
            if (exchange.getVariable("vendor", String.class).equals("slow")) {
                answer.await();
            }
            taken("t1").process(exchange);
        });
        IntStream.range(0, 10).forEach(i -> studio.request("slow-" + i, "slow"));

        IntStream.range(0, 10).forEach(i -> studio.request("s" + i, "foxai"));

        await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == 10);
        assertThat(studio.ledger().claims().countSubmitted("slow", false)).isZero();
    }

    @Test
    void noMoreTasksRunAtAVendorThanItTakes() {
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai", "max-running=3")
                .route("submit", "song:accepted", counted(taken("t1")))
                .start();

        IntStream.range(0, 10).forEach(i -> studio.request("s" + i, "foxai"));

        await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == 3);
        await().during(Duration.ofMillis(300)).until(() -> calls.get() == 3);
    }

    // ---- what answers lead to

    @ParameterizedTest
    @CsvSource({
        "rate, accepted",
        "transient, accepted",
        "credits, accepted",
        "auth, accepted",
        "content, failed",
        "invalid, failed",
        "unknown, in-doubt"
    })
    void eachClassOfErrorHasItsOutcome(String errorClass, String state) {
        start(clock, body("{\"error\": {\"class\": \"" + errorClass + "\", \"message\": \"no, key-of-foxai\"}}"), CALL);

        studio.request("s1", "foxai");

        await().until(() -> studio.song("s1").message().isPresent());
        Song song = studio.song("s1");
        assertThat(song.state().word()).isEqualTo(state);
        assertThat(song.message()).contains("no, ***");
        assertThat(song.tasks()).hasSize(1);
        assertThat(song.price()).isZero();
    }

    @Test
    void aRefusedKeyPausesTheVendorForAllSongs() {
        start(clock, counted(body("{\"error\": {\"class\": \"auth\", \"message\": \"Invalid key key-of-foxai\"}}")));
        studio.request("s1", "foxai");
        await().until(() -> studio.ledger().pauses().of("foxai", false).isPresent());

        studio.forward(Duration.ofSeconds(30));
        studio.request("s2", "foxai");

        await().during(Duration.ofMillis(1_200)).until(() -> calls.get() == 1);
        assertThat(studio.ledger().pauses().of("foxai", false).orElseThrow().message())
                .isEqualTo("foxai refused the key (Invalid key ***). Check camelody.foxai.api-key.");
        studio.forward(Duration.ofMinutes(5));
        await().until(() -> calls.get() >= 2);
    }

    @ParameterizedTest
    @CsvSource({"0, 300", "600, 600"})
    void aVendorThatSaysHowLongItRefusesLengthensThePauseOnly(long said, long paused) {
        start(clock, exchange -> {
            exchange.setVariable("retryAfter", said);
            body("{\"error\": {\"class\": \"credits\", \"message\": \"none left\"}}")
                    .process(exchange);
        });

        studio.request("s1", "foxai");

        await().until(() -> studio.ledger().pauses().of("foxai", false).isPresent());
        assertThat(studio.ledger().pauses().of("foxai", false).orElseThrow().until())
                .isEqualTo(clock.instant().plusSeconds(paused));
    }

    @Test
    void aRefusedKeyPausesTheVendorAlsoWhereItsSongWentOnWithoutTheAnswer() {
        start(clock, exchange -> {
            takenOver(exchange.getVariable("songId", String.class));
            body("{\"error\": {\"class\": \"auth\", \"message\": \"no\"}}").process(exchange);
        });

        studio.request("s1", "foxai");

        await().until(() -> studio.ledger().pauses().of("foxai", false).isPresent());
        assertThat(studio.song("s1").message()).isEmpty();
    }

    @Test
    void aVendorInTroubleIsSaidAlsoWhereItsSongsWentOnWithoutTheAnswers() {
        try (LogLines log = new LogLines()) {
            start(clock, exchange -> {
                takenOver(exchange.getVariable("songId", String.class));
                body("{\"error\": {\"class\": \"transient\", \"message\": \"down\"}}")
                        .process(exchange);
            });

            IntStream.range(0, Gate.BREAKS_AFTER).forEach(i -> studio.request("s" + i, "foxai"));

            await().until(() -> !log.with("not answered sensibly").isEmpty());
        }
    }

    private void takenOver(String songId) {
        studio.sql("UPDATE song SET claimed_by = 'another' WHERE id = '%s'".formatted(songId));
    }

    @Test
    void aRouteThatFailsBeforeItCallsAnybodyIsTriedAgain() {
        start(clock, exchange -> {
            throw new IllegalStateException("jq: no such field");
        });

        studio.request("s1", "foxai");

        await().until(() -> studio.song("s1").attempt() == 1);
        Song song = studio.song("s1");
        assertThat(song.state()).isEqualTo(SongState.ACCEPTED);
        assertThat(song.tasks().get(0).outcome()).isEqualTo(Task.Outcome.NOT_MADE);
        assertThat(song.dueAt()).isAfter(clock.instant());
    }

    @Test
    void aRouteThatFailsAfterItsCallIsADoubtAlsoWhereNobodyHasBoundTheWatch() {
        start(
                clock,
                exchange -> {
                    throw new IllegalStateException("the answer was cut");
                },
                CALL);

        studio.request("s1", "foxai");

        awaitState("s1", SongState.IN_DOUBT);
        assertThat(studio.song("s1").message()).contains("IllegalStateException: the answer was cut");
    }

    @Test
    void aPageWithoutSenseIsADoubtAtOnce() {
        start(clock, body("<html>Bad gateway</html>"), CALL);

        studio.request("s1", "foxai");

        awaitState("s1", SongState.IN_DOUBT);
    }

    // ---- when a vendor wants to be left alone, or is

    @Test
    void aVendorIsLeftAloneForAnHourAtMostAndThatIsSaid() {
        try (LogLines log = new LogLines()) {
            start(clock, counted(exchange -> {
                exchange.setVariable("retryAfter", 86_400L);
                body("{\"error\": {\"class\": \"rate\", \"message\": \"not today\"}}")
                        .process(exchange);
            }));
            studio.request("s1", "foxai");
            await().until(() -> studio.song("s1").attempt() == 1);
            assertThat(log.with("left alone"))
                    .containsExactly(
                            "WARN foxai asked to be left alone; no song is submitted to it for 3600 s. (vendor: foxai)");
            assertThat(studio.song("s1").dueAt()).isEqualTo(clock.instant().plusSeconds(3_600));

            studio.forward(Duration.ofHours(1));

            await().until(() -> calls.get() == 2);
        }
    }

    @Test
    void aVendorThatAnswersAgainIsSaidToo() {
        try (LogLines log = new LogLines()) {
            start(clock, exchange -> {
                boolean down = calls.incrementAndGet() <= Gate.BREAKS_AFTER;
                (down ? body("{\"error\": {\"class\": \"transient\", \"message\": \"down\"}}") : taken("t1"))
                        .process(exchange);
            });
            IntStream.range(0, Gate.BREAKS_AFTER).forEach(i -> studio.request("s" + i, "foxai"));
            await().until(() -> !log.with("not answered sensibly").isEmpty());

            studio.forward(Duration.ofSeconds(20));

            await().until(() -> !log.with("WARN foxai answers again").isEmpty());
            await().until(() -> studio.ledger().claims().countSubmitted("foxai", false) == Gate.BREAKS_AFTER);
            assertThat(log.with("WARN foxai answers again")).hasSize(1);
        }
    }

    @Test
    void aSongThatGoesOnLeavesTheOthersModelBehindAndSaysWhy() {
        AtomicReference<String> model = new AtomicReference<>();
        studio = new Studio(folder, clock)
                .vendor("foxai", "models=v4")
                .vendor("slow", "models=v7", "model=v7")
                .route("submit", "song:accepted", exchange -> {
                    model.set(exchange.getMessage()
                            .getBody(JsonNode.class)
                            .path("model")
                            .asText());
                    taken("t1").process(exchange);
                })
                .start();
        studio.ledger()
                .pauses()
                .pause(new Pause("foxai", "auth", "no", clock.instant().plusSeconds(300)), false);

        studio.template()
                .requestBody(
                        "song:request",
                        Json.parse("{\"id\": \"s1\", \"vendor\": [\"foxai\", \"slow\"], \"model\": \"v4\","
                                + " \"prompt\": \"a tango\"}"));

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.song("s1").vendor()).isEqualTo("slow");
        assertThat(model).hasValue("v7");
        assertThat(studio.song("s1").notes().toString())
                .contains(
                        "foxai is paused (auth); it went on to slow.",
                        "The model v4 was left out: slow has no such thing.");
    }

    // ---- when the ledger or the process is in trouble

    @Test
    void anOutcomeThatCannotBeRecordedIsTriedOnUntilItCan() {
        start(Clock.systemUTC(), counted(exchange -> {
            studio.sql("CREATE TRIGGER full BEFORE UPDATE ON song WHEN NEW.state = 'submitted'"
                    + " BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            taken("t1").process(exchange);
        }));
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);
        await().during(Duration.ofMillis(500)).until(() -> studio.song("s1").state() == SongState.ACCEPTED);

        studio.sql("DROP TRIGGER full");

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.song("s1").stepTasks().get(0).taskId()).contains("t1");
        assertThat(calls).hasValue(1);
    }

    @Test
    void noCallLeavesWhileItsIntentCannotBeRecorded() {
        studio = studio(Clock.systemUTC(), counted(taken("t1"))).start();
        studio.sql("CREATE TRIGGER full BEFORE INSERT ON task BEGIN SELECT RAISE(ABORT, 'disk full'); END");

        studio.request("s1", "foxai");
        await().during(Duration.ofMillis(500)).until(() -> calls.get() == 0);
        studio.sql("DROP TRIGGER full");

        awaitState("s1", SongState.SUBMITTED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aCallLeavesUnderAClaimThatOutlastsItHoweverLongItsIntentWaited() {
        AtomicReference<Duration> left = new AtomicReference<>();
        try (LogLines log = new LogLines()) {
            studio = studio(clock, exchange -> {
                        long until = studio.number("SELECT claimed_until FROM song");
                        left.set(Duration.ofMillis(until - clock.millis()));
                        taken("t1").process(exchange);
                    })
                    .start();
            studio.sql("CREATE TRIGGER full BEFORE INSERT ON task BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            studio.request("s1", "foxai");
            await().until(() -> !log.with("is not recorded yet").isEmpty());

            studio.forward(Duration.ofSeconds(100));
            studio.sql("DROP TRIGGER full");

            awaitState("s1", SongState.SUBMITTED);
            assertThat(left.get()).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
        }
    }

    @Test
    void aBudgetThatCannotBeWaitedForKeepsNoPlace() {
        try (LogLines log = new LogLines()) {
            studio = new Studio(folder, Clock.systemUTC())
                    .vendor("foxai")
                    .route("submit", "song:accepted?concurrency=1", taken("t1"))
                    .start();
            studio.sql("CREATE TRIGGER full BEFORE INSERT ON vendor_pause BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            studio.ledger()
                    .keepWithin(
                            new Budget(List.of(new Budget.Limit("camelody.budget.total", Optional.empty(), false, 0))));
            studio.request("s1", "foxai");
            await().until(() -> !log.with("The budget is reached").isEmpty());

            studio.ledger().keepWithin(Budget.NONE);

            awaitState("s1", SongState.SUBMITTED);
        }
    }

    @Test
    void aCallWhoseTaskIsOnlyWaitingToBeRecordedIsNotMadeAgain() {
        studio = new Studio(folder, clock)
                .vendor("foxai", "on-doubt=resubmit")
                .route("submit", "song:accepted", counted(exchange -> {
                    studio.sql("CREATE TRIGGER IF NOT EXISTS full BEFORE UPDATE ON song WHEN NEW.state = 'submitted'"
                            + " BEGIN SELECT RAISE(ABORT, 'disk full'); END");
                    taken("t" + calls).process(exchange);
                }))
                .start();
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);

        studio.forward(Studio.LEASE.plusSeconds(1));
        await().during(Duration.ofMillis(1_500)).until(() -> calls.get() == 1);
        studio.sql("DROP TRIGGER full");

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.song("s1").stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t1");
    }

    /** Its claim has run out by then, and whoever looks for doubts would find it. */
    @Test
    void aNoIsRecordedAlsoWhereTheLedgerWasGoneForLongerThanItsClaim() {
        try (LogLines log = new LogLines()) {
            start(clock, exchange -> {
                calls.incrementAndGet();
                answer.await();
                body("{\"error\": {\"class\": \"rate\", \"message\": \"too fast\"}}")
                        .process(exchange);
            });
            studio.request("s1", "foxai");
            await().until(() -> calls.get() == 1);
            studio.sql("CREATE TRIGGER full BEFORE UPDATE ON song BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            studio.forward(Studio.LEASE.multipliedBy(10));
            answer.countDown();
            await().until(() -> !log.with("No songs are claimed until").isEmpty());
            studio.sql("CREATE TRIGGER still BEFORE UPDATE ON song WHEN NEW.message = 'too fast'"
                    + " BEGIN SELECT RAISE(ABORT, 'disk full'); END");
            studio.sql("DROP TRIGGER full");
            studio.forward(Duration.ofMinutes(1));
            await("the claim is renewed").until(() -> claimedUntil("s1") > clock.millis());
            studio.sql("DROP TRIGGER still");

            await().until(() -> studio.song("s1").message().isPresent());
            assertThat(studio.song("s1").message()).contains("too fast");
            assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
        }
    }

    private long claimedUntil(String id) throws SQLException {
        try (Connection connection = DriverManager.getConnection(studio.url());
                PreparedStatement statement =
                        connection.prepareStatement("SELECT claimed_until FROM song WHERE id = ?")) {
            statement.setString(1, id);
            return statement.executeQuery().getLong(1);
        }
    }

    @Test
    void aCallThatAnotherTakesForADeadNodesIsInDoubtUntilItIsAnswered() {
        startSlowly();

        assertThat(studio.ledger().doubts().noteAbandoned(clock.instant().plus(Duration.ofHours(1))))
                .containsExactly("s1");
        answer.countDown();

        awaitState("s1", SongState.SUBMITTED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aCallOfAProcessThatStoodStillIsNotInDoubtWhileItsAnswerMayLieThere() {
        startSlowly();

        clock.forward(Studio.LEASE.plusSeconds(1));
        await("a look")
                .until(() ->
                        claimedUntil("s1") > clock.millis() || studio.song("s1").state() == SongState.IN_DOUBT);
        answer.countDown();

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.ledger().happenings().of("s1"))
                .extracting(Happening::state)
                .containsExactly("accepted", "submitted");
    }

    /** Or slept, and the round's first transaction brings the time along that has passed. */
    @Test
    void aCallOfAProcessThatStandsStillInTheMidstOfARoundIsNotInDoubtByIt() throws SQLException {
        AtomicBoolean stands = new AtomicBoolean();
        Clock stopping = new Clock() {
            @Override
            public Instant instant() {
                Instant before = clock.instant();
                if (stands.get() && isReadByATurn() && stands.getAndSet(false)) {
                    clock.forward(Studio.LEASE.plusSeconds(1));
                }
                return before;
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        startSlowly(stopping);

        stands.set(true);

        await("a look")
                .until(() -> !stands.get() && claimedUntil("s1") > clock.millis()
                        || studio.song("s1").state() == SongState.IN_DOUBT);
        answer.countDown();
        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.ledger().happenings().of("s1"))
                .extracting(Happening::state)
                .containsExactly("accepted", "submitted");
    }

    /** @return whether who called the caller is the beginning of a round */
    private static boolean isReadByATurn() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst())
                .filter(frame -> frame.getClassName().equals(Rounds.class.getName()))
                .filter(frame -> frame.getMethodName().equals("turn"))
                .isPresent();
    }

    private void startSlowly() {
        startSlowly(clock);
    }

    private void startSlowly(Clock time) {
        start(time, exchange -> {
            calls.incrementAndGet();
            answer.await();
            taken("t1").process(exchange);
        });
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);
    }

    @Test
    void aDoubtIsSentAgainWhereTheSettingsSaySo() {
        doubtOf("s1");
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai", "on-doubt=resubmit")
                .route("submit", "song:accepted", counted(taken("t2")))
                .start();

        awaitState("s1", SongState.SUBMITTED);

        assertThat(studio.song("s1").stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t2");
    }

    @Test
    void aDoubtIsHeldByDefault() {
        doubtOf("s1");

        start(Clock.systemUTC(), counted(taken("t2")));

        await().during(Duration.ofMillis(1_100)).until(() -> calls.get() == 0);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.IN_DOUBT);
    }

    /** As a crash in the middle of the paid call leaves it. */
    private void doubtOf(String id) {
        Studio before = new Studio(folder, clock).vendor("foxai").start();
        before.request(id, "foxai");
        Claim claim = before.ledger()
                .claims()
                .claimDue(SongState.ACCEPTED, "foxai", new Scope(false, Optional.empty()), 1, Studio.LEASE)
                .get(0)
                .claim();
        before.ledger().make(new Change.Intended(claim, 1, 0));
        before.close();
        try (SongLedger beside = SongLedger.openBeside(before.url(), clock)) {
            assertThat(beside.catalog().find(id).orElseThrow().state()).isEqualTo(SongState.IN_DOUBT);
        }
    }

    // ---- who is asked beforehand

    @Test
    void whatIsLeftBeforehandIsWhatTheVendorHears() {
        AtomicReference<Object> heard = new AtomicReference<>();
        startAsking(exchange -> exchange.getMessage().setBody(Json.object().put("prompt", "a waltz")), exchange -> {
            heard.set(exchange.getMessage().getBody());
            // the first certain no is one, though a call was made beforehand too
            (calls.incrementAndGet() == 1 ? body("{\"error\": {\"class\": \"rate\"}}") : taken("t1")).process(exchange);
        });

        studio.request("s1", "foxai");
        await().until(() -> studio.song("s1").message().isPresent());
        studio.forward(Duration.ofSeconds(2));

        awaitState("s1", SongState.SUBMITTED);
        assertThat(heard).hasValue(Json.object().put("prompt", "a waltz"));
        assertThat(studio.song("s1").request().path("prompt").asText()).isEqualTo("a tango");
    }

    /** As a database leaves it that goes away over the commit, and comes back only when nobody waits for it any more. */
    @Test
    void anIntentThatStandsWithoutAnybodyHavingHeardOfItIsTakenBack() {
        AtomicBoolean stands = new AtomicBoolean();
        startAsking(
                exchange -> {
                    if (!stands.getAndSet(true)) {
                        String by = Sql.find(studio.url(), "SELECT claimed_by FROM song")
                                .orElseThrow();
                        studio.ledger().make(new Change.Intended(new Claim("s1", by, 0), 1, 35_000));
                    }
                },
                counted(taken("t1")));

        studio.request("s1", "foxai");
        await().until(() -> studio.song("s1").message().isPresent());
        studio.forward(Duration.ofSeconds(2));

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.song("s1").tasks())
                .extracting(Task::outcome)
                .containsExactly(Task.Outcome.NOT_MADE, Task.Outcome.MADE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRequestThatIsRefusedBeforehandFailsWithoutATask() {
        startAsking(
                body("{\"error\": {\"class\": \"content\", \"message\": \"names a living person\"}}"),
                counted(taken("t1")));

        studio.request("s1", "foxai");

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").reason()).contains(Reason.CONTENT_REFUSED);
        assertThat(studio.song("s1").message()).contains("names a living person");
        assertThat(studio.song("s1").tasks()).isEmpty();
        assertThat(calls).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throws",
                "''",
                "a page",
                "{}",
                "[]",
                "{\"error\": {\"class\": \"unknown\"}}",
                "{\"error\": \"down\"}"
            })
    void aSongWaitsWhileWhoIsAskedBeforehandDoesNotAnswer(String said) {
        AtomicInteger asked = new AtomicInteger();
        startAsking(
                exchange -> {
                    if (asked.incrementAndGet() > 1) {
                        return;
                    }
                    if (said.equals("throws")) {
                        throw new IOException("500");
                    }
                    exchange.getMessage().setBody(said);
                },
                counted(taken("t1")));

        studio.request("s1", "foxai");

        await().until(() -> asked.get() == 1 && studio.song("s1").message().isPresent());
        assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
        assertThat(studio.song("s1").tasks()).isEmpty();
        studio.forward(Duration.ofSeconds(2));
        awaitState("s1", SongState.SUBMITTED);
        assertThat(calls).hasValue(1);
    }

    /** An error handler that takes a failure may leave the request as it was, which nobody has let go. */
    @ParameterizedTest
    @ValueSource(strings = {"dead letter channel", "handled", "rolled back"})
    void aFailureBeforehandThatAnErrorHandlerTookLetsNoRequestGo(String end) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        startAsking(new RouteBuilder() {
            @Override
            public void configure() {
                RouteDefinition route = from("direct:asked");
                if (end.equals("dead letter channel")) {
                    route.errorHandler(deadLetterChannel("direct:dead"));
                    from("direct:dead").setVariable("dead").constant(true);
                } else {
                    route.onException(IOException.class).handled(true).end();
                }
                route.process(exchange -> {
                    boolean isFirst = asked.incrementAndGet() == 1;
                    if (isFirst && end.equals("rolled back")) {
                        exchange.setRollbackOnly(true);
                    } else if (isFirst) {
                        throw new IOException("500");
                    }
                });
            }
        });

        studio.request("s1", "foxai");

        await().until(() -> asked.get() == 1 && studio.song("s1").message().isPresent());
        assertThat(calls).hasValue(0);
        assertThat(studio.song("s1").state()).isEqualTo(SongState.ACCEPTED);
        studio.forward(Duration.ofSeconds(2));
        awaitState("s1", SongState.SUBMITTED);
        assertThat(asked).hasValue(2);
    }

    @Test
    void anErrorHandlerMaySayWhatAFailureBeforehandMeans() throws Exception {
        startAsking(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:asked")
                        .onException(IOException.class)
                        .handled(true)
                        .process(SubmitConsumerTest.body(
                                "{\"error\": {\"class\": \"content\", \"message\": \"too odd\"}}"))
                        .end()
                        .throwException(new IOException("500"));
            }
        });

        studio.request("s1", "foxai");

        awaitState("s1", SongState.FAILED);
        assertThat(studio.song("s1").message()).contains("too odd");
        assertThat(calls).hasValue(0);
    }

    @Test
    void aFailureBeforehandThatTheRouteItselfCatchesIsItsOwnChoice() throws Exception {
        startAsking(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:asked")
                        .doTry()
                        .throwException(new IOException("500"))
                        .doCatch(IOException.class)
                        .setVariable("unasked")
                        .constant(true)
                        .end();
            }
        });

        studio.request("s1", "foxai");

        awaitState("s1", SongState.SUBMITTED);
        assertThat(studio.song("s1").message()).isEmpty();
    }

    @Test
    void aProcessThatDiesWhileItAsksLeavesNoDoubt() {
        startAsking(
                exchange -> {
                    calls.incrementAndGet();
                    answer.await();
                },
                taken("t1"));
        studio.request("s1", "foxai");
        await().until(() -> calls.get() == 1);

        assertThat(studio.song("s1").tasks())
                .as("an intent, which the next start would find open")
                .isEmpty();
    }

    // ---- given

    private void startAsking(Processor before, Processor vendor) {
        studio = new Studio(folder, clock)
                .vendor("foxai")
                .bind("host", (Runnable) () -> {})
                .route("asked", "direct:asked", before, "bean:host?method=run")
                .route("submit", "song:accepted?before=direct:asked", vendor, "bean:host?method=run")
                .start();
    }

    private void startAsking(RoutesBuilder asked) throws Exception {
        studio = new Studio(folder, clock)
                .vendor("foxai")
                .bind("vendor", "the vendor")
                .route("submit", "song:accepted?before=direct:asked", counted(taken("t1")), CALL)
                .start();
        studio.context().addRoutes(asked);
    }

    private void start(Clock time, Processor vendor, String... before) {
        studio = studio(time, vendor, before).start();
    }

    private Studio studio(Clock time, Processor vendor, String... before) {
        return new Studio(folder, time)
                .vendor("foxai")
                .vendor("slow")
                .bind("vendor", "the vendor")
                .route("submit", "song:accepted?concurrency=4", vendor, before);
    }

    private void awaitState(String id, SongState state) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> studio.song(id).state() == state);
    }

    private Processor counted(Processor processor) {
        return exchange -> {
            calls.incrementAndGet();
            processor.process(exchange);
        };
    }

    private static Processor taken(String taskId) {
        return exchange -> exchange.getMessage().setBody(Json.object().put("taskId", taskId));
    }

    private static Processor body(String text) {
        return exchange -> exchange.getMessage().setBody(text);
    }
}
