package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.sandbox.Watcher.Moment;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.HeldCall;
import io.camelody.testkit.VendorBooks;
import io.camelody.testkit.VendorBooks.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A batch in a process of its own against vendors that outlive it: killed at each step of a song's life, and run again. Each
 * run has songs of its own beside those that earlier ones left.
 */
class KilledBatchIT {

    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final String SEEDED = "Again with -Dkill.seed=" + SEED;
    private static final Duration LONG = Duration.ofSeconds(60);
    /** SenseAudio's take two paid calls. */
    private static final List<String> VENDORS = List.of("foxai", "sunomusic", "senseaudio");

    @TempDir
    Path home;

    private final Random random = new Random(SEED);
    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withLatency(Duration.ofMillis(300))
            .withSongLength(Duration.ofSeconds(1))
            .withLyrics(SandboxSettings.Lyrics.TASK));
    private final VendorBooks books = new VendorBooks(sandbox);
    private final Map<String, String> settings = new HashMap<>(sandbox.settings());
    private final Set<String> unheard = new HashSet<>();
    private int songs;
    private int kills;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void batchThatIsKilledAtEveryStepGoesOnAndBuysNothingTwice() throws Exception {
        killWhen(() -> songs("accepted").size() > 0);
        for (Fault.Call kind : Fault.Call.values()) {
            for (Moment moment : Moment.values()) {
                killAt(kind, moment);
            }
        }
        int known = songs("").size();
        killWhen(() -> songs("").size() > known);
        sandbox.fault(Fault.parse("*:audio:*:drip"));
        long askedFor = clipsAskedFor();
        killWhen(() -> clipsAskedFor() > askedFor);
        sandbox.clearFaults();
        int delivered = delivered().size();
        killWhen(() -> delivered().size() > delivered);

        assertThat(kills).as(SEEDED).isGreaterThanOrEqualTo(20);
        int code = runToTheEnd();
        assertThatWhatNobodyHeardIsInDoubtAndNothingWasAskedForTwice();
        assertThat(code).as(SEEDED).isEqualTo(1);
        Set<Purchase> resubmitted = new HashSet<>();
        for (JsonNode song : songs("in-doubt")) {
            resolve(song, resubmitted);
        }
        assertThat(runToTheEnd()).as(SEEDED).isZero();
        assertThatEachSongIsThereOnce(resubmitted);
    }

    /** The call is held where it is, unless its answer has left: then the kill comes somewhere in what follows. */
    private void killAt(Fault.Call kind, Moment moment) throws Exception {
        writeRequests();
        try (HeldCall held = new HeldCall(sandbox, kind, moment);
                Child child = Child.batch(home, "requests", settings)) {
            awaitOf(child, held::isThere);
            boolean isPaid = kind == Fault.Call.SUBMIT || kind == Fault.Call.LYRICS_SUBMIT;
            if (isPaid && moment != Moment.SENT) {
                unheard.add(VendorBooks.tagIn(held.call().body()).orElseThrow());
            }
            kill(child, moment == Moment.SENT ? 20 : 0);
            if (moment == Moment.READ) {
                // one that has made its task goes on, and nobody is there to hear it
                held.cutOff();
            }
        }
    }

    private void killWhen(Callable<Boolean> moment) throws Exception {
        writeRequests();
        try (Child child = Child.batch(home, "requests", settings)) {
            awaitOf(child, moment);
            kill(child, 20);
        }
    }

    private static void awaitOf(Child child, Callable<Boolean> moment) {
        await(SEEDED)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(1))
                .failFast(() -> assertThat(child.isAlive()).as(child.output()).isTrue())
                .until(moment);
    }

    private void kill(Child child, int withinMillis) throws InterruptedException {
        // so that over the runs all that lies between two steps is struck as well
        TimeUnit.MICROSECONDS.sleep(withinMillis == 0 ? 0 : random.nextInt(withinMillis * 1000));
        child.kill();
        kills++;
    }

    /** A file for each song: a kill can strike between two of them. */
    private void writeRequests() throws IOException {
        Files.createDirectories(home.resolve("requests"));
        for (String vendor : VENDORS) {
            String tag = VendorBooks.tag(songs++);
            Files.writeString(
                    home.resolve("requests").resolve(tag + ".jsonl"),
                    Json.write(Json.object()
                            .put("id", tag)
                            .put("prompt", tag + " counts")
                            .put("vendor", vendor)));
        }
    }

    /** @return the exit code */
    private int runToTheEnd() throws Exception {
        try (Child child = Child.batch(home, "requests", settings)) {
            return child.await(LONG);
        }
    }

    private void assertThatWhatNobodyHeardIsInDoubtAndNothingWasAskedForTwice() {
        assertThat(books.submits()).as(SEEDED).allSatisfy((purchase, calls) -> assertThat(calls)
                .isEqualTo(1));
        assertThat(songs("in-doubt"))
                .as(SEEDED)
                .extracting(song -> song.path("id").asText())
                .containsAll(unheard);
    }

    /** Looked up at the vendor, as an operator would. */
    private void resolve(JsonNode song, Set<Purchase> resubmitted) {
        String id = song.path("id").asText();
        JsonNode tasks =
                Json.parse(camelody("show", id, "--json", "--home", home).out()).path("tasks");
        Purchase doubted =
                new Purchase(id, tasks.get(tasks.size() - 1).path("step").asText());
        List<String> made = books.tasks().getOrDefault(doubted, List.of());
        Ran ran;
        if (made.isEmpty()) {
            resubmitted.add(doubted);
            ran = camelody("resolve", id, "--resubmit", "--home", home);
        } else {
            ran = camelody("resolve", id, "--task-id", made.get(0), "--home", home);
        }
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    private void assertThatEachSongIsThereOnce(Set<Purchase> resubmitted) throws Exception {
        assertThat(songs("delivered")).as(SEEDED).hasSize(songs);
        assertThat(songs("")).as(SEEDED).hasSize(songs);
        assertThat(delivered()).as(SEEDED).hasSize(songs);
        for (int i = 0; i < songs; i++) {
            assertThat(new DeliveredSong(home.resolve("songs").resolve(VendorBooks.tag(i))).flaw())
                    .as("%s: %s", VendorBooks.tag(i), SEEDED)
                    .isEmpty();
        }
        assertThat(books.tasks())
                .as(SEEDED)
                .hasSize(songs + songs / VENDORS.size())
                .allSatisfy((purchase, tasks) -> assertThat(tasks).hasSize(1));
        assertThat(books.submits()).as(SEEDED).allSatisfy((purchase, calls) -> assertThat(calls)
                .isLessThanOrEqualTo(resubmitted.contains(purchase) ? 2 : 1));
        assertThat(home.resolve("data/audio")).as(SEEDED).isEmptyDirectory();
        assertThat(sandbox.violations()).as(SEEDED).isEmpty();
    }

    private long clipsAskedFor() {
        return sandbox.heard().stream()
                .filter(call -> call.path().endsWith(".mp3"))
                .count();
    }

    private List<String> delivered() throws IOException {
        return DeliveredSong.delivered(home.resolve("songs"));
    }

    private List<JsonNode> songs(String state) {
        JsonNode songs = Json.parse(camelody("songs", "--json", "--home", home).out());
        return IntStream.range(0, songs.size())
                .mapToObj(songs::get)
                .filter(song -> state.isEmpty() || song.path("state").asText().equals(state))
                .toList();
    }
}
