package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.testkit.SettableClock;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxTest {

    private static final String SONG = "{\"topic\": \"spring\"}";

    private final SettableClock clock = new SettableClock();
    private Sandbox sandbox = Sandbox.start(SandboxSettings.defaults().withClock(clock));

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void everyCallIsHeardInItsOrder() {
        var foxai = Caller.foxai(sandbox);

        foxai.post("/api/v2/music/task", SONG);
        foxai.get("/api/v2/music/task?ids=a,b");
        foxai.get("/nowhere");

        assertThat(sandbox.heard())
                .containsExactly(
                        new HeardCall(clock.instant(), "foxai", "POST", "/api/v2/music/task", "", SONG, 200),
                        new HeardCall(clock.instant(), "foxai", "GET", "/api/v2/music/task", "ids=a,b", "", 200),
                        new HeardCall(clock.instant(), "", "GET", "/nowhere", "", "", 404));
        assertThat(sandbox.heard("foxai", "GET", "/api/v2")).hasSize(1);
    }

    @Test
    void watcherIsToldHowFarACallHasComeAndMayBreakItThere() {
        var foxai = Caller.foxai(sandbox);
        List<String> told = new CopyOnWriteArrayList<>();
        sandbox.watch((moment, kind, call) -> told.add(moment + " " + kind + " " + call.vendor() + ", tasks: "
                + sandbox.tasks().size()));

        foxai.post("/api/v2/music/task", SONG);
        foxai.get("/nowhere");

        await().untilAsserted(() -> assertThat(told)
                .containsExactly(
                        "READ SUBMIT foxai, tasks: 0", "READY SUBMIT foxai, tasks: 1", "SENT SUBMIT foxai, tasks: 1"));

        sandbox.watch((moment, kind, call) -> {
            throw new IllegalStateException("Broken by a test.");
        });

        assertThatThrownBy(() -> foxai.post("/api/v2/music/task", SONG)).isInstanceOf(UncheckedIOException.class);
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void aKeyIsNeededInTheVendorsOwnHeader() {
        String foxai = "/api/v2/music/task?ids=a";
        String sunomusic = "/v1/music/status?ids=a";

        assertThat(new Caller(sandbox).get(foxai).status()).isEqualTo(401);
        assertThat(new Caller(sandbox).get(sunomusic).status()).isEqualTo(401);
        assertThat(Caller.bearer(sandbox).get(foxai).status()).isEqualTo(401);
        assertThat(Caller.foxai(sandbox).get(sunomusic).status()).isEqualTo(401);
        assertThat(new Caller(sandbox, "api-key", "wrong").get(foxai).status()).isEqualTo(401);
        assertThat(new Caller(sandbox, "Authorization", "Basic abc")
                        .get(sunomusic)
                        .status())
                .isEqualTo(401);
        assertThat(Caller.foxai(sandbox).get(foxai).status()).isEqualTo(200);
        assertThat(Caller.bearer(sandbox).get(sunomusic).status()).isEqualTo(200);
    }

    @Test
    void onlyTheExpectedKeyIsRightIfThereIsOne() {
        close();
        sandbox = Sandbox.start(SandboxSettings.defaults().withApiKey("right"));

        assertThat(new Caller(sandbox, "api-key", "right")
                        .get("/api/v2/music/task?ids=a")
                        .status())
                .isEqualTo(200);
        assertThat(new Caller(sandbox, "api-key", "other")
                        .get("/api/v2/music/task?ids=a")
                        .status())
                .isEqualTo(401);
        assertThat(sandbox.settings()).containsEntry("camelody.foxai.api-key", "right");
    }

    @Test
    void wrongPathsMethodsAndContentTypesAreRefused() {
        var foxai = Caller.foxai(sandbox);
        var bearer = Caller.bearer(sandbox);

        assertThat(foxai.get("/api/v2/task?ids=a").status()).isEqualTo(404);
        assertThat(foxai.get("/api/v2/music/task/?ids=a").status()).isEqualTo(404);
        assertThat(bearer.get("/v1/music/generate").status()).isEqualTo(405);
        assertThat(bearer.post("/v1/song/music/pending/abc", SONG).status()).isEqualTo(405);
        assertThat(foxai.send(foxai.request("/api/v2/music/task").POST(HttpRequest.BodyPublishers.ofString(SONG)))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void theSettingsMakeCamelodyUseIt() {
        String url = "http://127.0.0.1:" + sandbox.port();

        assertThat(sandbox.settings())
                .containsEntry("camelody.senseaudio.base-url", url)
                .containsEntry("camelody.sunomusic.base-url", url + "/v1/music")
                .containsEntry("camelody.foxai.base-url", url + "/api/v2")
                .containsEntry("camelody.sunomusic.api-key", "sandbox")
                .containsEntry("camelody.foxai.poll-first-after", "1500ms")
                .containsEntry("camelody.foxai.poll-interval", "300ms");
    }

    @Test
    void theSameSeedMakesTheSameTasksAndAnotherMakesOthers() {
        var ids = new HashSet<String>();
        for (long seed : new long[] {1, 1, 2}) {
            try (var seeded = Sandbox.start(SandboxSettings.defaults().withSeed(seed))) {
                Caller.foxai(seeded).post("/api/v2/music/task", SONG);
                ids.add(seeded.tasks().get(0).taskId());
            }
        }
        assertThat(ids).hasSize(2);
    }

    @Test
    void aShareOfTheSongsFails() {
        close();
        sandbox = Sandbox.start(
                SandboxSettings.defaults().withClock(clock).withSeed(1).withFailureShare(.5));
        var vendor = Caller.bearer(sandbox);
        for (int i = 0; i < 40; i++) {
            vendor.post("/v1/song/music/create", "{\"model\": \"sensesong\"}");
        }
        clock.forward(Duration.ofSeconds(10));

        long failed = sandbox.tasks().stream()
                .map(task ->
                        vendor.get("/v1/song/music/pending/" + task.taskId()).json())
                .filter(json -> json.path("status").textValue().equals("FAILED"))
                .count();

        assertThat(failed).isBetween(10L, 30L);
    }

    @Test
    void clipsOfSoManyBytesAreMp3FromEveryVendor() {
        close();
        sandbox = Sandbox.start(SandboxSettings.defaults().withClock(clock).withAudioBytes(5000));
        var vendor = Caller.bearer(sandbox);
        vendor.post("/v1/song/music/create", "{\"model\": \"sensesong\"}");
        clock.forward(Duration.ofSeconds(10));
        var clip = vendor.get("/v1/song/music/pending/" + sandbox.tasks().get(0).taskId())
                .json()
                .at("/response/data/0");

        var audio = new Caller(sandbox).get(clip.path("audio_url").textValue());

        assertThat(audio.header("Content-Type")).isEqualTo("audio/mpeg");
        assertThat(audio.body().length).isBetween(4700, 5300);
        assertThat(clip.path("duration").doubleValue()).isBetween(.55, .65);
    }

    @Test
    void nothingThatIsAskedAtTheSameTimeIsLost() throws InterruptedException {
        var foxai = Caller.foxai(sandbox);
        var threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 400; i++) {
            threads.execute(() -> foxai.post("/api/v2/music/task", SONG));
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(sandbox.heard()).hasSize(400).allMatch(call -> call.status() == 200);
        assertThat(sandbox.tasks()).extracting(MadeTask::taskId).hasSize(400).doesNotHaveDuplicates();
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        assertThatThrownBy(() -> Sandbox.start(SandboxSettings.defaults().withPort(sandbox.port())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(Integer.toString(sandbox.port()));
    }
}
