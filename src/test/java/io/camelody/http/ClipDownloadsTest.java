package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ClipDownloadsTest {

    private static final String AUDIO = "/songs/s1/clips/1/audio";
    private static final String TAG = "\"abc\"";

    @TempDir
    private Path home;

    private ServedLedger served;

    @BeforeEach
    void serve() {
        served = new ServedLedger(
                home,
                ledger -> new ClipDownloads(
                        new ClipFiles(ledger.catalog(), home.resolve("songs"), home.resolve("stage")))::install);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void aClipIsServedAsWhatItIs() throws Exception {
        delivered("s1");

        HttpResponse<String> answer = served.call("GET", AUDIO);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertHeader(answer, "Content-Type", "audio/mpeg");
        assertHeader(answer, "Content-Length", "10");
        assertHeader(answer, "Accept-Ranges", "bytes");
        assertHeader(answer, "ETag", TAG);
        assertHeader(answer, "X-Content-Type-Options", "nosniff");
        assertHeader(answer, "Content-Disposition", "inline; filename=\"s1-clip-1.mp3\"");
    }

    @Test
    void aCoverIsServedToo() throws Exception {
        delivered("s1");

        HttpResponse<String> answer = served.call("GET", "/songs/s1/clips/1/cover");

        assertThat(answer.body()).isEqualTo("a picture");
        assertHeader(answer, "Content-Type", "image/webp");
    }

    @Test
    void theHeadersAloneAreThoseOfTheFile() throws Exception {
        delivered("s1");

        HttpResponse<String> answer = served.call("HEAD", AUDIO, "Range", "bytes=2-3");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertHeader(answer, "Content-Length", "10");
        assertHeader(answer, "ETag", TAG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    bytes=0-3                    | 206 | bytes 0-3/10 | 0123
                    bytes=4-                     | 206 | bytes 4-9/10 | 456789
                    bytes=-3                     | 206 | bytes 7-9/10 | 789
                    bytes=-999                   | 206 | bytes 0-9/10 | 0123456789
                    bytes=8-999                  | 206 | bytes 8-9/10 | 89
                    bytes=9-999999999999999999   | 206 | bytes 9-9/10 | 9
                    Bytes=0-0                    | 206 | bytes 0-0/10 | 0
                    bytes=10-                    | 416 | bytes */10   |
                    bytes=10-12                  | 416 | bytes */10   |
                    bytes=-0                     | 416 | bytes */10   |
                    bytes=0-1,4-5                | 200 |              | 0123456789
                    bytes=5-4                    | 200 |              | 0123456789
                    bytes=-                      | 200 |              | 0123456789
                    bytes=x-y                    | 200 |              | 0123456789
                    bytes=99999999999999999999-  | 200 |              | 0123456789
                    lines=0-3                    | 200 |              | 0123456789
                    """)
    void aPartIsServedWhereOneIsAskedFor(String range, int status, String contentRange, String body) throws Exception {
        delivered("s1");

        HttpResponse<String> answer = served.call("GET", AUDIO, "Range", range);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Range").orElse(null)).isEqualTo(contentRange);
        if (status == 416) {
            assertHeader(answer, "Content-Type", "application/problem+json");
        } else {
            assertThat(answer.body()).isEqualTo(body);
            assertHeader(answer, "Content-Length", "" + body.length());
        }
    }

    @Test
    void aPartOfOtherBytesIsNotServed() throws Exception {
        delivered("s1");

        assertThat(served.call("GET", AUDIO, "Range", "bytes=2-3", "If-Range", TAG)
                        .body())
                .isEqualTo("23");
        for (String other : List.of("\"other\"", "W/" + TAG, "Mon, 16 Mar 2026 08:00:00 GMT")) {
            assertThat(served.call("GET", AUDIO, "Range", "bytes=2-3", "If-Range", other)
                            .body())
                    .isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"})
    void whatTheCallerHasIsNotSentAgain(String known) throws Exception {
        delivered("s1");

        HttpResponse<String> answer = served.call("GET", AUDIO, "If-None-Match", known, "Range", "bytes=2-3");

        assertThat(answer.statusCode()).isEqualTo(304);
        assertHeader(answer, "ETag", TAG);
        assertThat(served.call("GET", AUDIO, "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFileThatSomebodyHasChangedHasAnotherTag() throws Exception {
        delivered("s1");
        Files.writeString(home.resolve("songs/s1/clip-1.mp3"), "tagged by a player");

        HttpResponse<String> answer = served.call("GET", AUDIO);

        assertThat(answer.body()).isEqualTo("tagged by a player");
        assertThat(answer.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(TAG);
    }

    @Test
    void aClipThatIsNotDeliveredYetIsServedFromTheStage() throws Exception {
        write("stage/s1/clip-1.mp3", "0123456789");
        served.generate("s1", clips(clip()));

        assertThat(served.call("GET", AUDIO).body()).isEqualTo("0123456789");
    }

    @Test
    void whatIsNotHereIsAProblemThatSaysWhereItIs() throws Exception {
        ObjectNode elsewhere = clip();
        elsewhere.putObject("places").put("s3", "s3://bucket/s1/clip-1.mp3");
        served.generate("s1", clips(elsewhere));

        HttpResponse<String> answer = served.call("GET", AUDIO);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.parse(answer.body()).path("reason").asText()).isEqualTo("not-here");
        assertThat(Json.parse(answer.body()).path("detail").asText())
                .contains("s3 has it at s3://bucket/s1/clip-1.mp3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/songs/s1/clips/2/audio",
                "/songs/s1/clips/0/audio",
                "/songs/s1/clips/01/audio",
                "/songs/s1/clips/-1/audio",
                "/songs/s1/clips/99999999999/audio",
                "/songs/s1/clips/x/audio",
                "/songs/nobody/clips/1/audio",
                "/songs/%2e%2e/clips/1/audio",
                "/songs/s1%2f..%2fs1/clips/1/audio",
                "/songs/s1%00/clips/1/audio"
            })
    void whatIsUnknownIsNotFound(String path) throws Exception {
        delivered("s1");

        assertThat(served.call("GET", path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret.mp3", "/etc/passwd", "..", "", ".", "link.mp3", "folder.mp3", "\0.mp3"})
    void nothingOutsideTheSongsIsServedWhateverTheLedgerSays(String name) throws Exception {
        write("secret.mp3", "the secret");
        write("songs/s1/other.txt", "");
        Files.createSymbolicLink(home.resolve("songs/s1/link.mp3"), home.resolve("secret.mp3"));
        Files.createDirectories(home.resolve("songs/s1/folder.mp3"));
        ObjectNode clip = clip().put("file", name);
        clip.putObject("places").put("file", home.resolve("secret.mp3").toString());
        served.generate("s1", clips(clip));

        HttpResponse<String> answer = served.call("GET", AUDIO);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("the secret");
    }

    @Test
    void aSongDeliveredToAnotherFolderIsNotServedFromThere() throws Exception {
        write("elsewhere/s1/clip-1.mp3", "0123456789");
        ObjectNode clip = clip();
        clip.putObject("places")
                .put("file", home.resolve("elsewhere/s1/clip-1.mp3").toString());
        served.generate("s1", clips(clip));

        assertThat(served.call("GET", AUDIO).statusCode()).isEqualTo(404);
    }

    private void delivered(String id) throws IOException {
        write("songs/" + id + "/clip-1.mp3", "0123456789");
        write("songs/" + id + "/cover-1.webp", "a picture");
        ObjectNode clip = clip();
        clip.putObject("places")
                .put("file", home.resolve("songs/" + id + "/clip-1.mp3").toString());
        served.generate(id, clips(clip));
    }

    private static ObjectNode clip() {
        return Json.object()
                .put("file", "clip-1.mp3")
                .put("image", "cover-1.webp")
                .put("bytes", 10)
                .put("sha256", "abc");
    }

    private static ArrayNode clips(ObjectNode clip) {
        return Json.MAPPER.createArrayNode().add(clip);
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), content);
    }

    private static void assertHeader(HttpResponse<String> answer, String name, String value) {
        assertThat(answer.headers().firstValue(name)).as(name).contains(value);
    }
}
