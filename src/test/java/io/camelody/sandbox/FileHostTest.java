package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileHostTest {

    private final SettableClock clock = new SettableClock();
    private final Sandbox sandbox =
            Sandbox.start(SandboxSettings.defaults().withClock(clock).withSongLength(Duration.ofSeconds(3)));
    private final Caller anyone = new Caller(sandbox);
    private final String audio = madeSong("audio_url");

    @AfterEach
    void close() {
        sandbox.close();
    }

    private String madeSong(String field) {
        var foxai = Caller.foxai(sandbox);
        String id = foxai.post("/api/v2/music/task", "{\"topic\": \"spring\"}")
                .json()
                .path("task_id")
                .textValue();
        clock.forward(Duration.ofSeconds(10));
        return foxai.get("/api/v2/music/task?ids=" + id)
                .json()
                .at("/0/data/0/" + field)
                .textValue();
    }

    @Test
    void audioComesWithItsLengthAndType() {
        var reply = anyone.get(audio);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("audio/mpeg");
        assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(reply.body().length));
        assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(reply.header("ETag")).isNotEmpty();
        assertThat(reply.header("Last-Modified")).endsWith("GMT");
    }

    @Test
    void rangesArePartsOfTheWhole() {
        byte[] whole = anyone.get(audio).body();
        int length = whole.length;

        assertRange("bytes=0-9", Arrays.copyOf(whole, 10), "bytes 0-9/" + length);
        assertRange(
                "bytes=5000-", Arrays.copyOfRange(whole, 5000, length), "bytes 5000-" + (length - 1) + "/" + length);
        assertRange(
                "bytes=-7",
                Arrays.copyOfRange(whole, length - 7, length),
                "bytes " + (length - 7) + "-" + (length - 1) + "/" + length);
        assertRange(
                "bytes=10-9999999", Arrays.copyOfRange(whole, 10, length), "bytes 10-" + (length - 1) + "/" + length);
        assertThat(anyone.get(audio, "Range", "bytes=1-2,4-5").body()).isEqualTo(whole);
        assertThat(anyone.get(audio, "Range", "bytes=" + length + "-").status()).isEqualTo(416);
    }

    private void assertRange(String range, byte[] part, String contentRange) {
        var reply = anyone.get(audio, "Range", range);
        assertThat(reply.status()).as(range).isEqualTo(206);
        assertThat(reply.body()).isEqualTo(part);
        assertThat(reply.header("Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void aRangeOfAnotherVersionIsAnsweredWithTheWhole() {
        String tag = anyone.get(audio).header("ETag");

        assertThat(anyone.get(audio, "Range", "bytes=0-9", "If-Range", tag).status())
                .isEqualTo(206);
        assertThat(anyone.get(audio, "Range", "bytes=0-9", "If-Range", "\"other\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void headAnswersWithoutABody() {
        var reply = anyone.send(anyone.request(audio).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
        assertThat(Integer.parseInt(reply.header("Content-Length"))).isPositive();
    }

    @Test
    void whoeverBringsAKeyIsRefusedAndRemembered() {
        assertThat(anyone.get(audio, "Authorization", "Bearer secret").status()).isEqualTo(400);
        assertThat(anyone.get(audio, "api-key", "secret").status()).isEqualTo(400);
        assertThat(anyone.get(audio, "Cookie", "session=secret").status()).isEqualTo(400);

        assertThat(sandbox.violations()).hasSize(3).noneMatch(text -> text.contains("secret"));
    }

    @Test
    void coversArePictures() {
        var reply = anyone.get(madeSong("image_url"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("image/png");
        assertThat(reply.body()).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(anyone.get("/files/foxai/None.mp3").status()).isEqualTo(404);
        assertThat(anyone.get(audio.replace("/foxai/", "/sunomusic/")).status()).isEqualTo(404);
    }

    @Test
    void anExpiredUrlIsForbiddenAndTheNextStatusAnswerHasAFreshOne() {
        sandbox.fault(Fault.parse("foxai:audio:1:expire"));
        String path = "/api/v2/music/task?ids=" + sandbox.tasks().get(0).taskId();

        assertThat(anyone.get(audio).status()).isEqualTo(403);
        assertThat(anyone.get(audio).status()).isEqualTo(403);
        String fresh =
                Caller.foxai(sandbox).get(path).json().at("/0/data/0/audio_url").textValue();

        assertThat(fresh).isNotEqualTo(audio);
        assertThat(anyone.get(fresh).status()).isEqualTo(200);
    }

    @Test
    void senseAudioGivesWav() {
        var vendor = Caller.bearer(sandbox);
        String id = vendor.post("/v1/song/music/create", "{\"model\": \"sensesong\"}")
                .json()
                .path("task_id")
                .textValue();
        clock.forward(Duration.ofSeconds(10));
        var clip = vendor.get("/v1/song/music/pending/" + id).json().at("/response/data/0");

        var reply = anyone.get(clip.path("audio_url").textValue());

        assertThat(reply.header("Content-Type")).isEqualTo("audio/wav");
        assertThat((reply.body().length - 44) / 44_100.0)
                .isEqualTo(clip.path("duration").doubleValue());
    }
}
