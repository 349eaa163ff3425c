package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelody.settings.BadSettingsException;
import io.camelody.settings.Settings;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door of the server, by bytes that no client library would send. */
class WebServerTest {

    private static final String ONE = "one-token-of-sixteen-and-more";
    private static final String TWO = "another.token~of/sixteen+more==";

    private final Map<String, String> set = new HashMap<>(Map.of(
            "camelody.http.port", "0",
            "camelody.http.host", "127.0.0.1",
            "camelody.http.max-body", "2000",
            "camelody.http.max-items", "10",
            "camelody.http.max-wait", "2s",
            "camelody.http.max-subscribers", "10",
            "camelody.http.request-timeout", "1s"));

    private WebServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void eachTokenOpensTheDoorAndNothingElseDoes() throws IOException {
        String url = serve(ONE + "," + TWO);

        assertThat(get(url, "/songs", "Authorization: Bearer " + ONE)).isEqualTo(200);
        assertThat(get(url, "/songs", "authorization: bEARER  " + TWO)).isEqualTo(200);
        for (String header : List.of(
                "X-None: 1",
                "Authorization: Bearer " + ONE + "x",
                "Authorization: Bearer " + ONE.substring(1),
                "Authorization: Bearer " + ONE + "," + TWO,
                "Authorization: Bearer",
                "Authorization: Basic " + ONE,
                "Authorization: " + ONE,
                "Authorization: Bearer " + ONE + "\r\nAuthorization: Bearer wrong",
                "Authorization: Bearer " + "x".repeat(5_000),
                "Cookie: token=" + ONE)) {
            assertThat(get(url, "/songs", header)).as(header).isEqualTo(401);
        }
        String refused = RawCall.answer(url, "GET /songs HTTP/1.1", "Host: x", "Authorization: Bearer wrong-" + ONE);
        assertThat(refused)
                .contains("WWW-Authenticate: Bearer", "application/problem+json")
                .doesNotContain(ONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/songs",
                "/songs/",
                "//songs",
                "/health/../songs",
                "/health/%2e%2e/songs",
                "/health/%2E./songs",
                "/health/..%2fsongs",
                "/health/..;/songs",
                "/health;/../songs",
                "/./songs",
                "/openapi.json/../songs",
                "/openapi.json/../../songs",
                "/%73ongs",
                "/callbacks/sunomusic/../../songs",
                "/callbacks/sunomusic/%2e%2e/%2e%2e/songs",
                "/callbacks/../songs",
                "/callbacks",
                "/health/live/x",
                "/health/other",
                "/healthy",
                "/openapi.jsonx",
                "/HEALTH",
                "/health%2flive",
                "/%zz",
            })
    void noSpellingOfAPathGoesAroundTheDoor(String path) throws IOException {
        String url = serve(ONE);

        for (String method : List.of("GET", "POST", "DELETE", "PATCH", "OPTIONS")) {
            String answer = RawCall.answer(url, method + " " + path + " HTTP/1.1", "Host: x");
            assertThat(answer)
                    .as(method + " " + path)
                    .doesNotContain("the songs")
                    .containsPattern("^HTTP/1.1 40[01]");
        }
    }

    @Test
    void pathsOfTheListAreOpen() throws IOException {
        String url = serve(ONE);

        for (String path : List.of("/", "/health", "/health/live", "/health/ready", "/openapi.json", "/%68ealth")) {
            assertThat(get(url, path, "X-None: 1")).as(path).isEqualTo(404);
        }
        assertThat(RawCall.status(url, "POST /callbacks/sunomusic/abc HTTP/1.1", "Host: x", "Content-Length: 0"))
                .isEqualTo(404);
        assertThat(RawCall.status(url, "POST /health HTTP/1.1", "Host: x", "Content-Length: 0"))
                .isEqualTo(401);
    }

    @Test
    void withoutATokenOnlyThisMachineByItsOwnNameIsServed() throws IOException {
        String url = serve("");

        for (String host : List.of("localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8080", "127.1.2.3")) {
            assertThat(RawCall.status(url, "GET /songs HTTP/1.1", "Host: " + host))
                    .as(host)
                    .isEqualTo(200);
        }
        for (String host :
                List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:80", "")) {
            assertThat(RawCall.status(url, "GET /songs HTTP/1.1", "Host: " + host))
                    .as(host)
                    .isEqualTo(403);
        }
        assertThat(RawCall.status(url, "GET /songs HTTP/1.1", "Host: localhost", "Host: evil.example"))
                .isBetween(400, 403);
        assertThat(RawCall.status(url, "GET http://evil.example/songs HTTP/1.1", "Host: evil.example"))
                .isEqualTo(403);
    }

    @Test
    void pagesOfOtherSitesChangeNothing() throws IOException {
        set.put("camelody.http.cors-origin", "https://songs.example");
        String url = serve("");

        assertThat(post(url, "X-None: 1")).isEqualTo(200);
        assertThat(post(url, "Origin: http://localhost", "Sec-Fetch-Site: same-origin"))
                .isEqualTo(200);
        assertThat(post(url, "Origin: https://songs.example", "Sec-Fetch-Site: cross-site"))
                .isEqualTo(200);
        assertThat(post(url, "Origin: http://evil.example")).isEqualTo(403);
        assertThat(post(url, "Origin: http://localhost:3000")).isEqualTo(403);
        assertThat(post(url, "Origin: https://localhost")).isEqualTo(403);
        assertThat(post(url, "Origin: null")).isEqualTo(403);
        assertThat(post(url, "Sec-Fetch-Site: cross-site")).isEqualTo(403);
        assertThat(post(url, "Sec-Fetch-Site: same-site")).isEqualTo(403);
    }

    @Test
    void onlyOriginsThatAreSetMayReadAnswers() throws IOException {
        set.put("camelody.http.cors-origin", "https://songs.example, https://other.example:8443");
        String url = serve(ONE);

        assertThat(RawCall.answer(
                        url,
                        "OPTIONS /songs HTTP/1.1",
                        "Host: x",
                        "Origin: https://other.example:8443",
                        "Access-Control-Request-Method: POST"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("Access-Control-Allow-Origin: https://other.example:8443\r\n")
                .doesNotContainIgnoringCase("Allow-Credentials");
        for (String origin :
                List.of("https://songs.example.evil", "https://evil", "null", "*", "HTTPS://SONGS.EXAMPLE")) {
            assertThat(RawCall.answer(
                            url,
                            "OPTIONS /songs HTTP/1.1",
                            "Host: x",
                            "Origin: " + origin,
                            "Access-Control-Request-Method: POST"))
                    .startsWith("HTTP/1.1 401")
                    .doesNotContainIgnoringCase("Access-Control-Allow");
        }
    }

    @Test
    void whatIsTooLargeIsSentAway() throws IOException {
        String url = serve("");

        assertThat(post(url, "Content-Length: 2001", "Expect: 100-continue")).isEqualTo(413);
        assertThat(post(url, "Content-Length: 99999999999999999999")).isEqualTo(400);
        assertThat(RawCall.status(url, "GET /songs?q=" + "x".repeat(5_000) + " HTTP/1.1", "Host: localhost"))
                .isEqualTo(414);
        assertThat(RawCall.answer(url, "GET /songs HTTP/1.1", "Host: localhost", "X: " + "x".repeat(9_000)))
                .contains("HTTP/1.1 431", "application/problem+json", "\"status\":431");
        assertThat(RawCall.answer(url, "GET /songs?q=" + "x".repeat(5_000) + " HTTP/1.1", "Host: localhost"))
                .contains("application/problem+json", "\"status\":414");
        assertThat(RawCall.answer(url, "GET /so ngs", "Host: localhost"))
                .contains(" 400 Bad Request", "application/problem+json", "\"reason\":\"invalid-request\"");
    }

    @Test
    void aBodyWithoutALengthIsCountedAsItComes() throws IOException {
        String url = serve("");

        try (RawCall call = new RawCall(url)) {
            call.send("POST /songs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            try {
                for (int i = 0; i < 30; i++) {
                    call.send("64\r\n" + "x".repeat(100) + "\r\n");
                }
            } catch (SocketException e) {
                // it has hung up before
            }
            assertThat(call.rest()).contains("413", "too-large");
        }
    }

    @Test
    void aBodyTakesTheRoomOfTheBytesThatHaveCome() throws IOException {
        set.put("camelody.http.request-timeout", "30s");
        String url = serve("");
        List<RawCall> calls = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawCall follower = new RawCall(url);
                calls.add(follower);
                follower.send("GET /events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
                assertThat(follower.until("on and on")).contains(" 200 ");
                RawCall sender = new RawCall(url);
                calls.add(sender);
                sender.send("POST /songs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
            }

            assertThat(post(url, "X-None: 1")).isEqualTo(200);
            calls.get(1).send("0\r\n\r\n");
            assertThat(calls.get(1).until("the songs")).contains(" 200 ");
        } finally {
            for (RawCall call : calls) {
                call.close();
            }
        }
    }

    @Test
    void aBodyThatThereIsNoRoomForIsToComeLater() throws IOException {
        set.put("camelody.http.request-timeout", "30s");
        String url = serve("");
        String head = "POST /songs HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n";
        List<RawCall> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RawCall call = new RawCall(url);
            calls.add(call);
            call.send(head);
            assertThat(call.until("\r\n\r\n")).contains(" 100 ");
            call.send("x".repeat(1_900));
        }
        // one of the five, whichever came last
        await().until(() -> calls.stream().filter(RawCall::hasMore).count() == 1);
        RawCall refused = calls.stream().filter(RawCall::hasMore).findFirst().orElseThrow();
        assertThat(refused.until("}")).contains(" 503 ", "busy");

        for (RawCall call : calls) {
            if (call != refused) {
                call.send("x".repeat(100));
                assertThat(call.until("the songs")).contains(" 200 ");
            }
            call.close();
        }
    }

    @Test
    void whoeverAsksWhetherItIsUpMayAskOnOneConnectionForEver() throws Exception {
        String url = serve("");

        try (RawCall prober = new RawCall(url)) {
            // longer than the second in which a whole request has to come
            for (int i = 0; i < 15; i++) {
                prober.send("GET /up HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(prober.until("\r\n\r\nup")).contains(" 200 ");
                // the pace of a prober: together longer than one request may take
                Thread.sleep(100);
            }
        }
    }

    @Test
    void aCallerWhoDripsIsCutHoweverSteadily() throws Exception {
        String url = serve("");

        String post = "POST /songs HTTP/1.1\r\nHost: localhost\r\n";
        for (String start : List.of(
                "GET /songs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                post + "Content-Length: 1000\r\n\r\n",
                // answered with 403 before it is whole, and then another one
                post + "Origin: null\r\nContent-Length: 3\r\n\r\nxxx" + post + "X-Slow: ")) {
            try (RawCall call = new RawCall(url)) {
                call.send(start);
                Thread dripping = new Thread(() -> {
                    try {
                        while (true) {
                            call.send("x");
                            // the drip is the fault itself: steady, and faster than silence is cut
                            Thread.sleep(100);
                        }
                    } catch (IOException | InterruptedException e) {
                        // cut
                    }
                });
                dripping.start();
                assertThat(call.rest()).as(start).doesNotContain(" 200 ");
                dripping.join();
            }
        }
    }

    @Test
    void aConnectionThatAsksForNothingIsCut() throws IOException {
        String url = serve("");

        try (RawCall call = new RawCall(url)) {
            call.send("GET /songs HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(call.rest()).contains("the songs");
        }
    }

    @Test
    void callsBeforeItOpensAreToComeLater() throws IOException {
        String url = serve("");
        server.shut();

        assertThat(RawCall.answer(url, "GET /songs HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("Retry-After: ");
    }

    @Test
    void settingsThatWouldLeaveTheDoorOpenAreRefusedAllAtOnceAndNoTokenIsShown() {
        set.put("camelody.http.host", "0.0.0.0");
        set.put("camelody.http.cors-origin", "*");

        assertThatThrownBy(() -> settings(""))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("camelody.http.host")
                .hasMessageContaining("camelody.http.cors-origin");
        assertThatThrownBy(() -> settings("short-secret"))
                .hasMessageContaining("camelody.http.token")
                .hasMessageNotContaining("short-secret");
        set.put("camelody.http.cors-origin", "");
        assertThat(settings(ONE).toString()).doesNotContain(ONE);
    }

    @Test
    void aTokenOpensTheServerToOthersUnlessItsAddressIsSet() {
        set.remove("camelody.http.host");

        assertThat(settings("").host()).isEqualTo("127.0.0.1");
        assertThat(settings(ONE).host()).isEqualTo("0.0.0.0");
    }

    private static int get(String url, String path, String header) throws IOException {
        return RawCall.status(url, "GET " + path + " HTTP/1.1", "Host: x", header);
    }

    @Test
    void anAddressThatOthersReachNeedsATokenWhereverHttpIsOn() {
        set.put("camelody.public-url", "https://songs.example");

        assertThatThrownBy(() -> settings(""))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("Expected camelody.http.token to be set where camelody.public-url is");
        assertThat(settings("0123456789abcdef").tokens()).hasSize(1);
        set.put("camelody.http.port", "");
        assertThat(HttpSettings.read(new Settings(
                        name -> Optional.ofNullable(set.get(name)).filter(text -> !name.endsWith("token")),
                        name -> name)))
                .isEmpty();
    }

    /** With an empty body, unless a header says otherwise. */
    private static int post(String url, String... headers) throws IOException {
        String all = String.join("\r\n", headers);
        return RawCall.status(
                url,
                "POST /songs HTTP/1.1",
                "Host: localhost",
                all.contains("Content-Length") ? all : all + "\r\nContent-Length: 0");
    }

    private String serve(String tokens) {
        server = new WebServer(settings(tokens), List.of(WebServerTest::page));
        server.listen();
        server.open();
        return server.url();
    }

    private static void page(Router router) {
        router.get("/songs").handler(call -> call.end("the songs"));
        router.get("/events").handler(call -> call.response().setChunked(true).write("on and on"));
        router.get("/up").order(-1).handler(call -> call.end("up"));
        router.post("/songs").handler(call -> call.end("the songs"));
    }

    private HttpSettings settings(String tokens) {
        set.put("camelody.http.token", tokens);
        Settings settings = new Settings(name -> Optional.ofNullable(set.get(name)), name -> name);
        Optional<HttpSettings> read = HttpSettings.read(settings);
        settings.demandGood();
        return read.orElseThrow();
    }
}
