package io.camelody.audio;

import static io.camelody.audio.Sounds.framesOf;
import static io.camelody.audio.Sounds.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A download that stopped in the middle, and the next one of the same name. */
@Timeout(30)
class ResumeTest {

    private static final int BLOCK = PartFile.BLOCK;
    private static final int STOPPED = 2 * BLOCK + 200_000;
    private static final String TAG = "\"v1\"";
    private static final byte[] SONG = song(1);
    private static final byte[] OTHER_SONG = song(2);

    @TempDir
    Path folder;

    private final StrictServer host = new StrictServer();
    private final AudioFetcher fetcher = fetcher(Duration.ofMinutes(10));

    @AfterEach
    void everyScriptWasAskedForAndNothingElse() {
        host.close();
    }

    @Test
    void cutDownloadGoesOnFromItsLastWholeBlock() throws IOException {
        host.script("/song", stop(SONG, "ETag", TAG, "Accept-Ranges", "bytes"));
        host.script("/song", rest(SONG, 2 * BLOCK, "ETag", TAG));

        assertBroken(Kind.CUT, "/song");
        assertThat(filesLeft()).containsExactly("clip.part", "clip.part.json");
        AudioFile audio = fetch("/song");

        assertThat(asked(1, "Range")).isEqualTo("bytes=" + 2 * BLOCK + "-");
        assertThat(asked(1, "If-Range")).isEqualTo(TAG);
        assertThat(audio).isEqualTo(AudioFile.inspect(folder.resolve("clip.wav")));
        assertIsThere(SONG);
    }

    @Test
    void stalledDownloadGoesOn() throws IOException {
        host.script("/song", exchange -> {
            answer(exchange, 200, SONG.length, "ETag", TAG, "Accept-Ranges", "bytes");
            exchange.getResponseBody().write(SONG, 0, STOPPED);
            exchange.getResponseBody().flush();
            host.staySilent();
        });
        host.script("/song", rest(SONG, 2 * BLOCK, "ETag", TAG));

        var e = catchThrowableOfType(BrokenDownloadException.class, () -> fetcher(Duration.ofMillis(500))
                .fetchAudio(host.url("/song"), folder, "clip", OptionalDouble.empty(), (part, type) -> {}));
        fetch("/song");

        assertThat(e.kind()).isEqualTo(Kind.STALLED);
        assertIsThere(SONG);
    }

    @Test
    void interruptedDownloadGoesOn() throws Exception {
        host.script("/song", exchange -> {
            answer(exchange, 200, SONG.length, "ETag", TAG, "Accept-Ranges", "bytes");
            exchange.getResponseBody().write(SONG, 0, STOPPED);
            exchange.getResponseBody().flush();
            host.staySilent();
        });
        host.script("/song", rest(SONG, 2 * BLOCK, "ETag", TAG));

        CompletableFuture<Kind> outcome = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> outcome.complete(catchThrowableOfType(BrokenDownloadException.class, () -> fetch("/song"))
                        .kind()));
        thread.start();
        await().until(this::isStopped);
        thread.interrupt();

        assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(Kind.INTERRUPTED);
        fetch("/song");
        assertIsThere(SONG);
    }

    @Test
    void hostInTroubleCostsNothingOfWhatIsHere() throws IOException {
        leave(SONG, STOPPED, TAG);
        host.status("/song", 503).script("/song", rest(SONG, 2 * BLOCK, "ETag", TAG));

        assertBroken(Kind.SERVER, "/song");
        fetch("/song");

        assertIsThere(SONG);
    }

    @Test
    void downloadThatStopsAgainAndAgainLosesNothing() throws IOException {
        leave(SONG, STOPPED, TAG);
        for (int i = 0; i < 3; i++) {
            host.script("/song", exchange -> {
                answerRest(exchange, SONG, 2 * BLOCK, "ETag", TAG);
                exchange.getResponseBody().flush();
                exchange.close();
            });
        }
        host.script("/song", rest(SONG, 2 * BLOCK, "ETag", TAG));

        for (int i = 0; i < 3; i++) {
            assertBroken(Kind.CUT, "/song");
        }
        fetch("/song");

        assertThat(asked(3, "Range")).isEqualTo("bytes=" + 2 * BLOCK + "-");
        assertIsThere(SONG);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "524288, 0", "524289, 524288", "1048576, 524288", "1700000, 1572864"})
    void lastBlockIsNeverTrusted(int there, int from) throws IOException {
        leave(SONG, there, TAG);
        host.script("/song", from == 0 ? whole(SONG) : rest(SONG, from, "ETag", TAG));

        fetch("/song");

        assertThat(asked(0, "Range")).isEqualTo(from == 0 ? null : "bytes=" + from + "-");
        assertIsThere(SONG);
    }

    @Test
    void originIsOnDiskBeforeTheFirstByte() throws IOException {
        host.script("/song", exchange -> {
            answer(exchange, 200, SONG.length, "ETag", TAG, "Accept-Ranges", "bytes");
            // newer JDKs send the head with the first byte, unless they are told to
            exchange.getResponseBody().flush();
            await().until(() -> Files.exists(folder.resolve("clip.part.json")));
            exchange.getResponseBody().write(SONG);
            exchange.close();
        });

        fetch("/song");

        assertIsThere(SONG);
    }

    @ParameterizedTest
    @CsvSource({
        "no ranges, ETag, \"v1\", X-Ranges, none",
        "ranges refused, ETag, \"v1\", Accept-Ranges, none",
        "no validator, X-Tag, v1, Accept-Ranges, bytes",
        "weak, ETag, W/\"v1\", Accept-Ranges, bytes",
        "no tag by the RFC, ETag, v1, Accept-Ranges, bytes"
    })
    void partWithoutAStrongValidatorOrRangesIsNotKept(String why, String a, String b, String c, String d)
            throws IOException {
        host.script("/song", stop(SONG, a, b, c, d)).script("/song", whole(SONG));

        assertBroken(Kind.CUT, "/song");
        assertThat(folder).as(why).isEmptyDirectory();
        fetch("/song");

        assertThat(asked(1, "Range")).isNull();
        assertIsThere(SONG);
    }

    @Test
    void dateCountsWhenItIsOldAndThereIsNoTag() throws IOException {
        host.script("/old", stop(SONG, "Last-Modified", ago(61), "Accept-Ranges", "bytes"));
        assertBroken(Kind.CUT, "/old");
        assertThat(filesLeft()).containsExactly("clip.part", "clip.part.json");

        host.script("/new", stop(SONG, "Last-Modified", ago(50), "Accept-Ranges", "bytes"));
        assertBroken(Kind.CUT, "/new");
        assertThat(folder).isEmptyDirectory();

        host.script("/weak", stop(SONG, "Last-Modified", ago(900), "ETag", "W/\"1\"", "Accept-Ranges", "bytes"));
        assertBroken(Kind.CUT, "/weak");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void dateCountsOnlyAtItsUrlAndNeedNotBeRepeated() throws IOException {
        String date = ago(900);
        leave(SONG, STOPPED, date);
        host.script("/song", rest(SONG, 2 * BLOCK));

        fetch("/song");
        assertThat(asked(0, "If-Range")).isEqualTo(date);
        assertIsThere(SONG);

        leave(SONG, STOPPED, date);
        host.script("/fresh", whole(OTHER_SONG));

        fetch("/fresh");
        assertThat(asked(1, "Range")).isNull();
        assertIsThere(OTHER_SONG);
    }

    @Test
    void freshUrlOfTheSameFileGoesOnAndARedirectToo() throws IOException {
        leave(SONG, STOPPED, TAG);
        host.status("/fresh", 302, "Location", "/mirror").script("/mirror", rest(SONG, 2 * BLOCK, "ETag", TAG));

        fetch("/fresh");

        assertThat(asked(1, "If-Range")).isEqualTo(TAG);
        assertIsThere(SONG);
    }

    @Test
    void changedFileIsFetchedWholeAndIsTheOneToGoOnWith() throws IOException {
        leave(SONG, STOPPED, TAG);
        host.script("/song", stop(OTHER_SONG, "ETag", "\"v2\"", "Accept-Ranges", "bytes"));
        host.script("/song", rest(OTHER_SONG, 2 * BLOCK, "ETag", "\"v2\""));

        assertBroken(Kind.CUT, "/song");
        fetch("/song");

        assertThat(asked(1, "If-Range")).isEqualTo("\"v2\"");
        assertIsThere(OTHER_SONG);
    }

    @Test
    void changedFileWithoutAValidatorIsNotTheOneToGoOnWith() throws IOException {
        leave(SONG, STOPPED, TAG);
        host.script("/song", stop(OTHER_SONG));

        assertBroken(Kind.CUT, "/song");

        assertThat(folder).isEmptyDirectory();
    }

    /** Of 1,700,000 bytes, from 1,048,576 on. */
    @ParameterizedTest
    @CsvSource({
        "bytes 1048577-1699999/1700000, \"v1\"",
        "bytes 0-1699999/1700000, \"v1\"",
        "bytes 1048576-1699999/1700001, \"v1\"",
        "bytes 1048576-1699999/*, \"v1\"",
        "bytes 1048576-1500000/1700000, \"v1\"",
        "items 1048576-1699999/1700000, \"v1\"",
        ", \"v1\"",
        "bytes 1048576-1699999/1700000, \"v2\"",
        "bytes 1048576-1699999/1700000, W/\"v1\"",
        "bytes 1048576-1699999/1700000,"
    })
    void otherRangeThanTheOneAskedForMeansStartAnew(String range, String tag) throws IOException {
        leave(SONG, STOPPED, TAG);
        host.script("/song", exchange -> {
            answer(
                    exchange,
                    206,
                    SONG.length - 2 * BLOCK,
                    range == null ? "X" : "Content-Range",
                    range == null ? "" : range,
                    tag == null ? "Y" : "ETag",
                    tag == null ? "" : tag);
            exchange.getResponseBody().write(OTHER_SONG, 2 * BLOCK, SONG.length - 2 * BLOCK);
            exchange.close();
        });
        host.script("/song", whole(OTHER_SONG));

        fetch("/song");

        assertThat(asked(1, "Range")).isNull();
        assertThat(asked(1, "If-Range")).isNull();
        assertIsThere(OTHER_SONG);
    }

    @Test
    void rangeThatTheHostCannotServeMeansStartAnewOnce() throws IOException {
        leave(SONG, STOPPED, TAG);
        host.status("/song", 416, "Content-Range", "bytes */1000000").script("/song", whole(OTHER_SONG));
        fetch("/song");
        assertIsThere(OTHER_SONG);

        leave(SONG, STOPPED, TAG);
        host.status("/song", 416).status("/song", 416);
        assertBroken(Kind.GONE, "/song");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void partThatNothingVouchesForIsNotContinued(Flaw flaw) throws IOException {
        leave(SONG, STOPPED, TAG);
        flaw.on(folder);
        host.script("/song", whole(OTHER_SONG));

        fetch("/song");

        assertThat(asked(0, "Range")).isNull();
        assertIsThere(OTHER_SONG);
    }

    enum Flaw {
        NO_NOTE,
        EMPTY_NOTE,
        CUT_NOTE,
        OTHER_NOTE,
        NOTE_THAT_INJECTS_A_HEADER,
        LONGER_THAN_THE_FILE,
        NO_PART;

        void on(Path folder) throws IOException {
            Path note = folder.resolve("clip.part.json");
            switch (this) {
                case NO_NOTE -> Files.delete(note);
                case EMPTY_NOTE -> Files.write(note, new byte[0]);
                case CUT_NOTE -> Files.write(note, Arrays.copyOf(Files.readAllBytes(note), 20));
                case OTHER_NOTE -> Files.writeString(note, "[1]");
                case NOTE_THAT_INJECTS_A_HEADER ->
                    Files.writeString(note, "{\"url\":\"\",\"validator\":\"\\\"a\\r\\nb: c\\\"\",\"length\":1700000}");
                case LONGER_THAN_THE_FILE -> Files.write(folder.resolve("clip.part"), new byte[SONG.length + 1]);
                case NO_PART -> Files.delete(folder.resolve("clip.part"));
            }
        }
    }

    @Test
    void brokenContentLeavesNothingToGoOnWith() throws IOException {
        byte[] page = "<!DOCTYPE html><html>Please sign in</html>".getBytes(UTF_8);
        host.file("/page", "text/html", page).status("/gone", 410);

        leave(SONG, STOPPED, TAG);
        assertBroken(Kind.NOT_AUDIO, "/page");
        assertThat(folder).isEmptyDirectory();

        leave(SONG, STOPPED, TAG);
        assertBroken(Kind.GONE, "/gone");
        assertThat(folder).isEmptyDirectory();

        leave(SONG, STOPPED, TAG);
        assertBroken(Kind.BAD_URL, "/None.mp3");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileThatWasContinuedAndIsBrokenIsFetchedWholeTheNextTime() throws IOException {
        byte[] song = framesOf(500);
        leave(new byte[STOPPED], STOPPED, TAG, song.length);
        host.script("/song", rest(song, 2 * BLOCK, "ETag", TAG)).script("/song", whole(song));

        assertBroken(Kind.NOT_AUDIO, "/song");
        assertThat(folder).isEmptyDirectory();
        fetch("/song");

        assertThat(asked(1, "Range")).isNull();
        assertThat(folder.resolve("clip.mp3")).hasBinaryContent(song);
    }

    @Test
    void durationOfAFileThatWasContinuedIsThatOfTheWhole() throws IOException {
        byte[] song = framesOf(500);
        leave(song, STOPPED, TAG);
        host.script("/song", rest(song, 2 * BLOCK, "ETag", TAG));

        AudioFile audio =
                fetcher.fetchAudio(host.url("/song"), folder, "clip", OptionalDouble.of(500), (part, type) -> {});

        assertThat(audio).isEqualTo(AudioFile.inspect(audio.file()));
        assertThat(audio.seconds().orElseThrow()).isCloseTo(500, within(0.1));
    }

    @Test
    void growingStreamIsNeverContinuedAndRefusedWhileItIsTooShort() {
        byte[] begun = framesOf(400);
        host.script("/song", exchange -> {
            answer(exchange, 200, 0, "ETag", TAG, "Accept-Ranges", "bytes");
            exchange.getResponseBody().write(begun);
            exchange.getResponseBody().flush();
            throw new IOException("the host dies");
        });
        host.script("/song", exchange -> {
            answer(exchange, 200, 0, "ETag", TAG, "Accept-Ranges", "bytes");
            exchange.getResponseBody().write(begun);
            exchange.close();
        });

        for (Kind kind : List.of(Kind.CUT, Kind.WRONG_DURATION)) {
            var e = catchThrowableOfType(
                    BrokenDownloadException.class,
                    () -> fetcher.fetchAudio(
                            host.url("/song"), folder, "clip", OptionalDouble.of(500), (part, type) -> {}));

            assertThat(e.kind()).isEqualTo(kind);
            assertThat(folder).isEmptyDirectory();
        }
        assertThat(asked(1, "Range")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, PartFile.BLOCK})
    void fileOfOneBlockIsNotWorthANote(int size) {
        byte[] song = Arrays.copyOf(SONG, size);
        host.script("/song", exchange -> {
            answer(exchange, 200, song.length, "ETag", TAG, "Accept-Ranges", "bytes");
            exchange.getResponseBody().write(song, 0, song.length - 10);
            exchange.getResponseBody().flush();
            exchange.close();
        });

        assertBroken(Kind.CUT, "/song");

        assertThat(folder).isEmptyDirectory();
    }

    /** WAV of 1,700,000 bytes of noise: one byte in the wrong place changes it. */
    private static byte[] song(int seed) {
        byte[] noise = new byte[1_700_000 - Sounds.WAV_HEADER];
        new Random(seed).nextBytes(noise);
        return join(Sounds.wavHeader(noise.length), noise);
    }

    /** What a killed process leaves. */
    private void leave(byte[] song, int there, String validator, int length) throws IOException {
        Files.deleteIfExists(folder.resolve("clip.wav"));
        Files.write(folder.resolve("clip.part"), Arrays.copyOf(song, there));
        new Origin(host.url("/song"), validator, length).write(folder.resolve("clip.part.json"));
    }

    private void leave(byte[] song, int there, String validator) throws IOException {
        leave(song, there, validator, song.length);
    }

    private HttpHandler whole(byte[] song) {
        return exchange -> {
            answer(exchange, 200, song.length);
            exchange.getResponseBody().write(song);
            exchange.close();
        };
    }

    private HttpHandler rest(byte[] song, int from, String... headers) {
        return exchange -> {
            answerRest(exchange, song, from, headers);
            exchange.getResponseBody().write(song, from, song.length - from);
            exchange.close();
        };
    }

    /** Closes the connection when what was sent has come to disk. */
    private HttpHandler stop(byte[] song, String... headers) {
        return exchange -> {
            answer(exchange, 200, song.length, headers);
            exchange.getResponseBody().write(song, 0, STOPPED);
            exchange.getResponseBody().flush();
            await().until(this::isStopped);
            exchange.close();
        };
    }

    private boolean isStopped() throws IOException {
        Path part = folder.resolve("clip.part");
        return Files.exists(part) && Files.size(part) > 2 * BLOCK;
    }

    private static void answerRest(HttpExchange exchange, byte[] song, int from, String... headers) throws IOException {
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, song.length - 1, song.length));
        answer(exchange, 206, song.length - from, headers);
    }

    private static void answer(HttpExchange exchange, int status, long length, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, length);
    }

    private static String ago(int seconds) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().minusSeconds(seconds).atZone(ZoneOffset.UTC));
    }

    private static AudioFetcher fetcher(Duration stallTimeout) {
        FetchSettings settings =
                new FetchSettings(Duration.ofSeconds(5), stallTimeout, Duration.ofMinutes(10), Long.MAX_VALUE, 0.05);
        return new AudioFetcher(TestAddresses.loopback(), settings);
    }

    private AudioFile fetch(String path) {
        return fetcher.fetchAudio(host.url(path), folder, "clip", OptionalDouble.empty(), (part, type) -> {});
    }

    private void assertBroken(Kind kind, String path) {
        var e = catchThrowableOfType(BrokenDownloadException.class, () -> fetch(path));

        assertThat(e).isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
    }

    private void assertIsThere(byte[] song) {
        assertThat(filesLeft()).containsExactly("clip.wav");
        assertThat(folder.resolve("clip.wav")).hasBinaryContent(song);
    }

    private String asked(int request, String header) {
        return host.heard().get(request).getFirst(header);
    }

    private List<String> filesLeft() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
