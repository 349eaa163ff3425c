package io.camelody.audio;

import static io.camelody.audio.Sounds.mp3;
import static io.camelody.audio.Sounds.wav;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import io.camelody.vendor.TaskAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SongAudioTest {

    @TempDir
    Path stage;

    private final StrictServer host = new StrictServer();

    @AfterEach
    void everyScriptWasAskedForAndNothingElse() {
        host.close();
    }

    @Test
    void clipsSucceedAndFailOneByOneAndTheLongestWaitCounts() {
        host.file("/good", "audio/wav", wav(1)).status("/busy", 429, "Retry-After", "120");
        host.status("/down", 503, "Retry-After", "7").status("/gone", 404);
        ObjectNode song = song("/good", "/busy", "/down", "/gone");

        SongAudio.Fetched fetched = fetch(song);

        assertThat(fetched).isEqualTo(new SongAudio.Fetched(false, Optional.of(Duration.ofMinutes(2)), false));
        assertThat(song.at("/clips/0/file").asText()).isEqualTo("clip-1.wav");
        assertThat(song.at("/clips/0").has("errorKind")).isFalse();
        assertThat(song.at("/clips/1/errorKind").asText()).isEqualTo("server");
        assertThat(song.at("/clips/1/error").asText()).contains("status: 429");
        assertThat(song.at("/clips/3/errorKind").asText()).isEqualTo("gone");
    }

    @Test
    void nextTryAsksForWhatIsMissingAloneAndForgetsTheErrors() {
        host.file("/a", "audio/wav", wav(1)).status("/b", 500).file("/b", "audio/wav", wav(2));
        ObjectNode song = song("/a", "/b");

        assertThat(fetch(song).whole()).isFalse();
        SongAudio.Fetched fetched = fetch(song);

        assertThat(fetched).isEqualTo(new SongAudio.Fetched(true, Optional.empty(), false));
        assertThat(song.at("/clips/1").has("error")).isFalse();
        assertThat(song.at("/clips/1").has("errorKind")).isFalse();
        assertThat(song.at("/clips/1/seconds").asDouble()).isEqualTo(2);
    }

    @Test
    void clipsOfAnEarlierTaskNeverPassForThoseOfTheNewOne() {
        host.file("/a", "audio/wav", wav(1))
                .status("/b", 404)
                .file("/c", "audio/wav", wav(3))
                .status("/d", 404);
        fetch(song("/a", "/b").put("generatedAt", "2026-01-01T00:00:00Z"));

        ObjectNode remade = song("/c", "/d").put("generatedAt", "2026-01-02T00:00:00Z");
        fetch(remade);

        assertThat(remade.at("/clips/0/seconds").asDouble()).isEqualTo(3);
    }

    @Test
    void clipsOfTheSandboxNeverPassForThoseOfTheRealSong() {
        host.file("/a", "audio/wav", wav(1)).file("/b", "audio/wav", wav(3));
        fetch(song("/a").put("sandbox", true));

        ObjectNode real = song("/b").put("sandbox", false);
        fetch(real);

        assertThat(real.at("/clips/0/seconds").asDouble()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".of~other~2026-01-01T00.00.00Z"})
    void clipsWithoutTheSongsOwnNoteAreFetchedAgain(String note) throws IOException {
        host.file("/a", "audio/wav", wav(1)).file("/b", "audio/wav", wav(3));
        fetch(song("/a"));
        Files.delete(stage.resolve("song/.of~song~"));
        if (!note.isEmpty()) {
            Files.createFile(stage.resolve("song").resolve(note));
        }

        ObjectNode song = song("/b");
        fetch(song);

        assertThat(song.at("/clips/0/seconds").asDouble()).isEqualTo(3);
    }

    @Test
    void clipThatEndedBadlyIsNotFetchedAndNotMissing() {
        ObjectNode song = song("/a");
        ((ObjectNode) song.at("/clips/0")).put("status", "Error").put("file", "clip-1.wav");

        SongAudio.Fetched fetched = fetch(song);

        assertThat(fetched.whole()).isTrue();
        assertThat(song.at("/clips/0").has("file")).isFalse();
        assertThat(song.at("/clips/0/error").asText()).isEqualTo("The vendor ended this clip as \"Error\".");
    }

    @Test
    void clipThatTheVendorGaveTwiceIsFetchedOnce() {
        host.file("/a", "audio/wav", wav(1)).file("/b", "audio/wav", wav(2));
        ObjectNode song = song("/a", "/a", "/b", "/c");
        ((ObjectNode) song.at("/clips/2")).put("id", "b");
        ((ObjectNode) song.at("/clips/3")).put("id", "b");

        SongAudio.Fetched fetched = fetch(song);

        assertThat(fetched.whole()).isTrue();
        assertThat(song.findValuesAsText("file")).containsExactly("clip-1.wav", "clip-3.wav");
        assertThat(song.findValuesAsText("error"))
                .containsExactly("The vendor gave clip 1 once more.", "The vendor gave clip 3 once more.");
    }

    @Test
    void clipWhoseTwinCannotBeHadIsFetchedItself() {
        host.status("/a", 404).file("/b", "audio/wav", wav(1)).file("/a", "audio/wav", wav(1));
        ObjectNode song = song("/a", "/b");
        song.path("clips").forEach(clip -> ((ObjectNode) clip).put("id", "a"));

        fetch(song);
        assertThat(song.findValuesAsText("file")).containsExactly("clip-2.wav");
        fetch(song);

        assertThat(song.findValuesAsText("file")).containsExactly("clip-1.wav");
    }

    @Test
    void folderThatIsDeletedDuringADownloadIsMadeAgain() {
        host.script("/a", exchange -> {
            byte[] song = wav(60);
            exchange.sendResponseHeaders(200, song.length);
            exchange.getResponseBody().write(song, 0, song.length / 2);
            exchange.getResponseBody().flush();
            await().until(() -> Files.exists(stage.resolve("song/clip-1.part")));
            delete(stage);
            exchange.getResponseBody().write(song, song.length / 2, song.length - song.length / 2);
            exchange.close();
        });
        host.file("/a", "audio/wav", wav(60));
        ObjectNode song = song("/a");

        assertThat(fetch(song).whole()).isFalse();
        assertThat(song.at("/clips/0/errorKind").asText()).isEqualTo("disk");
        assertThat(song.at("/clips/0/error").asText()).contains("could not be written", stage.toString());
        assertThat(fetch(song).whole()).isTrue();

        assertThat(stage.resolve("song/clip-1.wav")).hasBinaryContent(wav(60));
    }

    @Test
    void clipThatIsDeletedAfterItsDownloadIsFetchedAgain() throws IOException {
        host.file("/a", "audio/wav", wav(1)).file("/a", "audio/wav", wav(1));
        ObjectNode song = song("/a");

        fetch(song);
        delete(stage);
        fetch(song);

        assertThat(stage.resolve("song/clip-1.wav")).hasBinaryContent(wav(1));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Test
    void afterAnInterruptNothingMoreIsAskedForAndWhatIsHereStays() throws Exception {
        host.file("/a", "audio/wav", wav(1)).status("/b", 500);
        ObjectNode song = song("/a", "/b");
        fetch(song);

        Thread.currentThread().interrupt();
        SongAudio.Fetched fetched = fetch(song);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(fetched).isEqualTo(new SongAudio.Fetched(false, Optional.empty(), true));
        assertThat(song.at("/clips/0/file").asText()).isEqualTo("clip-1.wav");
        assertThat(song.at("/clips/1/errorKind").asText()).isEqualTo("interrupted");
    }

    @Test
    void tagsAreWrittenOnceAndTheDocumentSaysWhatIsOnTheDisk() throws IOException {
        host.file("/a", "audio/wav", wav(1));
        ObjectNode song = song("/a");
        song.putObject("request").put("title", "Tango");
        Finish finish = new Finish(true, new FileNames("{title}"));

        fetch(song, finish);
        byte[] tagged = Files.readAllBytes(stage.resolve("song/Tango.wav"));
        ObjectNode first = song.deepCopy();
        fetch(song, new Finish(true, new FileNames("another name")));

        assertThat(song).isEqualTo(first);
        assertThat(stage.resolve("song/Tango.wav")).hasBinaryContent(tagged);
        assertThat(tagged.length)
                .isGreaterThan(wav(1).length)
                .isEqualTo(song.at("/clips/0/bytes").intValue());
        assertThat(song.at("/clips/0/sha256").asText())
                .isEqualTo(AudioFile.inspect(stage.resolve("song/Tango.wav")).sha256());
    }

    @Test
    void whatAProcessLeftThatDiedInTheTagsIsFetchedAgain() throws IOException {
        host.file("/a", "audio/mpeg", mp3(1, false)).file("/a", "audio/mpeg", mp3(1, false));
        ObjectNode song = song("/a");
        fetch(song, new Finish(true, new FileNames("clip-{n}")));
        String sha256 = song.at("/clips/0/sha256").asText();
        Files.move(stage.resolve("song/clip-1.mp3"), stage.resolve("song/clip-1.part"));

        fetch(song, new Finish(true, new FileNames("clip-{n}")));

        assertThat(song.at("/clips/0/sha256").asText()).isEqualTo(sha256);
    }

    private SongAudio.Fetched fetch(ObjectNode song) {
        return fetch(song, new Finish(false, new FileNames("clip-{n}")));
    }

    private SongAudio.Fetched fetch(ObjectNode song, Finish finish) {
        FetchSettings settings = FetchSettings.defaults();
        AudioFetcher fetcher = new AudioFetcher(TestAddresses.loopback(), settings);
        return new SongAudio(fetcher, stage, TaskAnswer::hasEndedBadly, finish).fetch(song);
    }

    private ObjectNode song(String... paths) {
        ObjectNode song = Json.object().put("id", "song");
        for (String path : paths) {
            song.withArray("clips").addObject().put("audioUrl", host.url(path));
        }
        return song;
    }
}
