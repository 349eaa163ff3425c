package io.camelody.audio;

import static io.camelody.audio.Sounds.fixture;
import static io.camelody.audio.Sounds.framesOf;
import static io.camelody.audio.Sounds.mp3;
import static io.camelody.audio.Sounds.wav;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFetcherTest {

    private static final OptionalDouble UNKNOWN = OptionalDouble.empty();

    @TempDir
    Path folder;

    private final StrictServer host = new StrictServer();
    private final AudioFetcher fetcher = fetcher(FetchSettings.defaults());

    @AfterEach
    void everyScriptWasAskedForAndNothingElse() {
        host.close();
    }

    @Test
    void fetchedAudioIsThereUnderItsTypesSuffix() throws IOException {
        byte[] song = mp3(1, true);
        host.file("/song", "application/octet-stream", song);

        AudioFile audio =
                fetcher.fetchAudio(host.url("/song"), folder, "clip", OptionalDouble.of(1), (part, type) -> {});

        assertThat(audio).isEqualTo(AudioFile.inspect(folder.resolve("clip.mp3")));
        assertThat(audio.bytes()).isEqualTo(song.length);
        assertThat(folder.resolve("clip.mp3")).hasBinaryContent(song);
        assertThat(filesLeft()).containsExactly("clip.mp3");
    }

    @Test
    void everyTypeIsTakenByItsFirstBytes() {
        host.file("/wav", "audio/mpeg", wav(1));
        host.file("/m4a", "audio/mpeg", fixture("two-seconds.m4a"));
        host.file("/flac", "text/html", fixture("two-seconds.flac"));
        host.file("/vorbis", "audio/mpeg", fixture("two-seconds-vorbis.ogg"));
        host.file("/opus", "audio/mpeg", fixture("two-seconds-opus.ogg"));

        List<AudioType> types = Stream.of("wav", "m4a", "flac", "vorbis", "opus")
                .map(path -> fetcher.fetchAudio(host.url("/" + path), folder, path, UNKNOWN, (part, type) -> {}))
                .map(AudioFile::type)
                .toList();

        assertThat(types).containsExactly(AudioType.WAV, AudioType.M4A, AudioType.FLAC, AudioType.OGG, AudioType.OGG);
        assertThat(filesLeft()).containsExactly("flac.flac", "m4a.m4a", "opus.ogg", "vorbis.ogg", "wav.wav");
    }

    @Test
    void audioOfUnknownLengthIsTakenWhenItsBodyEndsWell() {
        byte[] song = framesOf(10);
        host.script("/song.mp3", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(song);
            exchange.close();
        });

        AudioFile audio = fetcher.fetchAudio(host.url("/song.mp3"), folder, "clip", UNKNOWN, (part, type) -> {});

        assertThat(audio.bytes()).isEqualTo(song.length);
    }

    @Test
    void partOfACrashAndAnOlderResultAreOverwritten() throws IOException {
        Files.write(folder.resolve("clip.part"), new byte[1_000_000]);
        Files.write(folder.resolve("clip.wav"), new byte[3]);
        byte[] song = wav(1);
        host.file("/song", "audio/wav", song);

        fetcher.fetchAudio(host.url("/song"), folder, "clip", UNKNOWN, (part, type) -> {});

        assertThat(folder.resolve("clip.wav")).hasBinaryContent(song);
        assertThat(filesLeft()).containsExactly("clip.wav");
    }

    @Test
    void failureDeletesThePartAndTouchesNothingElse() throws IOException {
        Files.write(folder.resolve("clip.part"), new byte[100]);
        Files.write(folder.resolve("clip.mp3"), new byte[] {1, 2, 3});
        host.status("/song", 404);

        assertRefused(Kind.GONE, "/song");

        assertThat(filesLeft()).containsExactly("clip.mp3");
        assertThat(folder.resolve("clip.mp3")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void htmlPageWithStatus200IsNotAudio() {
        byte[] page = "<!DOCTYPE html><html><body>Please sign in</body></html>".getBytes(UTF_8);
        host.file("/song.mp3", "audio/mpeg", page);

        var e = assertRefused(Kind.NOT_AUDIO, "/song.mp3");

        assertThat(e).hasMessageContaining("content type: audio/mpeg");
    }

    @Test
    void emptyBodyIsNotAudio() {
        host.file("/empty", "audio/mpeg", new byte[0]).status("/nothing", 204);
        host.file("/short", "audio/mpeg", new byte[] {'I', 'D', '3'});

        assertRefused(Kind.NOT_AUDIO, "/empty");
        assertRefused(Kind.NOT_AUDIO, "/nothing");
        assertRefused(Kind.NOT_AUDIO, "/short");
    }

    @Test
    void fileThatOnlyBeginsLikeAudioIsNotAudio() {
        host.file("/song.mp3", "audio/mpeg", Sounds.id3(5000));

        assertRefused(Kind.NOT_AUDIO, "/song.mp3");
    }

    @Test
    void audioMuchShorterOrLongerThanTheVendorSaidIsRefused() {
        host.file("/30s", "audio/mpeg", framesOf(30)).file("/170s", "audio/mpeg", framesOf(170));

        var e = assertRefused(Kind.WRONG_DURATION, "/30s", OptionalDouble.of(149), fetcher);
        assertRefused(Kind.WRONG_DURATION, "/170s", OptionalDouble.of(149), fetcher);

        assertThat(e).hasMessageContaining("Expected audio of 149.0 seconds, got: 30.0.");
    }

    @Test
    void vendorMayRoundAndMayNotKnowHowLongItsAudioIs() {
        host.file("/145s", "audio/mpeg", framesOf(145)).file("/20s", "audio/mpeg", framesOf(20));
        host.file("/fragmented", "audio/mp4", fixture("fragmented.m4a"));

        fetcher.fetchAudio(host.url("/145s"), folder, "a", OptionalDouble.of(149), (part, type) -> {});
        fetcher.fetchAudio(host.url("/20s"), folder, "b", OptionalDouble.of(0), (part, type) -> {});
        fetcher.fetchAudio(host.url("/fragmented"), folder, "c", OptionalDouble.of(149), (part, type) -> {});

        assertThat(filesLeft()).containsExactly("a.mp3", "b.mp3", "c.m4a");
    }

    @Test
    void audioThatIsTooBigIsRefusedWhetherAnnouncedOrNot() {
        byte[] song = wav(2);
        AudioFetcher small = fetcher(new FetchSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), song.length - 1, 0.05));
        // nothing has to come of it to know
        host.script("/announced", exchange -> {
            exchange.sendResponseHeaders(200, song.length);
            // newer JDKs send the head with the first byte, unless they are told to
            exchange.getResponseBody().flush();
            host.staySilent();
        });
        host.script("/chunked", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(song);
            exchange.close();
        });

        assertRefused(Kind.TOO_BIG, "/announced", UNKNOWN, small);
        assertRefused(Kind.TOO_BIG, "/chunked", UNKNOWN, small);
    }

    @Test
    void imagesAreTakenByTheirFirstBytes() {
        host.file("/a", "image/png", bytes("\u00ff\u00d8\u00ff\u00e0 and the rest"));
        host.file("/b", "image/jpeg", bytes("\u0089PNG\r\n\u001a\n and the rest"));
        host.file("/c", "image/jpeg", bytes("RIFF\0\0\0\0WEBP and the rest"));
        host.file("/d", "image/jpeg", bytes("GIF89a and the rest"));

        for (String path : List.of("a", "b", "c", "d")) {
            fetcher.fetchImage(host.url("/" + path), folder, path);
        }

        assertThat(filesLeft()).containsExactly("a.jpg", "b.png", "c.webp", "d.gif");
    }

    @Test
    void audioIsNoImage() {
        host.file("/cover", "image/jpeg", wav(1));

        var e = catchThrowableOfType(
                BrokenDownloadException.class, () -> fetcher.fetchImage(host.url("/cover"), folder, "clip"));

        assertThat(e.kind()).isEqualTo(Kind.NOT_AUDIO);
        assertThat(filesLeft()).isEmpty();
    }

    @Test
    void nameThatLeadsOutOfTheFolderIsRefused() {
        for (String name : List.of("../clip", "a/b", "..", "a\\b", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fetcher.fetchAudio(host.url("/song"), folder, name, UNKNOWN, (part, type) -> {}));
        }
    }

    private static AudioFetcher fetcher(FetchSettings settings) {
        return new AudioFetcher(TestAddresses.loopback(), settings);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private BrokenDownloadException assertRefused(Kind kind, String path) {
        return assertRefused(kind, path, UNKNOWN, fetcher);
    }

    private BrokenDownloadException assertRefused(Kind kind, String path, OptionalDouble seconds, AudioFetcher by) {
        var e = catchThrowableOfType(
                BrokenDownloadException.class,
                () -> by.fetchAudio(host.url(path), folder, "clip", seconds, (part, type) -> {}));

        assertThat(e).isNotNull();
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(folder.resolve("clip.part")).doesNotExist();
        return e;
    }

    private List<String> filesLeft() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
