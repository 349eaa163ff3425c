package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SunomusicTest {

    private static final List<String> MODES = List.of(
            """
            {"gpt_description_prompt": "一首关于夏日海滩的轻快流行歌曲", "model": "chirp-v4"}""",
            """
            {"prompt": "[Verse]\\n夏天的风轻轻吹过", "title": "海边的夏天", "tags": "pop, chinese, summer",
             "model": "chirp-v3-5"}""",
            """
            {"gpt_description_prompt": "一首轻快的电子舞曲", "make_instrumental": true, "model": "chirp-v4"}""",
            """
            {"continue_clip_id": "EXISTING_CLIP_ID", "continue_at": 60, "prompt": "[Outro]", "model": "chirp-v4"}""",
            """
            {"prompt": "测试歌曲", "callback_url": "https://your-server.com/callback"}""");

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
    void allModesOfTheDocumentAreTaken() {
        for (String mode : MODES) {
            var reply = vendor.post("/v1/music/generate", mode);

            assertThat(reply.status()).as(mode).isEqualTo(200);
            Shapes.assertSame(
                    reply.json(),
                    Json.parse("{\"code\": 0, \"message\": \"ok\", \"data\": {\"task_id\": \"x\"}}"),
                    "answer");
        }
        assertThat(sandbox.tasks()).extracting(MadeTask::request).isEqualTo(MODES);
    }

    @Test
    void twoTasksInOneCallSucceedWithTwoStreamingClipsEachThatAreCompleteLater() {
        String ids = submit(MODES.get(0)) + "," + submit(MODES.get(1));
        assertThat(status(ids).findValuesAsText("status")).containsExactly("pending", "pending");

        clock.forward(Duration.ofSeconds(80));

        JsonNode sample = Json.parse(STATUS);
        Shapes.assertSame(status(ids), sample, "status");
        assertThat(status(ids).at("/data/0/status").textValue()).isEqualTo("success");
        assertThat(status(ids).at("/data/0/data/clips")).hasSize(2);
        assertThat(status(ids).at("/data/1/data/clips/1/status").textValue()).isEqualTo("streaming");
        clock.forward(Duration.ofSeconds(20));
        Shapes.assertSame(status(ids), sample, "status");
        assertThat(status(ids).at("/data/1/data/clips/1/status").textValue()).isEqualTo("complete");
        assertThat(status(ids).at("/data/1/data/clips/0/title").textValue()).isEqualTo("海边的夏天");
        assertThat(status(ids).at("/data/1/data/clips/0/model_name").textValue())
                .isEqualTo("chirp-v3-5");
    }

    @Test
    void aSubmitIsAnsweredInEachOfTheShapesThatRelatedApisHave() {
        var paths = Map.of(
                "data-task-id", "/data/task_id",
                "data-string", "/data",
                "data-id", "/data/id",
                "data-camel-task-id", "/data/taskId",
                "data-list-id", "/data/0/id",
                "data-ids", "/data/ids/0",
                "top-task-id", "/task_id");
        paths.forEach((shape, path) -> {
            sandbox.fault(Fault.parse("sunomusic:submit:1:shape=" + shape));

            JsonNode answer = vendor.post("/v1/music/generate", MODES.get(0)).json();

            String id = answer.at(path).asText();
            assertThat(status(id).at("/data/0/id").textValue())
                    .as(shape)
                    .isNotEmpty()
                    .isEqualTo(id);
        });
    }

    @Test
    void severalIdsShareTheClipsAndTheBill() {
        sandbox.fault(Fault.parse("sunomusic:submit:1:shape=data-ids"));
        JsonNode ids = vendor.post("/v1/music/generate", MODES.get(0)).json().at("/data/ids");
        clock.forward(Duration.ofSeconds(100));

        JsonNode status = status(ids.get(0).textValue() + "," + ids.get(1).textValue());

        assertThat(status.findValuesAsText("clip_id")).hasSize(2).doesNotHaveDuplicates();
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void aFailureComesAsSuccessfulHttpWithCodeZero() {
        sandbox.fault(Fault.parse("sunomusic:submit:1:fail=moderation"));
        String id = submit(MODES.get(0));
        clock.forward(Duration.ofSeconds(100));

        JsonNode status = status(id);

        assertThat(status.path("code").intValue()).isZero();
        assertThat(status.at("/data/0/status").textValue()).isEqualTo("failed");
        assertThat(status.at("/data/0/message").textValue()).isEqualTo("moderation");
    }

    @Test
    void theCallbackIsCalledOnceWithTheDocumentsBodyWhenTheTaskHasSucceeded() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        HttpServer listener = listen(heard);
        try {
            String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/callback";
            submit("{\"prompt\": \"测试歌曲\", \"callback_url\": \"" + url + "\"}");
            assertThat(heard).isEmpty();

            clock.forward(Duration.ofSeconds(80));

            JsonNode body = Json.parse(heard.poll(10, TimeUnit.SECONDS));
            JsonNode sample = Json.parse("{\"clips\": %s, \"status\": \"completed\"}"
                    .formatted(Json.parse(STATUS).at("/data/0/data/clips")));
            Shapes.assertSame(body, sample, "callback");
            assertThat(body.path("status").textValue()).isEqualTo("completed");
        } finally {
            listener.stop(0);
        }
    }

    @Test
    void whatTheDocumentDoesNotHaveIsRefusedByItsName() {
        refuses("{\"prompt\": \"x\", \"style\": \"pop\"}", "style");
        refuses("{\"prompt\": \"x\", \"tags\": [\"pop\"]}", "tags");
        refuses("{\"prompt\": \"x\", \"make_instrumental\": 1}", "make_instrumental");
        refuses("{\"prompt\": \"x\", \"continue_clip_id\": \"c\", \"continue_at\": \"60\"}", "continue_at");
        refuses("{\"prompt\": \"x\", \"continue_clip_id\": \"c\"}", "continue_at");
        refuses("{\"prompt\": \"x\", \"gpt_description_prompt\": \"y\"}", "gpt_description_prompt");
        refuses("{\"prompt\": \"x\", \"model\": \"sensesong\"}", "sensesong");
        refuses("{\"model\": \"chirp-v4\"}", "prompt");
        assertThat(vendor.get("/v1/music/status").status()).isEqualTo(400);
        assertThat(sandbox.tasks()).isEmpty();
    }

    private void refuses(String body, String naming) {
        var reply = vendor.post("/v1/music/generate", body);
        assertThat(reply.status()).as(body).isEqualTo(400);
        assertThat(reply.json().path("code").intValue()).isEqualTo(400);
        assertThat(reply.json().path("message").textValue()).contains(naming);
    }

    private String submit(String body) {
        return vendor.post("/v1/music/generate", body)
                .json()
                .at("/data/task_id")
                .textValue();
    }

    private JsonNode status(String ids) {
        return vendor.get("/v1/music/status?ids=" + ids).json();
    }

    private static HttpServer listen(LinkedBlockingQueue<String> heard) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/callback", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static final String STATUS =
            """
            {"code": 0, "message": "ok", "data": [{"id": "TASK_ID_1", "status": "success", "data": {"clips": [
              {"id": "task_id_1", "clip_id": "clip_id_1", "status": "streaming", "audio_url": "https://...",
               "video_url": "https://...", "image_url": "https://...", "title": "歌曲标题", "duration": 120,
               "model_name": "chirp-v4",
               "metadata": {"tags": "xxx", "prompt": "xxx", "gpt_description_prompt": "xxx"},
               "created_at": "2025-01-10T16:40:23.000Z"}]}}]}""";
}
