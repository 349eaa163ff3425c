package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Status answers that no document has: of strangers, twice, in another order, with ids of another type. */
class StatusAnswersTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "foxai"})
    void tasksAreFoundByTheirIdsWhateverTheirOrder(String vendor) {
        VENDOR.answers(answer(vendor, done(vendor, "t2", "b"), done(vendor, "x", "c"), done(vendor, "t1", "a")));

        Map<String, TaskAnswer> tasks = ROUTES.poll(vendor, "song", "t1", "t2");

        assertThat(clipsOf(tasks, "t1")).containsExactly("a");
        assertThat(clipsOf(tasks, "t2")).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"song", "lyrics"})
    void aStrangerThatAnswersForTheOneTaskIsNotTakenForIt(String step) {
        VENDOR.answers("{\"task_id\": \"x\", \"status\": \"SUCCESS\", \"response\": {\"data\": [{\"text\": \"la\"}]}}");

        assertThat(ROUTES.poll("senseaudio", step, "t1")).doesNotContainKey("t1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "foxai"})
    void ofATaskThatIsThereTwiceTheOneThatGotFurtherCounts(String vendor) {
        JsonNode ended = done(vendor, "t1", "a");
        JsonNode running = Json.object().put("task_id", "t1").put("id", "t1").put("status", "processing");
        JsonNode failed = Json.object().put("task_id", "t1").put("id", "t1").put("status", "failed");
        for (List<JsonNode> order : List.of(
                List.of(ended, running), List.of(running, ended), List.of(failed, ended), List.of(ended, failed))) {
            VENDOR.answers(answer(vendor, order.toArray(JsonNode[]::new)));

            assertThat(ROUTES.pollOne(vendor, "song", "t1").status()).isEqualTo("succeeded");
        }
        VENDOR.answers(answer(vendor, failed, running));
        assertThat(ROUTES.pollOne(vendor, "song", "t1").status()).isEqualTo("failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "foxai"})
    void aClipThatIsThereTwiceIsOne(String vendor) {
        VENDOR.answers(answer(vendor, done(vendor, "t1", "a", "a", "b")));

        assertThat(clipsOf(ROUTES.poll(vendor, "song", "t1"), "t1")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"words\"", "[1]", "7", "null", "true"})
    void anOddPartOfAClipCostsThatPartAlone(String metadata) {
        for (String vendor : List.of("sunomusic", "foxai")) {
            JsonNode odd = done(vendor, "t1", "a");
            odd.findParents("id").forEach(clip -> ((ObjectNode) clip).set("metadata", Json.parse(metadata)));
            VENDOR.answers(answer(vendor, odd, done(vendor, "t2", "b")));

            Map<String, TaskAnswer> tasks = ROUTES.poll(vendor, "song", "t1", "t2");

            assertThat(clipsOf(tasks, "t1")).containsExactly("a");
            assertThat(clipsOf(tasks, "t2")).containsExactly("b");
        }
    }

    @Test
    void aClipWithoutAnIdIsKnownByItsUrl() {
        VENDOR.answers(
                """
                {"task_id": "t1", "status": "SUCCESS", "response": {"data": [
                  {"audio_url": "https://a", "duration": 1}, {"audio_url": "https://a", "duration": 1},
                  {"audio_url": "https://b"}, {"audio_url": null}, {"audio_url": null}]}}""");

        assertThat(ROUTES.pollOne("senseaudio", "song", "t1").clips())
                .extracting(clip -> clip.path("audioUrl").asText())
                .containsExactly("https://a", "https://b", "null", "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"senseaudio", "sunomusic", "foxai"})
    void idsMayBeNumbers(String vendor) {
        VENDOR.answers("{\"task_id\": 9007199254740993}");
        String sent = vendor.equals("senseaudio")
                ? "{\"task_id\": 9007199254740993, \"status\": \"PENDING\"}"
                : answer(
                        vendor,
                        Json.object()
                                .put("task_id", 9007199254740993L)
                                .put("id", 9007199254740993L)
                                .put("status", "processing"));
        VENDOR.answers(sent);

        assertThat(ROUTES.submitSong(vendor, "{\"lyrics\": \"la\"}"))
                .isEqualTo(new SubmitAnswer.Taken(List.of("9007199254740993")));
        assertThat(ROUTES.pollOne(vendor, "song", "9007199254740993").status()).isEqualTo("running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "foxai"})
    void anUnknownWordStaysItselfAndIsNotKeptAtAnyLength(String vendor) {
        String word = "thinking".repeat(1_000);
        VENDOR.answers(answer(
                vendor, Json.object().put("task_id", "t1").put("id", "t1").put("status", word)));

        TaskAnswer task = ROUTES.pollOne(vendor, "song", "t1");

        assertThat(task.isKnown()).isFalse();
        assertThat(task.status()).startsWith("thinking").hasSizeLessThan(50);
    }

    private static List<String> clipsOf(Map<String, TaskAnswer> tasks, String id) {
        return tasks.get(id).clips().findValuesAsText("id");
    }

    private static String answer(String vendor, JsonNode... tasks) {
        ArrayNode list = Json.MAPPER.createArrayNode().addAll(List.of(tasks));
        return Json.write(
                vendor.equals("foxai") ? list : Json.object().put("code", 0).set("data", list));
    }

    /** An ended task with these clips. */
    private static JsonNode done(String vendor, String id, String... clips) {
        ArrayNode made = Json.MAPPER.createArrayNode();
        Stream.of(clips).forEach(clip -> made.addObject().put("id", clip).put("status", "complete"));
        ObjectNode task = Json.object().put("task_id", id).put("id", id);
        return vendor.equals("foxai")
                ? task.put("status", "completed").set("data", made)
                : task.put("status", "success").set("data", Json.object().set("clips", made));
    }
}
