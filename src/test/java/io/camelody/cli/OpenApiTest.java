package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.cli.Served.Answered;
import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Reason;
import io.camelody.request.Json;
import io.camelody.testkit.SongSchema;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document says what is served: neither less nor more, and in the shape that it says. */
@Timeout(60)
class OpenApiTest {

    private static final String CALLBACK = "POST /callbacks/{vendor}/{token}";

    @TempDir
    Path home;

    private Served served;
    private JsonNode document;
    private WrittenApi written;
    private static final String TOKEN = "a-token-of-this-test";

    private CallbackToken token;

    @BeforeEach
    void serve() throws Exception {
        TestLedger ledger = new TestLedger(home);
        ledger.failed("failed", Reason.VENDOR_FAILED, "The vendor's trouble.");
        token = ledger.inDoubtUntilCalledBack("called-back");
        ledger.inDoubt("doubted");
        ledger.delivered("delivered");
        ledger.delivering("delivering");
        Path folder = Files.createDirectories(home.resolve("songs/delivering"));
        Files.writeString(folder.resolve("clip-1.mp3"), "0123456789");
        Files.writeString(folder.resolve("cover-1.webp"), "a picture");
        start(
                "camelody.public-url", "http://127.0.0.1:1",
                "camelody.http.token", TOKEN,
                "camelody.http.host", "127.0.0.1");
        served.show(TOKEN);
        document = served.get("/openapi.json").json();
        written = new WrittenApi(document);
    }

    private void start(String... more) {
        List<String> settings = new ArrayList<>(List.of("camelody.budget.total", "0.000001"));
        settings.addAll(List.of(more));
        served = new Served(home, settings.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void whatIsServedAndWhatIsWrittenAreTheSame() {
        assertThat(routed()).isEqualTo(written.operations());
    }

    @Test
    void whereNobodyCanCallBackAllElseIsServed() {
        served.close();
        start();

        Set<String> rest = written.operations();
        assertThat(rest.remove(CALLBACK)).isTrue();
        assertThat(routed()).isEqualTo(rest);
    }

    @Test
    void pagesOfOtherSitesAreSentAwayAsItIsWritten() throws Exception {
        served.close();
        start();

        holds("POST", "/songs", served.call("POST", "/songs", "{}", "Origin", "http://evil.example"), 403);
    }

    @Test
    void answersHaveTheShapeThatIsWritten() throws Exception {
        String request = "{\"id\": \"a\", \"prompt\": \"a\", \"vendor\": \"foxai\"}";

        holds("POST", "/songs", served.post("/songs", request), 202);
        holds("POST", "/songs", served.post("/songs", "[" + request + "]"), 202);
        holds("POST", "/songs", served.post("/songs", "[" + request + ",{}]"), 207);
        holds("POST", "/songs", served.post("/songs", "{}"), 400);
        holds("POST", "/songs", served.post("/songs", request.replace("\"a\",", "\"b\",")), 202);
        holds("POST", "/songs", served.post("/songs", request.replace("prompt\": \"a", "prompt\": \"b")), 409);
        holds("POST", "/songs", served.post("/songs", request, "Content-Type", "text/plain"), 415);
        holds("POST", "/songs", served.post("/songs", " ".repeat(5_000_000)), 413);
        String[] key = {"Idempotency-Key", "k"};
        served.post("/songs", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}", key);
        holds("POST", "/songs", served.post("/songs", "{\"prompt\": \"b\", \"vendor\": \"foxai\"}", key), 422);
        holds("GET", "/songs", served.get("/songs?limit=2"), 200);
        holds("GET", "/songs", served.get("/songs?state=delivered"), 200);
        holds("GET", "/songs", served.get("/songs?x=1"), 400);
        holds("GET", "/songs/{id}", served.get("/songs/delivered"), 200);
        holds("GET", "/songs/{id}", served.get("/songs/doubted"), 200);
        holds("GET", "/songs/{id}", served.get("/songs/failed"), 200);
        holds("GET", "/songs/{id}", served.get("/songs/delivering"), 200);
        holds("GET", "/songs/{id}", served.get("/songs/none"), 404);
        holds("POST", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{}"), 400);
        holds("POST", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{\"fail\": true}"), 200);
        holds("POST", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{\"fail\": true}"), 409);
        holds("POST", "/songs/{id}/resolve", served.post("/songs/none/resolve", "{\"fail\": true}"), 404);
        holds("POST", "/songs/{id}/retry", served.post("/songs/doubted/retry", ""), 200);
        holds("POST", "/songs/{id}/retry", served.post("/songs/doubted/retry", ""), 409);
        holds("POST", "/songs/{id}/retry", served.post("/songs/none/retry", ""), 404);
        holds("DELETE", "/songs/{id}", served.call("DELETE", "/songs/a", ""), 200);
        holds("DELETE", "/songs/{id}", served.call("DELETE", "/songs/a", ""), 409);
        holds("DELETE", "/songs/{id}", served.call("DELETE", "/songs/none", ""), 404);
        holds("GET", "/vendors", served.get("/vendors"), 200);
        holds("GET", "/vendors", served.get("/vendors?x=1"), 400);
        holds("GET", "/openapi.json", served.get("/openapi.json"), 200);
        clipsHold("audio");
        clipsHold("cover");
        thePageHolds();
        holds("GET", "/metrics", served.get("/metrics"), 200);
        String callback = "/callbacks/foxai/" + token.text();
        holds("POST", "/callbacks/{vendor}/{token}", served.post(callback, "{}"), 204);
        holds("POST", "/callbacks/{vendor}/{token}", served.post(callback + "x", "{}"), 404);
        holds("POST", "/callbacks/{vendor}/{token}", served.post(callback, " ".repeat(5_000_000)), 413);
        holds("GET", "/events", served.call("GET", "/events", "", "Last-Event-ID", "x"), 400);
        eventsHold();
        for (String health : List.of("/health", "/health/live", "/health/ready")) {
            holds("GET", health, served.get(health), 200);
            holds("HEAD", health, served.call("HEAD", health, ""), 200);
        }
        assertThat(written.answered()).isEqualTo(written.operations());

        served.ledger.close();
        holds("GET", "/songs", served.get("/songs"), 503);
        await().until(() -> served.get("/health").status() == 503);
        holds("GET", "/health", served.get("/health"), 503);
        holds("HEAD", "/health/ready", served.call("HEAD", "/health/ready", ""), 503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "called-back", "doubted", "delivered", "delivering"})
    void aSongIsTheDocumentOfItsSchema(String id) throws Exception {
        SongSchema.demand(served.get("/songs/" + id).json());
    }

    private void clipsHold(String what) throws Exception {
        String path = "/songs/{id}/clips/{number}/" + what;
        String here = "/songs/delivering/clips/1/" + what;
        Answered whole = served.get(here);

        holds("GET", path, whole, 200);
        holds("GET", path, served.call("GET", here, "", "Range", "bytes=1-2"), 206);
        holds("GET", path, served.call("GET", here, "", "Range", "bytes=99-"), 416);
        String[] known = {"If-None-Match", whole.header("ETag").orElseThrow()};
        holds("GET", path, served.call("GET", here, "", known), 304);
        holds("GET", path, served.get("/songs/delivering/clips/2/" + what), 404);
        holds("HEAD", path, served.call("HEAD", here, ""), 200);
        holds("HEAD", path, served.call("HEAD", here, "", known), 304);
        holds("HEAD", path, served.call("HEAD", "/songs/none/clips/1/" + what, ""), 404);
    }

    private void thePageHolds() throws Exception {
        Answered page = served.get("/");
        String[] known = {"If-None-Match", page.header("ETag").orElseThrow()};

        holds("GET", "/", page, 200);
        holds("GET", "/", served.call("GET", "/", "", known), 304);
        holds("HEAD", "/", served.call("HEAD", "/", ""), 200);
        for (String part : List.of("page.css", "page.js", "icon.svg")) {
            holds("GET", "/page/{file}", served.get("/page/" + part), 200);
        }
        holds("HEAD", "/page/{file}", served.call("HEAD", "/page/page.js", ""), 200);
        holds("GET", "/page/{file}", served.get("/page/none.js"), 404);
    }

    private void eventsHold() throws Exception {
        HttpResponse<Stream<String>> answer = served.follow("Last-Event-ID", "0");
        try (Stream<String> lines = answer.body()) {
            written.begins("GET", "/events", answer);
            List<JsonNode> events = lines.filter(line -> line.startsWith("data: "))
                    .limit(served.ledger.happenings().last())
                    .map(line -> Json.parse(line.substring("data: ".length())))
                    .toList();

            assertThat(events).extracting(event -> event.path("state").asText()).contains("delivered", "failed");
            events.forEach(event -> written.holds("Event", event));
        }
    }

    @Test
    void theSchemaOfARequestIsTheOneThatRefuses() {
        assertThat(document.at("/components/schemas/Request/properties/prompt").isObject())
                .isTrue();
    }

    private void holds(String method, String path, Answered answer, int status) {
        written.holds(method, path, answer, status);
    }

    /** All that calls come to; the guards, which have neither a path nor methods, pass them on. */
    private Set<String> routed() {
        return served.router().getRoutes().stream()
                .filter(route -> route.getPath() != null || route.isRegexPath() || route.methods() != null)
                .flatMap(route -> methods(route).map(method -> method + " " + path(route)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> methods(Route route) {
        return route.methods() == null
                ? Stream.of("ANY")
                : route.methods().stream().map(HttpMethod::name);
    }

    private static String path(Route route) {
        return String.valueOf(route.getPath())
                .replaceAll(":([a-z]+)", "{$1}")
                .replaceFirst("^/page/[^/*]+$", "/page/{file}");
    }
}
