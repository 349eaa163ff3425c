package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the s3 sink uploads, beside the SDK alone on the same server in the same run, and in how much heap. The server is
 * S3Proxy in this process, on the same disk and the same processors. They take turns, and the best of each counts. The SDK
 * sends bodies as the sink has it do, signed as a whole; by itself it signs them in chunks where there is no TLS, and those
 * signatures S3Proxy does not look at, which saves it a pass over every byte.
 */
class S3UploadBench {

    private static final int MEGABYTE = 1_000_000;
    private static final int LARGE = Integer.getInteger("bench.large-megabytes", 1_000);
    private static final int CLIPS = Integer.getInteger("bench.clips", 200);
    private static final int TURNS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    private record Took(double seconds, double heap) {

        Took best(Took other) {
            return new Took(Math.min(seconds, other.seconds), Math.max(heap, other.heap));
        }
    }

    @TempDir
    private Path folder;

    @Test
    void uploadsAreAsFastAsTheSdkAloneInAHeapThatDoesNotGrow() throws Exception {
        Path warm = files("warm", 16, 3);
        Path clips = files("clips", CLIPS, 4);
        Path large = files("large", 1, LARGE);

        Took small = compare("clips of 4 MB, %d, 8 at once".formatted(CLIPS), CLIPS * 4, warm, clips);
        Took big = compare("one file of %,d MB".formatted(LARGE), LARGE, warm, large);

        FIGURES.add("  peak heap, -Xmx64m: clips", Figures.number(small.heap()) + " MB", "");
        FIGURES.add("  peak heap, -Xmx64m: large file", Figures.number(big.heap()) + " MB", "");
    }

    private Took compare(String what, int megabytes, Path warm, Path files) throws Exception {
        Took sink = new Took(Double.MAX_VALUE, 0);
        Took sdk = sink;
        Took chunked = sink;
        for (int turn = 0; turn < TURNS; turn++) {
            sdk = sdk.best(upload("sdk", "-Xmx256m", warm, files));
            chunked = chunked.best(upload("sdk-chunked", "-Xmx256m", warm, files));
            sink = sink.best(upload("sink", "-Xmx64m", warm, files));
        }
        FIGURES.atLeast(
                80,
                what + ", sink by SDK alone",
                100 * sdk.seconds() / sink.seconds(),
                " %",
                "%s by %s MB/s; SDK in chunks, not checked: %s"
                        .formatted(
                                Figures.number(megabytes / sink.seconds()),
                                Figures.number(megabytes / sdk.seconds()),
                                Figures.number(megabytes / chunked.seconds())));
        return sink;
    }

    private Took upload(String who, String heap, Path warm, Path files) throws Exception {
        Path there = Files.createTempDirectory(folder, "server");
        try (S3Server server = S3Server.start(there);
                Child child = Child.java(
                        folder,
                        List.of(
                                heap,
                                "-cp",
                                System.getProperty("java.class.path"),
                                S3Upload.class.getName(),
                                who,
                                server.url(),
                                warm.toString(),
                                files.toString()))) {
            child.await(PATIENCE);
            assertThat(child.exitCode()).as(child.said()).isZero();
            String[] words = child.said()
                    .lines()
                    .filter(line -> line.startsWith("took "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
            return new Took(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
        } finally {
            delete(there);
        }
    }

    private Path files(String name, int number, int megabytes) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        byte[] bytes = new byte[MEGABYTE];
        new Random(1).nextBytes(bytes);
        for (int i = 0; i < number; i++) {
            try (OutputStream out = Files.newOutputStream(made.resolve("%s-%d.mp3".formatted(name, i)))) {
                for (int part = 0; part < megabytes; part++) {
                    out.write(bytes);
                }
            }
        }
        return made;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
