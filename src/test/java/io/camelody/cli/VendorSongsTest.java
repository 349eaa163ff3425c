package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static io.camelody.cli.Ran.inAThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.HeardCall;
import io.camelody.sandbox.MadeTask;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.sandbox.Watcher;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.SongSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Songs of every vendor from a request file to the disk, through the shipped routes: when all goes well, and when vendors
 * answer as vendors do. The sandbox refuses what their documents do not have.
 */
class VendorSongsTest {

    private static final List<String> VENDORS = List.of("senseaudio", "sunomusic", "foxai");

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withLatency(Duration.ofMillis(300))
            .withLatencySpread(0)
            .withSongLength(Duration.ofSeconds(1)));

    @AfterEach
    void noKeyWentToTheAudioHost() {
        sandbox.close();
        assertThat(sandbox.violations()).isEmpty();
    }

    @Test
    void everyModeOfEveryVendorIsDelivered() throws IOException {
        Ran ran = batch(Path.of("src/examples/requests"));

        assertThat(ran.code()).as(ran.out()).isZero();
        List<Path> songs = folders();
        assertThat(songs).hasSize(13);
        for (Path song : songs) {
            JsonNode document = Json.parse(Files.readString(song.resolve("song.json")));
            SongSchema.demand(document);
            assertThat(document.path("clips"))
                    .hasSize(document.path("vendor").asText().equals("senseaudio") ? 1 : 2);
            for (JsonNode clip : document.path("clips")) {
                assertThat(song.resolve(clip.path("file").textValue())).isNotEmptyFile();
            }
        }
        Song sung = song("foxai-old-friends");
        assertThat(sung.lyricsVendor()).contains("senseaudio");
        assertThat(requests("foxai"))
                .filteredOn(request -> request.has("lyrics"))
                .extracting(request -> request.path("lyrics").textValue())
                .contains(sung.written().orElseThrow().path("lyrics").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"at-once", "task"})
    void lyricsAreWrittenFirstWhicheverWayTheyCome(String way) throws IOException {
        sandbox.fault(Fault.parse("senseaudio:lyrics-submit:1:" + way));

        Ran ran = batch(
                file(
                        "{'id': 'a', 'vendor': 'foxai', 'writeLyrics': {'prompt': 'a ferry', 'vendor': 'senseaudio'}, 'style': 'waltz'}"));

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(sandbox.tasks()).extracting(MadeTask::vendor).containsExactly("senseaudio", "foxai");
        assertThat(sandbox.heard("senseaudio", "GET", "/v1/song/lyrics/pending/"))
                .hasSizeGreaterThanOrEqualTo(way.equals("task") ? 1 : 0);
        assertThat(requests("foxai").get(0).path("lyrics").textValue()).startsWith("[intro-medium]");
    }

    @Test
    void theNewerApiOfSenseAudioMakesSongsToo() throws IOException {
        Ran ran = batch(
                file(
                        "{'id': 'a', 'vendor': 'senseaudio', 'prompt': 'a ferry', 'styleWeight': 0.5, 'vocalGender': 'male'}",
                        "{'id': 'b', 'vendor': 'senseaudio', 'instrumental': true, 'style': 'waltz'}"),
                "camelody.senseaudio.api=music");

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(document("a").path("clips").path(0).hasNonNull("image")).isTrue();
    }

    @Test
    void clipsThatStreamForGoodAreTakenAfterTheGrace() throws IOException {
        sandbox.fault(Fault.parse("sunomusic:submit:1:stay-streaming"));
        sandbox.fault(Fault.parse("foxai:submit:1:stay-streaming"));

        Ran ran = batch(
                file(
                        "{'id': 's', 'vendor': 'sunomusic', 'prompt': 'a'}",
                        "{'id': 'f', 'vendor': 'foxai', 'prompt': 'a'}"),
                "camelody.sunomusic.clip-grace=700ms",
                "camelody.foxai.clip-grace=700ms");

        assertThat(ran.code()).as(ran.out()).isZero();
        for (MadeTask task : sandbox.tasks()) {
            assertThat(song(task.vendor().substring(0, 1)).generatedAt().orElseThrow())
                    .isAfter(task.endedAt().plusMillis(400));
        }
    }

    @Test
    void oneGoodClipOfTwoIsADeliveredSongWithTheOthersErrorBesideIt() throws IOException {
        sandbox.fault(Fault.parse("sunomusic:submit:1:clip-error"));
        sandbox.fault(Fault.parse("foxai:submit:1:clip-gone"));

        Ran ran = batch(
                file(
                        "{'id': 's', 'vendor': 'sunomusic', 'prompt': 'a'}",
                        "{'id': 'f', 'vendor': 'foxai', 'prompt': 'a'}"),
                "camelody.delivery.attempts=2");

        assertThat(ran.code()).as(ran.out()).isZero();
        for (String id : List.of("s", "f")) {
            JsonNode clips = document(id).path("clips");
            assertThat(clips).hasSize(2);
            assertThat(clips.path(0).hasNonNull("file")).isTrue();
            assertThat(clips.path(0).hasNonNull("error")).isFalse();
            assertThat(clips.path(1).hasNonNull("file")).isFalse();
            assertThat(clips.path(1).path("error").textValue()).isNotBlank();
        }
        assertThat(sandbox.tasks()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"poll:1:null-url,poll:1:none-url,audio:1:html", "audio:1:html,audio:1:expire,poll:1:null-url"})
    void audioThatIsNoneAtFirstIsFetchedFromAFreshUrl(String senseaudio, String sunomusic, String foxai)
            throws IOException {
        sandbox.fault(Fault.parse("senseaudio:" + senseaudio));
        sandbox.fault(Fault.parse("sunomusic:" + sunomusic));
        sandbox.fault(Fault.parse("foxai:" + foxai));

        Ran ran = batch(everywhere("'lyrics': '[verse] la', 'style': 'waltz'"));

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(sandbox.tasks()).hasSize(3);
        VENDORS.forEach(vendor -> assertThat(song(vendor).state()).isEqualTo(SongState.DELIVERED));
    }

    /** The second try is the last one. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "huge", "cut", "html", "status=500", "leave-out"})
    void audioIsFetchedThoughTheVendorGivesNoFreshUrl(String trouble) throws IOException {
        VENDORS.forEach(vendor -> sandbox.fault(Fault.parse(vendor + ":audio:1:html")));
        sandbox.watch((moment, kind, call) -> {
            if (kind == Fault.Call.AUDIO && moment == Watcher.Moment.READ) {
                sandbox.fault(Fault.parse(call.vendor() + ":poll:*:" + trouble));
            }
        });

        Ran ran = batch(everywhere("'prompt': 'a ferry'"), "camelody.delivery.attempts=2");

        assertThat(ran.code()).as(ran.out()).isZero();
    }

    @Test
    void foldersThatDisappearWhileASongIsFetchedCostNothing() throws Exception {
        sandbox.fault(Fault.parse("foxai:audio:2:hang"));
        Path requests = file("{'id': 'a', 'vendor': 'foxai', 'prompt': 'a'}");
        Files.createDirectories(home.resolve("songs"));

        CompletableFuture<Ran> running = inAThread(() -> batch(requests, "camelody.audio.stall-timeout=1s"));
        await().until(() -> !sandbox.heard("foxai", "GET", "/files").isEmpty());
        for (String gone : List.of("data/audio", "songs")) {
            try (Stream<Path> files = Files.walk(home.resolve(gone))) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        Ran ran = running.get();

        assertThat(ran.code()).as(ran.out()).isZero();
        for (JsonNode clip : document("a").path("clips")) {
            assertThat(home.resolve("songs/a").resolve(clip.path("file").textValue()))
                    .isNotEmptyFile();
        }
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void aStatusThatNobodyKnowsIsPolledOnAndSaidOnce() throws IOException {
        sandbox.fault(Fault.parse("foxai:poll:3:word=Pondering"));

        try (LogLines log = new LogLines()) {
            Ran ran = batch(file("{'id': 'a', 'vendor': 'foxai', 'prompt': 'a'}"));

            assertThat(ran.code()).as(ran.out()).isZero();
            assertThat(log.with("\"Pondering\"")).hasSize(1);
        }
    }

    @Test
    void hugeAnswersStrangersAndClipsThatAreThereTwiceDoNoHarm() throws IOException {
        sandbox.fault(Fault.parse("*:submit:3:clip-twice"));
        VENDORS.forEach(vendor -> {
            sandbox.fault(Fault.parse(vendor + ":poll:1:huge"));
            sandbox.fault(Fault.parse(vendor + ":poll:2:strangers"));
        });

        Ran ran = batch(everywhere("'lyrics': '[verse] la', 'style': 'waltz'"));

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(sandbox.tasks()).hasSize(3);
        assertThat(document("senseaudio").path("clips")).hasSize(1);
        assertThat(document("sunomusic").path("clips")).hasSize(2);
        assertThat(document("foxai").path("clips")).hasSize(2);
    }

    @Test
    void aPaidCallWithAHugeAnswerIsInDoubtAndIsNotMadeAgain() throws IOException {
        sandbox.fault(Fault.parse("*:submit:3:huge"));

        Ran ran = batch(everywhere("'lyrics': '[verse] la', 'style': 'waltz'"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(sandbox.tasks()).hasSize(3);
        for (String vendor : VENDORS) {
            assertThat(song(vendor).state()).isEqualTo(SongState.IN_DOUBT);
            assertThat(song(vendor).message()).contains("The vendor answered more than 8 MB.");
        }
    }

    /** Each vendor in turn loses a task, fails one, and never ends one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aSongThatEndsBadlySaysHow(int turn) throws IOException {
        String loses = VENDORS.get(turn);
        String fails = VENDORS.get((turn + 1) % 3);
        String hangs = VENDORS.get((turn + 2) % 3);
        sandbox.fault(Fault.parse(loses + ":submit:1:leave-out"));
        sandbox.fault(Fault.parse(fails + ":submit:1:fail=Refused by moderation"));
        sandbox.fault(Fault.parse(hangs + ":poll:*:word=Pondering"));

        Ran ran = batch(everywhere("'lyrics': 'la', 'style': 'waltz', 'timeout': '2s'"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(song(loses).reason()).contains(Reason.TASK_LOST);
        assertThat(song(fails).reason()).contains(Reason.CONTENT_REFUSED);
        assertThat(song(fails).message().orElseThrow()).contains("Refused by moderation");
        assertThat(song(hangs).reason()).contains(Reason.VENDOR_TIMEOUT);
        assertThat(song(hangs).message().orElseThrow()).contains("within 2s");
        assertThat(ran.out()).contains("task-lost", "content-refused", "vendor-timeout");
        assertThat(sandbox.tasks()).hasSize(3);
    }

    @Test
    void aVendorThatSaysWhenIsAskedAgainThen() throws IOException {
        sandbox.fault(Fault.parse("senseaudio:submit:1:status=429 Retry-After=1"));
        sandbox.fault(Fault.parse("sunomusic:submit:1:status=503 Retry-After=1"));
        sandbox.fault(Fault.parse("foxai:submit:1:status=429 Retry-After=1 body={\"message\": \"too fast\"}"));
        sandbox.fault(Fault.parse("foxai:poll:1:status=429 Retry-After=1"));

        Ran ran = batch(everywhere("'lyrics': 'la', 'style': 'waltz'"));

        assertThat(ran.code()).as(ran.out()).isZero();
        for (String vendor : VENDORS) {
            List<HeardCall> submits = sandbox.heard(vendor, "POST", "/");
            assertThat(submits).hasSize(2);
            assertThat(Duration.between(submits.get(0).at(), submits.get(1).at()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(950));
        }
        List<HeardCall> polls = sandbox.heard("foxai", "GET", "/api");
        assertThat(Duration.between(polls.get(0).at(), polls.get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(950));
    }

    @Test
    void aRefusedKeyAndAnEmptyAccountPauseTheVendorAndEndTheBatch() throws IOException {
        sandbox.fault(
                Fault.parse("senseaudio:submit:1:status=401 body={\"error\": {\"message\": \"Wrong API key.\"}}"));
        sandbox.fault(Fault.parse("sunomusic:submit:1:status=402"));
        sandbox.fault(Fault.parse(
                "foxai:submit:1:status=200 body={\"success\": false, \"message\": \"Insufficient balance\"}"));

        Ran ran = batch(everywhere("'lyrics': 'la', 'style': 'waltz'"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("senseaudio refused the key (HTTP 401 Wrong API key.). Check CAMELODY_SENSEAUDIO_API_KEY")
                .contains("sunomusic has no credits left (HTTP 402")
                .contains("foxai has no credits left (HTTP 200 Insufficient balance)")
                .containsPattern("waiting +3");
        VENDORS.forEach(vendor -> assertThat(song(vendor).state()).isEqualTo(SongState.ACCEPTED));
        assertThat(sandbox.tasks()).isEmpty();
    }

    @Test
    void whatNobodyHeardIsInDoubtUntilItIsResolved() throws IOException {
        sandbox.fault(Fault.parse("senseaudio:submit:1:no-id"));
        sandbox.fault(Fault.parse("sunomusic:submit:1:status=500 body={\"message\": \"internal error\"}"));
        sandbox.fault(Fault.parse("foxai:submit:1:lost"));
        Path requests = everywhere("'lyrics': 'la', 'style': 'waltz'");

        Ran doubted = batch(requests);

        assertThat(doubted.code()).isEqualTo(1);
        assertThat(doubted.out()).containsPattern("in doubt +3");
        VENDORS.forEach(vendor -> assertThat(song(vendor).state()).isEqualTo(SongState.IN_DOUBT));
        assertThat(song("senseaudio").tasks().get(0).answer()).contains("{}");
        assertThat(song("sunomusic").message().orElseThrow()).contains("HTTP 500 internal error");

        String taskId = sandbox.tasks().stream()
                .filter(task -> task.vendor().equals("foxai"))
                .map(MadeTask::taskId)
                .findFirst()
                .orElseThrow();
        assertThat(resolve("foxai", "--task-id", taskId)).isZero();
        assertThat(resolve("sunomusic", "--resubmit")).isZero();
        assertThat(resolve("senseaudio", "--fail")).isZero();
        Ran resolved = batch(requests);

        assertThat(resolved.code()).isEqualTo(1);
        assertThat(song("foxai").state()).isEqualTo(SongState.DELIVERED);
        assertThat(song("sunomusic").state()).isEqualTo(SongState.DELIVERED);
        assertThat(song("senseaudio").reason()).contains(Reason.GIVEN_UP);
        assertThat(sandbox.tasks())
                .extracting(MadeTask::vendor)
                .containsExactlyInAnyOrder("senseaudio", "foxai", "sunomusic");
    }

    private int resolve(String id, String... how) {
        List<Object> arguments = new ArrayList<>(List.of("resolve", id, "--home", home));
        arguments.addAll(List.of(how));
        return camelody(arguments.toArray()).code();
    }

    /** One request for each vendor, which is its id too. */
    private Path everywhere(String fields) throws IOException {
        return file(VENDORS.stream()
                .map(vendor -> "{'id': '%s', 'vendor': '%s', %s}".formatted(vendor, vendor, fields))
                .toArray(String[]::new));
    }

    private Path file(String... requests) throws IOException {
        return Files.writeString(
                home.resolve("requests.jsonl"), String.join("\n", requests).replace('\'', '"'));
    }

    private Ran batch(Path requests, String... properties) {
        List<Object> arguments = new ArrayList<>(List.of("batch", requests, "--home", home));
        for (Map.Entry<String, String> setting : sandbox.settings().entrySet()) {
            arguments.addAll(List.of("--property", setting.getKey() + "=" + setting.getValue()));
        }
        for (String property : properties) {
            arguments.addAll(List.of("--property", property));
        }
        return camelody(arguments.toArray());
    }

    private Song song(String id) {
        try (SongLedger ledger =
                SongLedger.openBeside("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC())) {
            Song song = ledger.catalog().find(id).orElseThrow();
            SongSchema.demand(SongDocument.of(song));
            return song;
        }
    }

    private JsonNode document(String id) throws IOException {
        JsonNode document =
                Json.parse(Files.readString(home.resolve("songs").resolve(id).resolve("song.json")));
        SongSchema.demand(document);
        return document;
    }

    private List<Path> folders() throws IOException {
        try (var songs = Files.list(home.resolve("songs"))) {
            return songs.filter(Files::isDirectory).toList();
        }
    }

    /** The bodies of the tasks that a vendor made. */
    private List<JsonNode> requests(String vendor) {
        return sandbox.tasks().stream()
                .filter(task -> task.vendor().equals(vendor))
                .map(task -> Json.parse(task.request()))
                .toList();
    }
}
