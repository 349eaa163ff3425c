package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.FakeVendor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves the house with a vendor's call: the data as it is, the vendor's own key, and nothing else of ours. */
class VendorCallsTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @RegisterExtension
    static final VendorRoutes ROUTES = new VendorRoutes(VENDOR.url(), Map.of());

    /** What HttpClient says for itself, and the kind of the body. */
    private static final Set<String> TRANSPORT = Set.of(
            "host",
            "connection",
            "user-agent",
            "accept-encoding",
            "content-type",
            "content-length",
            "transfer-encoding");

    /** What somebody before our route may have left: a caller's credentials, and words that steer camel-http. */
    private static final Map<String, Object> LEFT_BEHIND = Map.of(
            "Authorization", "Bearer of-somebody-else",
            "api-key", "of-somebody-else",
            "Cookie", "session=of-somebody-else",
            "X-Forwarded-For", "10.0.0.1",
            "CamelHttpUri", "http://127.0.0.1:1/elsewhere",
            "CamelHttpPath", "/elsewhere",
            "CamelHttpQuery", "elsewhere=1",
            "CamelHttpMethod", "DELETE",
            "Content-Type", "text/plain",
            "Accept", "text/elsewhere");

    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(
                        "senseaudio",
                        "lyrics",
                        "POST /v1/song/lyrics/create",
                        "GET /v1/song/lyrics/pending/t1",
                        "authorization"),
                Arguments.of(
                        "senseaudio",
                        "song",
                        "POST /v1/song/music/create",
                        "GET /v1/song/music/pending/t1",
                        "authorization"),
                Arguments.of(
                        "sunomusic", "song", "POST /v1/music/generate", "GET /v1/music/status?ids=t1", "authorization"),
                Arguments.of("foxai", "song", "POST /api/v2/music/task", "GET /api/v2/music/task?ids=t1", "api-key"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void theVendorHearsItsOwnKeyAndNothingThatSomebodyLeft(
            String vendor, String step, String submit, String poll, String keyHeader) {
        VENDOR.answers("{\"task_id\": \"t1\"}").answers("[]");

        ROUTES.sendSubmit(vendor, step, Json.parse("{\"prompt\": \"a\"}"), LEFT_BEHIND);
        ROUTES.sendPoll(vendor, step, LEFT_BEHIND, "t1");

        assertThat(VENDOR.heard()).extracting(FakeVendor.Heard::line).containsExactly(submit, poll);
        for (FakeVendor.Heard call : VENDOR.heard()) {
            String key = (keyHeader.equals("authorization") ? "Bearer " : "") + VendorRoutes.key(vendor);
            assertThat(call.headers()).containsEntry(keyHeader, key);
            assertThat(call.headers().keySet()).allMatch(name -> name.equals(keyHeader) || TRANSPORT.contains(name));
            assertThat(call.headers().toString()).doesNotContain("elsewhere", "somebody");
        }
        assertThat(VENDOR.heard().get(1).body()).isEmpty();
    }

    static Stream<Arguments> texts() {
        String verse =
                "[Verse]\nShe said \"no\" \\ and 'yes'\t{{camelody.foxai.api-key}} ${body} 🎵👩‍🎤\r\n海浪拍打着沙滩\u2028é\u0001";
        return Stream.of("senseaudio", "sunomusic", "foxai").flatMap(vendor -> Stream.of(
                        verse, "夏🎵".repeat(2_500), "la ".repeat(1_667), "{\"a\": [1]}", "null", "</script>%00")
                .map(text -> Arguments.of(vendor, text)));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("texts")
    void lyricsReachTheVendorToTheLetter(String vendor, String text) {
        VENDOR.answers("{\"task_id\": \"t1\"}");
        String request = Json.write(Json.object().put("lyrics", text).put("style", "pop, \"quoted\""));

        ROUTES.submitSong(vendor, request);

        JsonNode heard = VENDOR.heardOnce().json();
        assertThat(heard.path(vendor.equals("sunomusic") ? "prompt" : "lyrics").textValue())
                .isEqualTo(text);
        assertThat(heard.path(vendor.equals("senseaudio") ? "style" : "tags").textValue())
                .isEqualTo("pop, \"quoted\"");
    }

    private static final String HOSTILE = "../x?y=1&ids=z#f;a%2F+ \\\"{{camelody.foxai.api-key}}${body}é歌🎵";

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "foxai"})
    void aHostileTaskIdStaysOneValueOfTheQuery(String vendor) {
        VENDOR.answers("[]");

        ROUTES.sendPoll(vendor, "song", Map.of(), HOSTILE, "t2");

        String query = VENDOR.heardOnce().query();
        assertThat(VENDOR.heardOnce().path())
                .isEqualTo(vendor.equals("foxai") ? "/api/v2/music/task" : "/v1/music/status");
        assertThat(query).startsWith("ids=").doesNotContain("&", "#", " ").endsWith(",t2");
        assertThat(URLDecoder.decode(query.substring("ids=".length()), StandardCharsets.UTF_8))
                .isEqualTo(HOSTILE + ",t2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lyrics", "song"})
    void aHostileTaskIdStaysOneSegmentOfThePath(String step) {
        VENDOR.answers("{\"status\": \"PENDING\"}");

        Exchange exchange = ROUTES.sendPoll("senseaudio", step, Map.of(), HOSTILE);

        assertThat(exchange.getException()).isNull();
        String path = VENDOR.heardOnce().path();
        List<String> segments = List.of(path.split("/"));
        assertThat(VENDOR.heardOnce().query()).isEmpty();
        assertThat(segments).hasSize(6);
        assertThat(URLDecoder.decode(segments.get(5), StandardCharsets.UTF_8)).isEqualTo(HOSTILE);
    }
}
