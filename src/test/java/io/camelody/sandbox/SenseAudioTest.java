package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SenseAudioTest {

    private static final String LYRICS = """
            {"prompt": "一段慷慨激昂的歌词", "provider": "sensesong"}""";
    private static final String SONG =
            """
            {"model": "sensesong", "lyrics": "[verse] Your lyrics here...", "style": "pop", "vocal_gender": "f",
             "title": "My Song"}""";
    private static final String CURRENT_MODEL = "\"model\": \"senseaudio-music-1.0-260319\"";

    private final SettableClock clock = new SettableClock();
    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withClock(clock)
            .withLatency(Duration.ofSeconds(100))
            .withLatencySpread(0));
    private final Caller vendor = Caller.bearer(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void lyricsAreAnsweredAtOnce() {
        sandbox.fault(Fault.parse("senseaudio:lyrics-submit:1:at-once"));

        var reply = vendor.post("/v1/song/lyrics/create", LYRICS);

        Shapes.assertSame(reply.json(), Json.parse("{\"data\": [{\"text\": \"...\", \"title\": \"\"}]}"), "answer");
        assertThat(reply.json().at("/data/0/text").textValue())
                .startsWith("[intro-medium] ; [verse] ")
                .endsWith(" ; [outro-medium]");
        assertThat(sandbox.tasks()).singleElement().satisfies(task -> {
            assertThat(task.step()).isEqualTo("lyrics");
            assertThat(task.endedAt()).isEqualTo(task.createdAt());
        });
    }

    @Test
    void lyricsAreAnsweredWithATaskThatIsPendingAndThenSucceeds() {
        for (String base : new String[] {"/v1/song/lyrics", "/v1/music/lyrics"}) {
            sandbox.fault(Fault.parse("senseaudio:lyrics-submit:1:task"));
            String id =
                    vendor.post(base + "/create", LYRICS).json().path("task_id").textValue();

            var pending = vendor.get(base + "/pending/" + id).json();
            clock.forward(Duration.ofSeconds(34));
            var ended = vendor.get(base + "/pending/" + id).json();

            assertThat(pending).isEqualTo(Json.object().put("task_id", id).put("status", "PENDING"));
            Shapes.assertSame(
                    ended,
                    Json.parse(
                            """
                    {"task_id": "bcee6b21", "status": "SUCCESS",
                     "response": {"task_id": "bcee6b21", "data": [{"text": "...", "title": ""}]}}"""),
                    "answer");
            assertThat(ended.path("status").textValue()).isEqualTo("SUCCESS");
        }
    }

    @Test
    void aPromptIsAlwaysAnsweredInTheSameWayAndBothWaysHappen() {
        var ways = new HashSet<Boolean>();
        for (int i = 0; i < 20; i++) {
            String body = "{\"prompt\": \"song %d\", \"provider\": \"sensesong\"}".formatted(i);
            boolean atOnce = vendor.post("/v1/song/lyrics/create", body).json().has("data");

            assertThat(vendor.post("/v1/song/lyrics/create", body).json().has("data"))
                    .isEqualTo(atOnce);
            ways.add(atOnce);
        }
        assertThat(ways).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aSongIsPendingAndThenHasOneClip() {
        var made = vendor.post("/v1/song/music/create", SONG);
        String id = made.json().path("task_id").textValue();
        assertThat(made.json()).isEqualTo(Json.object().put("task_id", id));
        assertThat(vendor.get("/v1/song/music/pending/" + id)
                        .json()
                        .path("status")
                        .textValue())
                .isEqualTo("PENDING");

        clock.forward(Duration.ofSeconds(100));

        var ended = vendor.get("/v1/song/music/pending/" + id).json();
        Shapes.assertSame(
                ended,
                Json.parse(
                        """
                {"task_id": "50f979f5", "status": "SUCCESS", "response": {"task_id": "50f979f5",
                 "data": [{"audio_url": "https://...", "lyrics": "...", "duration": 110}]}}"""),
                "answer");
        assertThat(ended.at("/response/data")).hasSize(1);
        assertThat(ended.at("/response/data/0/lyrics").textValue()).isEqualTo("[verse] Your lyrics here...");
    }

    @Test
    void theCurrentApiAddsIdCoverAndTitle() {
        String id = vendor.post(
                        "/v1/music/song/create",
                        "{" + CURRENT_MODEL
                                + """
                        , "lyrics": "[verse] la", "custom_mode": false, "style_weight": 0.5, "title": "My Song"}""")
                .json()
                .path("task_id")
                .textValue();
        clock.forward(Duration.ofSeconds(100));

        var clip = vendor.get("/v1/music/song/pending/" + id).json().at("/response/data/0");

        Shapes.assertSame(
                clip,
                Json.parse(
                        """
                {"audio_url": "https://", "lyrics": "", "duration": 110, "id": "x", "cover_url": "https://",
                 "title": ""}
                """),
                "clip");
        assertThat(clip.path("title").textValue()).isEqualTo("My Song");
    }

    @Test
    void aFailedSongSaysSo() {
        sandbox.fault(Fault.parse("senseaudio:poll:1:fail=moderation"));
        String id = vendor.post("/v1/song/music/create", SONG)
                .json()
                .path("task_id")
                .textValue();

        var reply = vendor.get("/v1/song/music/pending/" + id).json();

        assertThat(reply)
                .isEqualTo(
                        Json.object().put("task_id", id).put("status", "FAILED").put("message", "moderation"));
        assertThat(vendor.get("/v1/song/music/pending/" + id).json()).isEqualTo(reply);
    }

    @Test
    void aTaskThatIsNotThereOrOfTheOtherStepIsNotFound() {
        String id = vendor.post("/v1/song/music/create", SONG)
                .json()
                .path("task_id")
                .textValue();

        assertThat(vendor.get("/v1/song/music/pending/unknown").status()).isEqualTo(404);
        assertThat(vendor.get("/v1/song/lyrics/pending/" + id).status()).isEqualTo(404);
        assertThat(vendor.get("/v1/song/music/pending/").status()).isEqualTo(404);
    }

    @Test
    void theDocumentedApiTakesTheStyleWeightAsTextAndTheCurrentOneAsANumber() {
        String documented = "{\"model\": \"sensesong\", \"style_weight\": %s}";
        String current = "{" + CURRENT_MODEL + ", \"lyrics\": \"la\", \"style_weight\": %s}";

        assertThat(vendor.post("/v1/song/music/create", documented.formatted("\"0.5\""))
                        .status())
                .isEqualTo(200);
        assertThat(vendor.post("/v1/music/song/create", current.formatted("0.5"))
                        .status())
                .isEqualTo(200);
        refuses("/v1/song/music/create", documented.formatted("0.5"), "style_weight");
        refuses("/v1/song/music/create", documented.formatted("\"1.5\""), "style_weight");
        refuses("/v1/song/music/create", documented.formatted("\"much\""), "style_weight");
        refuses("/v1/music/song/create", current.formatted("\"0.5\""), "style_weight");
    }

    @Test
    void whatTheDocumentDoesNotHaveIsRefusedByItsName() {
        refuses("/v1/song/lyrics/create", "{\"prompt\": \"x\"}", "provider");
        refuses("/v1/song/lyrics/create", "{\"prompt\": \"x\", \"provider\": \"other\"}", "provider");
        refuses("/v1/song/lyrics/create", "{\"provider\": \"sensesong\"}", "prompt");
        refuses(
                "/v1/song/lyrics/create",
                "{\"prompt\": \"x\", \"provider\": \"sensesong\", \"model\": \"m\"}",
                "model");
        refuses("/v1/song/music/create", "{\"lyrics\": \"x\"}", "model");
        refuses("/v1/song/music/create", "{\"model\": \"chirp-v4\"}", "model");
        refuses("/v1/song/music/create", "{\"model\": \"sensesong\", \"vocal_gender\": \"female\"}", "vocal_gender");
        refuses("/v1/song/music/create", "{\"model\": \"sensesong\", \"instrumental\": \"yes\"}", "instrumental");
        refuses("/v1/song/music/create", "{\"model\": \"sensesong\", \"title\": null}", "title");
        refuses("/v1/song/music/create", "{\"model\": \"sensesong\", \"custom_mode\": true}", "custom_mode");
        refuses("/v1/music/song/create", "{" + CURRENT_MODEL + "}", "lyrics");
        refuses("/v1/music/song/create", "{" + CURRENT_MODEL + ", \"lyrics\": \"" + "歌".repeat(2001) + "\"}", "2001");
        assertThat(vendor.post(
                                "/v1/music/song/create",
                                "{" + CURRENT_MODEL + ", \"lyrics\": \"" + "𝄞".repeat(2000) + "\"}")
                        .status())
                .isEqualTo(200);
    }

    private void refuses(String path, String body, String naming) {
        var reply = vendor.post(path, body);
        assertThat(reply.status()).as(body).isEqualTo(400);
        assertThat(reply.json().at("/error/message").textValue()).contains(naming);
    }
}
