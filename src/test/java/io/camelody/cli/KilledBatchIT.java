package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.MadeTask;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch in a process of its own against vendors that outlive it: killed where it hurts, and run again. */
class KilledBatchIT {

    private static final int SONGS = 24;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withLatency(Duration.ofSeconds(1))
            .withSongLength(Duration.ofSeconds(2))
            .withLyrics(SandboxSettings.Lyrics.TASK));

    private final Map<String, String> settings = new HashMap<>(sandbox.settings());

    private int kills;

    /** A third for each vendor; those of SenseAudio take two paid calls. */
    @BeforeEach
    void writeRequests() throws IOException {
        List<String> vendors = List.of("foxai", "sunomusic", "senseaudio");
        Files.writeString(
                home.resolve("requests.jsonl"),
                IntStream.range(0, SONGS)
                        .mapToObj(i -> Json.write(Json.object()
                                .put("id", "song-" + i)
                                .put("prompt", prompt("song-" + i))
                                .put("vendor", vendors.get(i % 3))))
                        .collect(Collectors.joining("\n")));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void batchThatIsKilledWhileItSubmitsGoesOnAndBuysNothingTwice() throws Exception {
        killWhen(() -> sandbox.tasks().size() >= 2);
        killWhen(() -> sandbox.tasks().size() >= 9);
        killWhen(() -> songTasks().size() >= SONGS - 4);

        assertThatAnotherRunEndsAll();
    }

    @Test
    void batchThatIsKilledWhileItDeliversGoesOnAndBuysNothingTwice() throws Exception {
        killWhen(() -> delivered() >= 1);
        killWhen(() -> delivered() >= SONGS / 2);
        killWhen(() -> delivered() >= SONGS - 1);

        assertThatAnotherRunEndsAll();
    }

    @Test
    void paidCallThatNobodyHeardIsInDoubtAndNotMadeAgain() throws Exception {
        sandbox.fault(Fault.parse("foxai:submit:1:hang-made"));
        sandbox.fault(Fault.parse("sunomusic:submit:1:hang"));
        killWhen(() -> delivered() >= SONGS - 2);
        sandbox.clearFaults();

        try (Child again = Child.batch(home, settings)) {
            assertThat(again.await(LONG)).as(again.output()).isEqualTo(1);
            assertThat(again.output()).containsPattern("in doubt +2");
        }

        assertThat(songs("in-doubt"))
                .extracting(song -> song.path("vendor").asText())
                .containsExactlyInAnyOrder("foxai", "sunomusic");
        assertThat(songTasks())
                .as("one of the two exists, and nobody has made another")
                .hasSize(SONGS - 1);
        assertThatAnotherRunEndsAll();
    }

    /** A later run may have nothing left to do that could bring the moment: then it ends by itself, as it must. */
    private void killWhen(Callable<Boolean> moment) throws Exception {
        try (Child child = Child.batch(home, settings)) {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> moment.call() || kills > 0 && !child.isAlive());
            kills += child.isAlive() ? 1 : 0;
            child.kill();
        }
    }

    /** Whatever was killed in doubt is looked up at the vendor, as an operator would. */
    private void assertThatAnotherRunEndsAll() throws Exception {
        try (Child child = Child.batch(home, settings)) {
            child.await(LONG);
        }
        for (JsonNode song : songs("in-doubt")) {
            resolve(song);
        }
        try (Child child = Child.batch(home, settings)) {
            assertThat(child.await(LONG)).as(child.output()).isZero();
        }

        assertThat(kills).isPositive();
        assertThat(songs("delivered")).hasSize(SONGS);
        for (int i = 0; i < SONGS; i++) {
            String id = "song-" + i;
            assertThat(home.resolve("songs").resolve(id).resolve("song.json")).exists();
        }
        assertThat(songTasks()).hasSize(SONGS);
        assertThat(sandbox.tasks().stream().filter(task -> task.step().equals("lyrics")))
                .hasSizeLessThanOrEqualTo(SONGS / 3);
        assertThat(home.resolve("data/audio")).isEmptyDirectory();
        assertThat(sandbox.violations()).isEmpty();
    }

    private void resolve(JsonNode song) {
        JsonNode document = Json.parse(camelody("show", song.path("id").asText(), "--json", "--home", home)
                .out());
        JsonNode doubted = document.path("tasks").get(document.path("tasks").size() - 1);
        List<MadeTask> made = sandbox.tasks().stream()
                .filter(task -> task.vendor().equals(doubted.path("vendor").asText()))
                .filter(task -> task.step().equals(doubted.path("step").asText()))
                .filter(task -> isAbout(task, document))
                .toList();
        Ran ran = made.isEmpty()
                ? camelody("resolve", document.path("id").asText(), "--resubmit", "--home", home)
                : camelody(
                        "resolve",
                        document.path("id").asText(),
                        "--task-id",
                        made.get(0).taskId(),
                        "--home",
                        home);
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    /** A song step after a lyrics step is asked for with the words that were written. */
    private static boolean isAbout(MadeTask task, JsonNode song) {
        String written = song.path("written").path("lyrics").asText("");
        String request = task.request();
        return request.contains(prompt(song.path("id").asText()))
                || !written.isEmpty()
                        && request.contains(
                                Json.write(Json.MAPPER.getNodeFactory().textNode(written)));
    }

    private static String prompt(String id) {
        return id + " is about numbers";
    }

    private List<MadeTask> songTasks() {
        return sandbox.tasks().stream()
                .filter(task -> task.step().equals("song"))
                .toList();
    }

    private List<JsonNode> songs(String state) {
        JsonNode songs = Json.parse(camelody("songs", "--json", "--home", home).out());
        return IntStream.range(0, songs.size())
                .mapToObj(songs::get)
                .filter(song -> state.isEmpty() || song.path("state").asText().equals(state))
                .toList();
    }

    private long delivered() {
        return IntStream.range(0, SONGS)
                .filter(i -> Files.exists(home.resolve("songs/song-" + i + "/song.json")))
                .count();
    }
}
