package io.camelody.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser gets it, from a server that asks for a token. What it does is tested in a browser. */
class PageTest {

    private static final Path FOLDER = Path.of("src/main/resources/camelody/page");
    private static final List<String> TOKENS = List.of("a-token-of-this-test");

    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server = new WebServer(
            new HttpSettings(0, "127.0.0.1", TOKENS, List.of(), 1_024, 1, Duration.ZERO, 1, Duration.ofSeconds(10)),
            List.of(new Page()::install));

    @BeforeEach
    void open() {
        server.listen();
        server.open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void thePageIsOpenToEverybodyAndMayCallNobodyElse() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.body()).isEqualTo(Files.readString(FOLDER.resolve("index.html")));
    }

    @Test
    void everyFileOfThePageIsServedAndNoOther() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Page.FILES);
        }
        for (String file : Page.FILES.subList(1, Page.FILES.size())) {
            HttpResponse<String> part = get("/page/" + file);
            assertThat(part.statusCode()).as(file).isEqualTo(200);
            assertThat(part.body()).isEqualTo(Files.readString(FOLDER.resolve(file)));
        }
    }

    @Test
    void whatThePageNamesIsAmongItsFilesAndNothingIsElsewhere() throws IOException {
        for (String file : Page.FILES) {
            String text = Files.readString(FOLDER.resolve(file), UTF_8);
            assertThat(named(text, "(?:src|href)=\"page/([^\"]+)\"|from '\\./([^']+)'"))
                    .as(file)
                    .isSubsetOf(Page.FILES);
            assertThat(text.replace("http://www.w3.org/2000/svg", "").replace("placeholder=\"https://", ""))
                    .as(file)
                    .doesNotContain(
                            "//cdn", "http://", "https://", "innerHTML", "insertAdjacentHTML", "eval(", "style=\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/",
                "/page/index.html",
                "/page/nothing.js",
                "/page/../songs",
                "/page/%2e%2e/songs",
                "/page/page.js/",
                "/songs",
                "/vendors"
            })
    void otherPathsAreNotOpen(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(401);
    }

    @Test
    void onlyLookingIsOpen() throws Exception {
        assertThat(send(to("/").POST(BodyPublishers.ofString(""))).statusCode()).isEqualTo(401);
        HttpResponse<String> head = send(to("/").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(Files.size(FOLDER.resolve("index.html")));
    }

    @Test
    void aBrowserIsToldThatNothingHasChanged() throws Exception {
        HttpResponse<String> first = get("/page/page.js");
        String etag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> same = send(to("/page/page.js").header("If-None-Match", etag));
        HttpResponse<String> other = send(to("/page/song.js").header("If-None-Match", etag));

        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(other.statusCode()).isEqualTo(200);
    }

    private static List<String> named(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(PageTest::found)
                .toList();
    }

    private static String found(MatchResult match) {
        return match.group(1) == null ? match.group(2) : match.group(1);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(to(path));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
