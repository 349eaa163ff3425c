package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FoxaiTest {

    private static final String TASK = "/api/v2/music/task";
    private static final String DESCRIBED =
            """
            {"topic": "a song about spring", "is_instrumental": true}""";
    private static final String CUSTOM =
            """
            {"tags": "female vocal, pop, dream pop", "lyrics": "[Verse 1]\\nIn waves of starlit magic"}""";

    private final SettableClock clock = new SettableClock();
    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
            .withClock(clock)
            .withLatency(Duration.ofSeconds(100))
            .withLatencySpread(0));
    private final Caller foxai = Caller.foxai(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void bothModesOfTheDocumentAreAnsweredWithATaskId() {
        for (String mode : new String[] {DESCRIBED, CUSTOM}) {
            var reply = foxai.post(TASK, mode);

            assertThat(reply.status()).isEqualTo(200);
            Shapes.assertSame(reply.json(), Json.parse("{\"success\": true, \"task_id\": \"4f3acce5\"}"), "answer");
        }
        assertThat(sandbox.tasks()).extracting(MadeTask::request).containsExactly(DESCRIBED, CUSTOM);
    }

    @Test
    void aTaskIsProcessingThenQueuedThenStreamingThenCompleted() {
        String id = submit(CUSTOM);

        assertThat(task(id).path("status").textValue()).isEqualTo("processing");
        assertThat(task(id).get("data").isNull()).isTrue();
        clock.forward(Duration.ofSeconds(20));
        Shapes.assertSame(
                task(id),
                Json.parse(
                        """
                {"status": "queued", "task_id": "5d23", "gen_params": {"tags": "pop", "lyrics": "la"},
                 "data": {"clip_ids": ["b5ce", "c37e"]},
                 "created_at": "2026-03-16T08:36:04.000Z", "updated_at": "2026-03-16T08:36:05.000Z"}"""),
                "queued");
        clock.forward(Duration.ofSeconds(30));
        assertThat(task(id).path("status").textValue()).isEqualTo("streaming");
        assertThat(sandbox.tasks().get(0).endedAt()).isNull();
        clock.forward(Duration.ofSeconds(50));
        assertThat(task(id).path("status").textValue()).isEqualTo("completed");
        assertThat(sandbox.tasks().get(0).endedAt()).isEqualTo(clock.instant());
    }

    @Test
    void theClipIdsOfTheQueueAreThoseOfTheCompletedTask() {
        String id = submit(DESCRIBED);
        clock.forward(Duration.ofSeconds(20));
        JsonNode queued = task(id).at("/data/clip_ids");

        clock.forward(Duration.ofSeconds(80));

        assertThat(task(id).at("/data/0/id")).isEqualTo(queued.get(0));
        assertThat(task(id).at("/data/1/id")).isEqualTo(queued.get(1));
    }

    @Test
    void streamingClipsHaveTheDocumentsFieldsAndAGrowingFile() {
        String id = submit(CUSTOM);
        clock.forward(Duration.ofSeconds(60));

        JsonNode clip = task(id).at("/data/0");

        Shapes.assertSame(clip, Json.parse(STREAMING_CLIP), "clip");
        var early = new Caller(sandbox).get(clip.get("audio_url").textValue());
        clock.forward(Duration.ofSeconds(20));
        var later = new Caller(sandbox).get(clip.get("audio_url").textValue());
        assertThat(early.header("Content-Length")).isEmpty();
        assertThat(later.body()).hasSizeGreaterThan(early.body().length).startsWith(early.body());
    }

    @Test
    void completedClipsHaveTheDocumentsFields() {
        String id = submit(CUSTOM);
        clock.forward(Duration.ofSeconds(100));

        JsonNode clips = task(id).get("data");

        assertThat(clips).hasSize(2);
        clips.forEach(clip -> Shapes.assertSame(clip, Json.parse(COMPLETED_CLIP), "clip"));
        assertThat(clips.at("/0/status").textValue()).isEqualTo("complete");
        assertThat(clips.at("/0/metadata/tags").textValue()).isEqualTo("female vocal, pop, dream pop");
        assertThat(clips.at("/1/batch_index").intValue()).isEqualTo(1);
    }

    @Test
    void aFailedTaskGivesItsReasonAsData() {
        sandbox.fault(Fault.parse("foxai:submit:1:fail=The lyrics were refused."));
        String id = submit(CUSTOM);
        clock.forward(Duration.ofSeconds(99));
        assertThat(task(id).path("status").textValue()).isEqualTo("queued");

        clock.forward(Duration.ofSeconds(1));

        assertThat(task(id).path("status").textValue()).isEqualTo("failed");
        assertThat(task(id).path("data").textValue()).isEqualTo("The lyrics were refused.");
    }

    @Test
    void upTo25TasksAreAnsweredInOneCallAndUnknownOnesAreLeftOut() {
        String ids = IntStream.range(0, 24).mapToObj(i -> submit(DESCRIBED)).collect(Collectors.joining(","));

        assertThat(foxai.get(TASK + "?ids=" + ids + ",unknown").json()).hasSize(24);
        assertThat(foxai.get(TASK + "?ids=" + ids + ",unknown,unknown2").status())
                .isEqualTo(400);
        assertThat(foxai.get(TASK + "?ids=").status()).isEqualTo(400);
        assertThat(foxai.get(TASK).status()).isEqualTo(400);
    }

    @Test
    void whatTheDocumentDoesNotHaveIsRefusedByItsName() {
        refuses("{\"topic\": \"spring\", \"title\": \"x\"}", "title");
        refuses("{\"topic\": \"spring\", \"lyrics\": \"la\"}", "lyrics");
        refuses("{\"tags\": \"pop\", \"lyrics\": \"la\", \"is_instrumental\": true}", "tags");
        refuses("{\"tags\": [\"pop\"], \"lyrics\": \"la\"}", "tags");
        refuses("{\"topic\": \"spring\", \"is_instrumental\": \"true\"}", "is_instrumental");
        refuses("{\"lyrics\": \"la\"}", "tags");
        refuses("{}", "tags");
        refuses("{\"topic\": \"spring\"", "JSON");
        assertThat(sandbox.tasks()).isEmpty();
    }

    private void refuses(String body, String naming) {
        var reply = foxai.post(TASK, body);
        assertThat(reply.status()).as(body).isEqualTo(400);
        assertThat(reply.json().path("success").booleanValue()).isFalse();
        assertThat(reply.json().path("message").textValue()).contains(naming);
    }

    private String submit(String body) {
        return foxai.post(TASK, body).json().path("task_id").textValue();
    }

    private JsonNode task(String id) {
        return foxai.get(TASK + "?ids=" + id).json().get(0);
    }

    private static final String STREAMING_CLIP =
            """
            {"id": "a773", "title": "", "handle": "zafs8qv", "status": "streaming", "user_id": "2dba",
             "has_hook": false,
             "is_liked": false,
             "metadata": {"tags": "female vocal, pop, dream pop", "task": "", "type": "gen", "prompt": "[Verse 1]",
               "stream": true, "has_stem": false, "is_remix": false, "priority": 0, "can_remix": true,
               "is_mumble": false,
               "model_badges": {"songrow": {"display_name": ""}}, "make_instrumental": false,
               "uses_latest_model": false},
             "audio_url": "https://", "image_url": "https://", "is_hidden": false, "is_public": false, "video_url": "",
             "created_at": "2026-03-16T08:06:47.787Z", "flag_count": 0, "is_trashed": false, "model_name": "chirp-auk",
             "play_count": 0, "batch_index": 0, "entity_type": "song_schema", "display_name": "zafs8qv",
             "upvote_count": 0, "comment_count": 0, "allow_comments": true, "image_large_url": "https://",
             "is_contest_clip": false, "avatar_image_url": "https://", "is_handle_updated": false,
             "major_model_version": "v4.5-all", "is_following_creator": false}""";

    private static final String COMPLETED_CLIP =
            """
            {"status": "complete", "title": "", "play_count": 0, "upvote_count": 0, "allow_comments": true,
             "id": "a773",
             "entity_type": "song_schema", "video_url": "", "audio_url": "https://", "image_url": "https://",
             "image_large_url": "https://", "major_model_version": "v4.5-all", "model_name": "chirp-auk",
             "metadata": {"tags": "female vocal, pop, dream pop", "prompt": "[Verse 1]", "type": "gen", "duration": 149,
               "refund_credits": false, "stream": true, "make_instrumental": false, "task": "", "can_remix": true,
               "is_remix": false, "priority": 0, "has_stem": false, "uses_latest_model": false,
               "model_badges": {"songrow": {"display_name": ""}}, "is_mumble": false},
             "is_liked": false, "user_id": "2dba", "display_name": "zafs8qv", "handle": "zafs8qv",
             "is_handle_updated": false, "avatar_image_url": "https://", "is_trashed": false, "is_hidden": false,
             "created_at": "2026-03-16T08:06:47.787Z", "is_public": false, "is_following_creator": false,
             "explicit": false, "comment_count": 0, "flag_count": 0, "is_contest_clip": false, "has_hook": false,
             "batch_index": 0}""";
}
