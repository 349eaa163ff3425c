package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code foxai.camel.yaml} against the vendor's document. */
class FoxaiRoutesTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    private static final String TAKEN =
            """
            {"success": true, "task_id": "4f3acce5-eb32-46b4-9c96-9cc1e2b2c922"}""";

    static Stream<Arguments> modes() {
        return Stream.of(
                Arguments.of(
                        "description",
                        "{'prompt': 'a song about spring'}",
                        "{'topic': 'a song about spring', 'is_instrumental': false}"),
                Arguments.of(
                        "instrumental description",
                        "{'prompt': 'a song about spring', 'instrumental': true}",
                        "{'topic': 'a song about spring', 'is_instrumental': true}"),
                Arguments.of(
                        "a description has no tags: the style goes into it",
                        "{'prompt': 'first snow', 'style': ['jazz trio', 'brushes'], 'instrumental': true}",
                        "{'topic': 'first snow. Style: jazz trio, brushes', 'is_instrumental': true}"),
                Arguments.of(
                        "custom",
                        "{'lyrics': '[Verse 1]\\nIn waves', 'style': 'female vocal, pop, dream pop'}",
                        "{'tags': 'female vocal, pop, dream pop', 'lyrics': '[Verse 1]\\nIn waves'}"),
                Arguments.of(
                        "custom without a style",
                        "{'lyrics': '[Verse 1]\\nIn waves'}",
                        "{'lyrics': '[Verse 1]\\nIn waves'}"),
                Arguments.of(
                        "custom without words is instrumental",
                        "{'style': 'music box', 'instrumental': true, 'title': 'The Cat'}",
                        "{'tags': 'music box'}"),
                Arguments.of(
                        "words that are not to be sung are not sent",
                        "{'lyrics': 'la', 'style': 'music box', 'instrumental': true}",
                        "{'tags': 'music box'}"),
                Arguments.of(
                        "the voice is a tag",
                        "{'lyrics': 'la', 'style': 'pop', 'vocalGender': 'female'}",
                        "{'tags': 'pop, female vocals', 'lyrics': 'la'}"),
                Arguments.of(
                        "lyrics stand over a description, and what the vendor has no field for is not sent",
                        "{'prompt': 'spring', 'lyrics': 'la', 'style': 'pop', 'title': 'T', 'negativeStyle': 'drums', 'styleWeight': 0.5, 'model': 'v4.5-all', 'labels': {'a': 1}, 'timeout': '3m', 'instrumental': false}",
                        "{'tags': 'pop', 'lyrics': 'la'}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void eachModeIsSentAsTheDocumentHasIt(String mode, String request, String sent) {
        VENDOR.answers(TAKEN);

        SubmitAnswer answer = ROUTES.submitSong("foxai", request.replace('\'', '"'));

        assertThat(answer).isEqualTo(new SubmitAnswer.Taken(List.of("4f3acce5-eb32-46b4-9c96-9cc1e2b2c922")));
        assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /api/v2/music/task");
        assertThat(VENDOR.heardOnce().headers())
                .containsEntry("api-key", "the-key-of-foxai")
                .containsEntry("content-type", "application/json");
        assertThat(VENDOR.heardOnce().json()).isEqualTo(Json.parse(sent.replace('\'', '"')));
    }

    @Test
    void anInstrumentalWithWordsAloneAndNoStyleIsNotSentAsNothing() {
        VENDOR.answers(TAKEN);

        ROUTES.submitSong("foxai", "{\"lyrics\": \"la\", \"instrumental\": true}");

        assertThat(VENDOR.heardOnce().json()).isEqualTo(Json.parse("{\"tags\": \"instrumental\"}"));
    }

    @Test
    void successFalseIsAnErrorWithItsWords() {
        VENDOR.answers("{\"success\": false, \"message\": \"Insufficient balance\"}")
                .answers("{\"success\": false, \"message\": \"The lyrics were flagged by moderation\"}")
                .answers("{\"success\": false, \"message\": \"Something\"}");

        assertThat(notTaken("{\"prompt\": \"a\"}").error().errorClass()).isEqualTo(ErrorClass.CREDITS);
        assertThat(notTaken("{\"prompt\": \"a\"}").error().errorClass()).isEqualTo(ErrorClass.CONTENT);
        SubmitAnswer.NotTaken other = notTaken("{\"prompt\": \"a\"}");
        assertThat(other.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(other.error().message()).contains("Something");
        assertThat(other.rawAnswer()).contains("{\"success\": false, \"message\": \"Something\"}");
    }

    @Test
    void aTaskIdStandsOverSuccessFalse() {
        VENDOR.answers("{\"success\": false, \"task_id\": \"t1\"}");

        assertThat(ROUTES.submitSong("foxai", "{\"prompt\": \"a\"}")).isEqualTo(new SubmitAnswer.Taken(List.of("t1")));
    }

    @Test
    void twentyFiveTasksAreAskedAboutInOneCall() {
        String[] ids = IntStream.range(0, 25)
                .mapToObj(i -> "0196bd6d-57a4-7000-96c6-%012d".formatted(i))
                .toArray(String[]::new);
        VENDOR.answers(Json.write(Json.MAPPER.valueToTree(Arrays.stream(ids)
                .map(id -> Map.of("task_id", id, "status", "processing"))
                .toList())));

        Map<String, TaskAnswer> tasks = ROUTES.poll("foxai", "song", ids);

        assertThat(VENDOR.heardOnce().line()).isEqualTo("GET /api/v2/music/task?ids=" + String.join(",", ids));
        assertThat(VENDOR.heardOnce().body()).isEmpty();
        assertThat(VENDOR.heardOnce().headers())
                .containsEntry("api-key", "the-key-of-foxai")
                .doesNotContainKeys("content-type", "content-length", "transfer-encoding");
        assertThat(tasks.keySet()).containsExactly(ids);
        assertThat(tasks.values()).extracting(TaskAnswer::status).containsOnly("running");
    }

    static Stream<Arguments> withoutClips() {
        return Stream.of(
                Arguments.of("{'status': 'processing', 'task_id': 't1'}", "running"),
                Arguments.of("{'status': 'processing', 'task_id': 't1', 'data': null}", "running"),
                Arguments.of(
                        "{'status': 'queued', 'task_id': 't1', 'gen_params': {'topic': 'x'}, 'data': {'clip_ids': ['b5', 'c3']}, 'created_at': '2026-03-16T08:36:04.000Z'}",
                        "running"),
                Arguments.of("{'status': 'Resting', 'task_id': 't1'}", "Resting"),
                Arguments.of("{'status': null, 'task_id': 't1'}", "none"),
                Arguments.of("{'status': 7, 'task_id': 't1'}", "7"),
                Arguments.of("{'task_id': 't1'}", "none"));
    }

    @ParameterizedTest
    @MethodSource("withoutClips")
    void aTaskOnItsWayHasAStatusAndNoClips(String task, String status) {
        VENDOR.answers("[" + task.replace('\'', '"') + "]");

        TaskAnswer answer = ROUTES.pollOne("foxai", "song", "t1");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.clips()).isEmpty();
        assertThat(answer.error()).isEmpty();
    }

    @Test
    void aStreamingTaskShowsItsClips() {
        VENDOR.answers(STREAMING);

        TaskAnswer answer = ROUTES.pollOne("foxai", "song", "4f3acce5-eb32-46b4-9c96-9cc1e2b2c922");

        assertThat(answer.status()).isEqualTo("streaming");
        assertThat(answer.isSettling()).isTrue();
        assertThat(answer.clips()).hasSize(1);
        assertThat(withoutNulls(answer.clips().get(0)))
                .isEqualTo(
                        Json.parse(
                                """
                                {"id": "a7737313-9815-438d-920d-ff29d07d064c", "title": "", "status": "streaming",
                                 "audioUrl": "https://audiopipe.sonic.ai/?item_id=a7737313-9815-438d-920d-ff29d07d064c",
                                 "imageUrl": "https://cdn2.sonic.ai/image_large_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                                 "videoUrl": "", "lyrics": "[Verse 1]\\nIn waves ", "style": "female vocal, pop, dream pop",
                                 "model": "v4.5-all", "createdAt": "2026-03-16T08:06:47.787Z"}"""));
    }

    @Test
    void aCompletedTaskHasItsClipsWithTheirLength() {
        VENDOR.answers(COMPLETED);

        TaskAnswer answer = ROUTES.pollOne("foxai", "song", "4f3acce5-eb32-46b4-9c96-9cc1e2b2c922");

        assertThat(answer.status()).isEqualTo("succeeded");
        assertThat(answer.isSettling()).isFalse();
        assertThat(answer.error()).isEmpty();
        assertThat(answer.clips()).hasSize(2);
        assertThat(withoutNulls(answer.clips().get(0)))
                .isEqualTo(
                        Json.parse(
                                """
                                {"id": "a7737313-9815-438d-920d-ff29d07d064c", "title": "", "status": "complete", "duration": 149,
                                 "audioUrl": "https://cdn1.sonic.ai/a7737313-9815-438d-920d-ff29d07d064c.mp3",
                                 "imageUrl": "https://cdn2.sonic.ai/image_large_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                                 "videoUrl": "", "lyrics": "[Verse 1]\\nIn waves of ...", "style": "female vocal, pop, dream pop",
                                 "model": "v4.5-all", "createdAt": "2026-03-16T08:06:47.787Z"}"""));
        assertThat(answer.clips().get(1).path("id").textValue()).isEqualTo("c37ee650-349f-4bc3-9418-bf0e7587ea65");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("'The task ran out of time.'", ErrorClass.UNKNOWN, "The task ran out of time."),
                Arguments.of("'Rejected by content policy'", ErrorClass.CONTENT, "Rejected by content policy"),
                Arguments.of("{'error_message': 'moderation_failure'}", ErrorClass.CONTENT, "moderation_failure"),
                Arguments.of("['bad tags']", ErrorClass.UNKNOWN, "bad tags"),
                Arguments.of("null", ErrorClass.UNKNOWN, "no reason given"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailedTaskGivesItsReasonWhateverItsType(String data, ErrorClass errorClass, String words) {
        VENDOR.answers(
                "[{\"status\": \"failed\", \"task_id\": \"t1\", \"data\": %s}]".formatted(data.replace('\'', '"')));

        TaskAnswer answer = ROUTES.pollOne("foxai", "song", "t1");

        assertThat(answer.status()).isEqualTo("failed");
        assertThat(answer.clips()).isEmpty();
        assertThat(answer.error().orElseThrow().errorClass()).isEqualTo(errorClass);
        assertThat(answer.error().orElseThrow().message()).contains(words);
    }

    @Test
    void tasksThatTheAnswerLeavesOutAreLeftOutAndTheOthersStand() {
        VENDOR.answers("[{\"status\": \"queued\", \"task_id\": \"t2\"}]");

        assertThat(ROUTES.poll("foxai", "song", "t1", "t2").keySet()).containsExactly("t2");
    }

    @Test
    void anAnswerAboutNoTaskIsAFailedCallWithTheVendorsWords() {
        VENDOR.answers("{\"success\": false, \"message\": \"too many requests\"}");

        assertThatThrownBy(() -> ROUTES.poll("foxai", "song", "t1"))
                .isInstanceOfSatisfying(VendorCallException.class, e -> {
                    assertThat(e.error().errorClass()).isEqualTo(ErrorClass.RATE);
                    assertThat(e).hasMessageContaining("too many requests");
                });
    }

    private static SubmitAnswer.NotTaken notTaken(String request) {
        return (SubmitAnswer.NotTaken) ROUTES.submitSong("foxai", request);
    }

    static JsonNode withoutNulls(JsonNode clip) {
        JsonNode copy = clip.deepCopy();
        copy.properties().removeIf(field -> field.getValue().isNull());
        return copy;
    }

    /** The document's sample, with the brace that it lacks. */
    private static final String STREAMING =
            """
            [{"status": "streaming", "task_id": "4f3acce5-eb32-46b4-9c96-9cc1e2b2c922",
              "gen_params": {"tags": "female vocal, pop, dream pop", "lyrics": "[Verse 1]\\nIn waves"},
              "data": [{
                "id": "a7737313-9815-438d-920d-ff29d07d064c", "title": "", "handle": "zafs8qv", "status": "streaming",
                "user_id": "2dba1255-ebac-4e9b-a1d5-2b92d7a1fcb1", "has_hook": false, "is_liked": false,
                "metadata": {"tags": "female vocal, pop, dream pop", "task": "", "type": "gen", "prompt": "[Verse 1]\\nIn waves ",
                  "stream": true, "has_stem": false, "is_remix": false, "priority": 0, "can_remix": true, "is_mumble": false,
                  "model_badges": {"songrow": {}}, "make_instrumental": false, "uses_latest_model": false},
                "audio_url": "https://audiopipe.sonic.ai/?item_id=a7737313-9815-438d-920d-ff29d07d064c",
                "image_url": "https://cdn2.sonic.ai/image_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                "is_hidden": false, "is_public": false, "video_url": "", "created_at": "2026-03-16T08:06:47.787Z",
                "flag_count": 0, "is_trashed": false, "model_name": "chirp-auk", "play_count": 0, "batch_index": 0,
                "entity_type": "song_schema", "display_name": "zafs8qv", "upvote_count": 0, "comment_count": 0,
                "allow_comments": true,
                "image_large_url": "https://cdn2.sonic.ai/image_large_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                "is_contest_clip": false, "avatar_image_url": "https://cdn1.sonic.ai/sAura5.jpg", "is_handle_updated": false,
                "major_model_version": "v4.5-all", "is_following_creator": false}],
              "created_at": "2026-03-16T08:06:45.000Z", "updated_at": "2026-03-16T08:07:02.000Z"}]""";

    private static final String COMPLETED =
            """
            [{"status": "completed", "task_id": "4f3acce5-eb32-46b4-9c96-9cc1e2b2c922",
              "gen_params": {"tags": "female vocal, pop, dream pop", "lyrics": "[Verse 1]\\nIn waves of ..."},
              "data": [{
                "status": "complete", "title": "", "play_count": 0, "upvote_count": 0, "allow_comments": true,
                "id": "a7737313-9815-438d-920d-ff29d07d064c", "entity_type": "song_schema", "video_url": "",
                "audio_url": "https://cdn1.sonic.ai/a7737313-9815-438d-920d-ff29d07d064c.mp3",
                "image_url": "https://cdn2.sonic.ai/image_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                "image_large_url": "https://cdn2.sonic.ai/image_large_a7737313-9815-438d-920d-ff29d07d064c.jpeg",
                "major_model_version": "v4.5-all", "model_name": "chirp-auk",
                "metadata": {"tags": "female vocal, pop, dream pop", "prompt": "[Verse 1]\\nIn waves of ...", "type": "gen",
                  "duration": 149, "refund_credits": false, "stream": true, "make_instrumental": false, "task": "",
                  "can_remix": true, "is_remix": false, "priority": 0, "has_stem": false, "uses_latest_model": false,
                  "model_badges": {"songrow": {}}, "is_mumble": false},
                "is_liked": false, "user_id": "2dba1255-ebac-4e9b-a1d5-2b92d7a1fcb1", "display_name": "zafs8qv",
                "handle": "zafs8qv", "is_handle_updated": false, "avatar_image_url": "https://cdn1.sonic.ai/sAura5.jpg",
                "is_trashed": false, "is_hidden": false, "created_at": "2026-03-16T08:06:47.787Z", "is_public": false,
                "is_following_creator": false, "explicit": false, "comment_count": 0, "flag_count": 0,
                "is_contest_clip": false, "has_hook": false, "batch_index": 0},
               {"id": "c37ee650-349f-4bc3-9418-bf0e7587ea65", "status": "complete",
                "audio_url": "https://cdn1.sonic.ai/c37ee650-349f-4bc3-9418-bf0e7587ea65.mp3"}],
              "created_at": "2026-03-16T08:06:45.000Z", "updated_at": "2026-03-16T08:09:02.000Z"}]""";
}
