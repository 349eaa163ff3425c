package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.camelody.request.Json;
import io.camelody.testkit.StrictServer;
import io.camelody.testkit.TestAddresses;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audio of many times the size of the heap passes through a JVM of its own, which may be killed. */
class SmallHeapTest {

    private static final int PIECE = 1 << 20;
    private static final int PIECES = 120;
    private static final long LENGTH = Sounds.WAV_HEADER + (long) PIECES * PIECE;

    @TempDir
    Path folder;

    private final AtomicLong sent = new AtomicLong();

    @Test
    void memoryDoesNotGrowWithTheAudio() throws Exception {
        try (StrictServer host = new StrictServer()) {
            host.script("/song", exchange -> {
                exchange.sendResponseHeaders(200, LENGTH);
                send(exchange, 0, LENGTH);
                exchange.close();
            });

            assertFetched(host.url("/song"));
        }
    }

    @Test
    void killedFetchIsContinuedByTheNextProcess() throws Exception {
        long until = LENGTH * 2 / 3;
        try (StrictServer host = new StrictServer()) {
            host.script("/song", exchange -> {
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
                exchange.sendResponseHeaders(200, LENGTH);
                send(exchange, 0, until);
                exchange.getResponseBody().flush();
                host.staySilent();
            });
            host.script("/song", exchange -> {
                String range = exchange.getRequestHeaders().getFirst("Range");
                long from = Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %d-%d/%d".formatted(from, LENGTH - 1, LENGTH));
                exchange.sendResponseHeaders(206, LENGTH - from);
                send(exchange, from, LENGTH);
                exchange.close();
            });
            Process killed = start(host.url("/song"));
            await().atMost(Duration.ofSeconds(60)).until(() -> partIsLongerThan(until - PIECE));

            // SIGKILL
            killed.destroyForcibly().waitFor();
            assertFetched(host.url("/song"));

            assertThat(sent.get()).isBetween(LENGTH, LENGTH + 2 * PIECE);
        }
    }

    @Test
    void tagsAreWrittenInLittleMemory() throws Exception {
        Path wav = folder.resolve("clip.wav");
        try (OutputStream out = Files.newOutputStream(wav)) {
            for (int number = 0; number < PIECES; number++) {
                out.write(piece(number));
            }
            out.write(piece(PIECES), 0, Sounds.WAV_HEADER);
        }

        Process small = startMain(Tag.class, wav.toString());
        boolean ended = small.waitFor(90, TimeUnit.SECONDS);
        small.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(Files.readString(folder.resolve("output"))).isEqualTo("the same");
    }

    private boolean partIsLongerThan(long bytes) throws IOException {
        Path part = folder.resolve("clip.part");
        return Files.exists(part) && Files.size(part) > bytes;
    }

    private void assertFetched(String url) throws Exception {
        Process small = start(url);
        boolean ended = small.waitFor(90, TimeUnit.SECONDS);
        small.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(Files.readString(folder.resolve("output"))).isEqualTo(sha256());
        assertThat(AudioFile.inspect(folder.resolve("clip.wav")).sha256()).isEqualTo(sha256());
        assertThat(folder.resolve("clip.part")).doesNotExist();
    }

    private Process start(String url) throws IOException {
        return startMain(Fetch.class, url);
    }

    private Process startMain(Class<?> main, String argument) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        argument,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    /** Sends these bytes of the song, which has another value in each of its pieces. */
    private void send(HttpExchange exchange, long from, long to) throws IOException {
        OutputStream out = exchange.getResponseBody();
        long at = from;
        while (at < to) {
            int number = (int) (at / PIECE);
            int offset = (int) (at % PIECE);
            int some = (int) Math.min(PIECE - offset, to - at);
            out.write(piece(number), offset, some);
            sent.addAndGet(some);
            at += some;
        }
    }

    private static byte[] piece(int number) {
        byte[] piece = new byte[PIECE];
        Arrays.fill(piece, (byte) number);
        if (number == 0) {
            System.arraycopy(Sounds.wavHeader((long) PIECES * PIECE), 0, piece, 0, Sounds.WAV_HEADER);
        }
        return piece;
    }

    private static String sha256() {
        var digest = AudioFile.newSha256();
        for (int number = 0; number < PIECES; number++) {
            digest.update(piece(number));
        }
        digest.update(piece(PIECES), 0, Sounds.WAV_HEADER);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What runs in the small heap. */
    static final class Tag {

        private Tag() {}

        public static void main(String[] args) throws IOException {
            Path wav = Path.of(args[0]);
            Path original = Files.copy(wav, wav.resolveSibling("original"));
            ClipWords words = ClipWords.of(Json.object().put("id", "s1").put("vendor", "v"), Json.object());
            Tagger.write(wav, AudioType.WAV, words, Optional.empty());
            boolean grew = Files.size(wav) > Files.size(original);
            System.out.print(grew && Sound.isSame(original, wav) ? "the same" : "another");
        }
    }

    /** The same, with what comes over HTTP. */
    static final class Fetch {

        private Fetch() {}

        public static void main(String[] args) throws IOException {
            FetchSettings settings = FetchSettings.defaults();
            System.out.print(new AudioFetcher(TestAddresses.loopback(), settings)
                    .fetchAudio(args[0], Path.of(args[1]), "clip", OptionalDouble.empty(), (part, type) -> {})
                    .sha256());
        }
    }
}
