package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sunomusic.camel.yaml} against the vendor's document, and against the answers that it leaves open. */
class SunomusicRoutesTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    static Stream<Arguments> modes() {
        return Stream.of(
                Arguments.of(
                        "description",
                        "{'prompt': '一首关于夏日海滩的轻快流行歌曲', 'model': 'chirp-v4'}",
                        "{'gpt_description_prompt': '一首关于夏日海滩的轻快流行歌曲', 'model': 'chirp-v4'}"),
                Arguments.of(
                        "a description has no tags and no title: the style goes into it",
                        "{'prompt': 'a beach', 'style': 'pop', 'vocalGender': 'male', 'title': 'Beach'}",
                        "{'gpt_description_prompt': 'a beach. Style: pop, male vocals', 'model': 'chirp-v4'}"),
                Arguments.of(
                        "custom",
                        "{'lyrics': '[Verse]\\n夏天的风轻轻吹过', 'title': '海边的夏天', 'style': 'pop, chinese, summer', 'model': 'chirp-v3-5'}",
                        "{'prompt': '[Verse]\\n夏天的风轻轻吹过', 'title': '海边的夏天', 'tags': 'pop, chinese, summer', 'model': 'chirp-v3-5'}"),
                Arguments.of(
                        "instrumental",
                        "{'prompt': '一首轻快的电子舞曲', 'instrumental': true}",
                        "{'gpt_description_prompt': '一首轻快的电子舞曲', 'make_instrumental': true, 'model': 'chirp-v4'}"),
                Arguments.of(
                        "instrumental of a style alone",
                        "{'style': 'techno', 'instrumental': true, 'title': 'T'}",
                        "{'tags': 'techno', 'title': 'T', 'make_instrumental': true, 'model': 'chirp-v4'}"),
                Arguments.of(
                        "continuation",
                        "{'extend': {'clipId': 'EXISTING_CLIP_ID', 'at': 60}, 'lyrics': '[Outro]\\n旋律', 'model': 'chirp-v4'}",
                        "{'continue_clip_id': 'EXISTING_CLIP_ID', 'continue_at': 60, 'prompt': '[Outro]\\n旋律', 'model': 'chirp-v4'}"),
                Arguments.of(
                        "continuation without words, half way through a second",
                        "{'extend': {'clipId': 'c', 'at': 30.5}, 'style': 'rock', 'instrumental': true}",
                        "{'continue_clip_id': 'c', 'continue_at': 30.5, 'tags': 'rock', 'make_instrumental': true, 'model': 'chirp-v4'}"),
                Arguments.of(
                        "a description of a continuation is a style: the description mode continues nothing",
                        "{'extend': {'clipId': 'c', 'at': 0}, 'prompt': 'it ends in a storm', 'style': 'rock'}",
                        "{'continue_clip_id': 'c', 'continue_at': 0, 'tags': 'rock, it ends in a storm', 'model': 'chirp-v4'}"),
                Arguments.of(
                        "what the vendor has no field for is not sent",
                        "{'lyrics': 'la', 'negativeStyle': 'drums', 'styleWeight': 1, 'labels': {'a': 1}, 'timeout': '3m', 'sinks': ['file'], 'instrumental': false}",
                        "{'prompt': 'la', 'make_instrumental': false, 'model': 'chirp-v4'}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void eachModeIsSentAsTheDocumentHasIt(String mode, String request, String sent) {
        VENDOR.answers("{\"code\": 0, \"message\": \"ok\", \"data\": {\"task_id\": \"t1\"}}");

        SubmitAnswer answer = ROUTES.submitSong("sunomusic", request.replace('\'', '"'));

        assertThat(answer).isEqualTo(new SubmitAnswer.Taken(List.of("t1")));
        assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /v1/music/generate");
        assertThat(VENDOR.heardOnce().headers())
                .containsEntry("authorization", "Bearer the-key-of-sunomusic")
                .containsEntry("content-type", "application/json");
        assertThat(VENDOR.heardOnce().json()).isEqualTo(Json.parse(sent.replace('\'', '"')));
    }

    @Test
    void theVendorIsToldWhereToCallBackWhereSomebodyListens() {
        VENDOR.answers("{\"code\": 0, \"message\": \"ok\", \"data\": {\"task_id\": \"t1\"}}");

        ROUTES.submitSong("sunomusic", "{\"prompt\": \"a beach\"}", "https://songs.example/callbacks/sunomusic/abc");

        assertThat(VENDOR.heardOnce().json())
                .isEqualTo(Json.object()
                        .put("gpt_description_prompt", "a beach")
                        .put("model", "chirp-v4")
                        .put("callback_url", "https://songs.example/callbacks/sunomusic/abc"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"code": 0, "message": "ok", "data": {"task_id": "t1"}}             | t1
                    {"code": 200, "message": "ok", "data": {"task_id": "t1"}}           | t1
                    {"code": "0", "message": "ok", "data": {"task_id": "t1"}}           | t1
                    {"code": 0, "message": "ok", "data": "t1"}                          | t1
                    {"code": 0, "message": "ok", "data": 4711}                          | 4711
                    {"code": "0", "message": "ok", "data": "t1"}                        | t1
                    {"code": "200", "message": "ok", "data": "t1"}                      | t1
                    {"code": "SUCCESS", "message": "ok", "data": "t1"}                  | t1
                    {"code": 0, "message": "ok", "data": {"id": "t1"}}                  | t1
                    {"code": 0, "message": "ok", "data": {"taskId": "t1"}}              | t1
                    {"code": 0, "message": "ok", "data": [{"id": "t1"}]}                | t1
                    {"code": 0, "message": "ok", "data": [{"id": "t1"}, {"id": "t2"}]}  | t1,t2
                    {"code": 0, "message": "ok", "data": ["t1", "t2"]}                  | t1,t2
                    {"code": 0, "message": "ok", "data": {"ids": ["t1"]}}               | t1
                    {"code": 0, "message": "ok", "data": {"ids": ["t1", "t2", "t1"]}}   | t1,t2
                    {"task_id": "t1"}                                                   | t1
                    {"code": 0, "task_id": "t1", "data": null}                          | t1
                    {"code": 0, "task_id": "t1", "data": [{"id": "clip-of-t1"}]}        | t1
                    {"code": 1, "message": "queued late", "data": {"task_id": "t1"}}    | t1
                    """)
    void everyShapeOfTheAnswerThatIsKnownHasItsTasks(String answer, String ids) {
        VENDOR.answers(answer);

        assertThat(ROUTES.submitSong("sunomusic", "{\"prompt\": \"a\"}"))
                .isEqualTo(new SubmitAnswer.Taken(List.of(ids.split(","))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"code": 429, "message": "slow down", "data": null}                 | RATE    | slow down
                    {"code": 1, "message": "too many requests"}                         | RATE    | too many requests
                    {"code": 1, "message": "请求过于频繁"}                                | RATE    | 请求过于频繁
                    {"code": 401, "message": "Unauthorized", "data": null}              | AUTH    | Unauthorized
                    {"code": 402, "message": "pay first", "data": null}                 | CREDITS | pay first
                    {"code": 5, "message": "insufficient credits", "data": null}        | CREDITS | insufficient credits
                    {"code": 5, "message": "余额不足", "data": {}}                       | CREDITS | 余额不足
                    {"code": 3, "message": "Prompt failed moderation", "data": null}    | CONTENT | moderation
                    {"code": 400, "message": "prompt is too long", "data": null}        | INVALID | prompt is too long
                    {"code": 500, "message": "internal error", "data": null}            | UNKNOWN | internal error
                    {"code": -1, "message": "error", "data": null}                      | UNKNOWN | error
                    """)
    void aCodeInAnAnswerWithoutATaskIsAnError(String answer, ErrorClass errorClass, String words) {
        VENDOR.answers(answer).answers(answer);

        SubmitAnswer.NotTaken submit = notTaken();
        assertThat(submit.error().errorClass()).isEqualTo(errorClass);
        assertThat(submit.error().message()).contains(words);
        assertThat(submit.rawAnswer()).contains(answer);
        assertThatThrownBy(() -> ROUTES.poll("sunomusic", "song", "t1"))
                .isInstanceOfSatisfying(VendorCallException.class, e -> {
                    assertThat(e.error().errorClass()).isEqualTo(errorClass);
                    assertThat(e).hasMessageContaining(words);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"code": 0, "message": "ok", "data": null}
                    {"code": 0, "message": "ok"}
                    {"code": 0, "message": "ok", "data": {}}
                    {"code": 0, "message": "ok", "data": []}
                    {"code": 0, "message": "ok", "data": ""}
                    {"code": 0, "message": "ok", "data": {"ids": []}}
                    {"code": 0, "message": "ok", "data": [{"name": "x"}]}
                    {}
                    """)
    void anAnswerWithoutAnyIdIsKeptAndIsInDoubt(String answer) {
        VENDOR.answers(answer);

        SubmitAnswer.NotTaken submit = notTaken();

        assertThat(submit.error().errorClass()).isEqualTo(ErrorClass.UNKNOWN);
        assertThat(submit.rawAnswer()).contains(answer);
    }

    @Test
    void aStatusCallTakesSeveralIdsAndReadsTheDocumentsSample() {
        VENDOR.answers(SAMPLE);

        Map<String, TaskAnswer> tasks = ROUTES.poll("sunomusic", "song", "TASK_ID_1", "TASK_ID_2");

        assertThat(VENDOR.heardOnce().line()).isEqualTo("GET /v1/music/status?ids=TASK_ID_1,TASK_ID_2");
        assertThat(VENDOR.heardOnce().body()).isEmpty();
        assertThat(VENDOR.heardOnce().headers()).containsEntry("authorization", "Bearer the-key-of-sunomusic");
        assertThat(tasks.keySet()).containsExactly("TASK_ID_1");
        TaskAnswer task = tasks.get("TASK_ID_1");
        assertThat(task.status()).isEqualTo("succeeded");
        assertThat(task.isSettling()).isTrue();
        assertThat(task.error()).isEmpty();
        assertThat(task.clips()).hasSize(2);
        assertThat(task.clips().get(0))
                .isEqualTo(
                        Json.parse(
                                """
                                {"id": "clip_id_1", "audioUrl": "https://audio/1", "imageUrl": "https://image/1",
                                 "videoUrl": "https://video/1", "title": "歌曲标题", "lyrics": "words", "style": "tags",
                                 "duration": 120, "model": "chirp-v4", "createdAt": "2025-01-10T16:40:23.000Z",
                                 "status": "streaming"}"""));
        assertThat(task.clips().get(1).path("id").textValue()).isEqualTo("clip_id_2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "200", "\"0\"", "\"200\"", "\"ok\"", "\"Success\"", "null"})
    void aStatusAnswerWithAnyCodeThatMeansWellIsRead(String code) {
        VENDOR.answers("{\"code\": %s, \"data\": [{\"id\": \"t1\", \"status\": \"running\"}]}".formatted(code));

        assertThat(ROUTES.pollOne("sunomusic", "song", "t1").status()).isEqualTo("running");
    }

    @ParameterizedTest
    @CsvSource({
        "pending,running", "queued,running", "submitted,running", "processing,running", "PROCESSING,running",
        "running,running", "streaming,streaming", "success,succeeded", "SUCCESS,succeeded", "completed,succeeded",
        "complete,succeeded", "failed,failed", "error,failed", "Resting,Resting"
    })
    void eachStatusHasItsMeaningAndAnUnknownOneStaysItself(String word, String status) {
        VENDOR.answers(
                "{\"code\": 0, \"message\": \"ok\", \"data\": [{\"id\": \"t1\", \"status\": \"%s\"}]}".formatted(word));

        assertThat(ROUTES.pollOne("sunomusic", "song", "t1").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"id": "t1", "status": "failed", "message": "lyrics hit a sensitive word", "data": {"clips": []}} | CONTENT | sensitive
                    {"id": "t1", "status": "failed", "fail_reason": "out of time"}                                   | UNKNOWN | out of time
                    {"id": "t1", "status": "failed", "error": {"code": 9}}                                           | UNKNOWN | {"code":9}
                    {"id": "t1", "status": "failed", "data": null}                                                   | UNKNOWN | no reason given
                    """)
    void aFailedTaskComesWithItsReason(String task, ErrorClass errorClass, String words) {
        VENDOR.answers("{\"code\": 0, \"message\": \"ok\", \"data\": [" + task + "]}");

        TaskAnswer answer = ROUTES.pollOne("sunomusic", "song", "t1");

        assertThat(answer.status()).isEqualTo("failed");
        assertThat(answer.error().orElseThrow().errorClass()).isEqualTo(errorClass);
        assertThat(answer.error().orElseThrow().message()).contains(words);
    }

    @Test
    void whatGoesWellHasNoErrorThoughItHasAMessage() {
        VENDOR.answers("{\"code\": \"0\", \"data\": [{\"id\": \"t1\", \"status\": \"success\", \"message\": \"ok\"}]}");

        assertThat(ROUTES.pollOne("sunomusic", "song", "t1").error()).isEmpty();
    }

    @Test
    void oneStrangeTaskDoesNotHideTheOthers() {
        VENDOR.answers(
                """
                {"code": 0, "data": [{"id": "t1"}, {"id": "t2", "status": null, "data": "x"}, {"id": 3, "status": 7}, null, "t4",
                  {"id": "t5", "status": "success", "data": {"clips": [null, "x", {"clip_id": "c1", "metadata": null}]}}]}""");

        Map<String, TaskAnswer> tasks = ROUTES.poll("sunomusic", "song", "t1", "t2", "3", "t4", "t5");

        assertThat(tasks.keySet()).containsExactly("t1", "t2", "3", "t5");
        assertThat(tasks.get("t5").clips()).hasSize(1);
    }

    private static SubmitAnswer.NotTaken notTaken() {
        return (SubmitAnswer.NotTaken) ROUTES.submitSong("sunomusic", "{\"prompt\": \"a\"}");
    }

    private static final String SAMPLE =
            """
            {"code": 0, "message": "ok", "data": [{"id": "TASK_ID_1", "status": "success", "data": {"clips": [
              {"id": "task_id_1", "clip_id": "clip_id_1", "status": "streaming", "audio_url": "https://audio/1",
               "video_url": "https://video/1", "image_url": "https://image/1", "title": "歌曲标题", "duration": 120,
               "model_name": "chirp-v4", "metadata": {"tags": "tags", "prompt": "words", "gpt_description_prompt": "xxx"},
               "created_at": "2025-01-10T16:40:23.000Z"},
              {"id": "task_id_2", "clip_id": "clip_id_2", "status": "streaming", "audio_url": "https://audio/2",
               "video_url": "https://video/2", "image_url": "https://image/2", "title": "歌曲标题", "duration": 120,
               "model_name": "chirp-v4", "metadata": {"tags": "tags", "prompt": "words", "gpt_description_prompt": "xxx"},
               "created_at": "2025-01-10T16:40:23.000Z"}]}}]}""";
}
