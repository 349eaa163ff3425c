package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audio of many times the size of the heap passes through a JVM of its own. */
class SmallHeapTest {

    private static final int PIECE = 1 << 20;
    private static final int PIECES = 300;

    @TempDir
    Path folder;

    @Test
    void memoryDoesNotGrowWithTheAudio() throws Exception {
        try (StrictServer host = new StrictServer()) {
            host.script("/song", exchange -> {
                exchange.sendResponseHeaders(200, Sounds.WAV_HEADER + (long) PIECES * PIECE);
                OutputStream out = exchange.getResponseBody();
                out.write(Sounds.wavHeader((long) PIECES * PIECE));
                byte[] silence = new byte[PIECE];
                for (int i = 0; i < PIECES; i++) {
                    out.write(silence);
                }
                exchange.close();
            });
            Process small = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx24m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Fetch.class.getName(),
                            host.url("/song"),
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();

            boolean ended = small.waitFor(90, TimeUnit.SECONDS);
            small.destroyForcibly();

            assertThat(ended).isTrue();
            assertThat(Files.readString(folder.resolve("output"))).isEmpty();
            assertThat(folder.resolve("clip.wav")).hasSize(Sounds.WAV_HEADER + (long) PIECES * PIECE);
        }
    }

    /** What runs in the small heap. */
    static final class Fetch {

        private Fetch() {}

        public static void main(String[] args) throws IOException {
            FetchSettings settings = FetchSettings.defaults();
            new AudioFetcher(settings.newHttpClient(), settings)
                    .fetchAudio(args[0], Path.of(args[1]), "clip", OptionalDouble.empty());
        }
    }
}
