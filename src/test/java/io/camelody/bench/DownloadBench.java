package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How fast the packed program takes clips from a host that has them in memory, beside curl, turn by turn; and whether it takes a
 * clip of two gigabytes in a heap of 256 MB. The host measures, from the first request to the last byte that was taken. What
 * comes before and after, hash and tags and the disk itself, curl does not do: beside it stands what it takes with sha256sum and sync.
 */
class DownloadBench {

    private static final long ONE = Long.getLong("bench.download-bytes", 500_000_000);
    private static final long LARGE = Long.getLong("bench.large-bytes", 2_000_000_000);
    private static final int ROUNDS = Integer.getInteger("bench.download-rounds", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Pattern PORT = Pattern.compile("port (\\d+)");

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void clipsComeAsFastAsCurlTakesThem(int connections) throws Exception {
        long bytes = ONE / connections;
        try (Child host = host()) {
            String address = address(host);
            assumeThat(curl(address, bytes, 1, "curl --version >&2"))
                    .as("curl is there")
                    .isGreaterThanOrEqualTo(0);
            Calls.get(address + "/figures");
            double[] curl = new double[ROUNDS];
            double[] whole = new double[ROUNDS];
            double[] ours = new double[ROUNDS];
            double[] ourWhole = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                curl(address, bytes, connections, "");
                curl[round] = megabytesASecond(address);
                whole[round] = curl(address, bytes, connections, "sha256sum curl-* >/dev/null && sync curl-*");
                Calls.get(address + "/figures");
                Path place = Files.createDirectory(home.resolve("round-" + round));
                try (Child camelody = batch(place, address, "wav", bytes, connections)) {
                    Child.Cost cost = camelody.await(PATIENCE);
                    assertThat(camelody.exitCode()).as(camelody.said()).isZero();
                    ourWhole[round] = cost.wall().toMillis() / 1e3;
                }
                ours[round] = megabytesASecond(address);
                requireWhole(place, connections, bytes);
            }
            double median = Figures.quantile(curl, .5);
            FIGURES.atLeast(
                    .9 * median,
                    "download, %d at once, %,d MB".formatted(connections, ONE / 1_000_000),
                    Figures.quantile(ours, .5),
                    " MB/s",
                    "curl: " + Figures.number(median) + " MB/s");
            FIGURES.add(
                    "  from start to delivered",
                    Figures.number(Figures.quantile(ourWhole, .5)) + " s",
                    "curl, sha256sum, sync: " + Figures.number(Figures.quantile(whole, .5)) + " s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "wav", "m4a"})
    void aClipOfTwoGigabytesIsDeliveredInLittleMemory(String type) throws Exception {
        try (Child host = host();
                Child camelody = batch(home, address(host), type, LARGE, 1)) {
            Child.Cost cost = camelody.await(PATIENCE);

            assertThat(camelody.exitCode()).as(camelody.said()).isZero();
            requireWhole(home, 1, LARGE);
            FIGURES.add(
                    "a %s of %s GB, -Xmx256m, from start to delivered".formatted(type, Figures.number(LARGE / 1e9)),
                    cost.wall().toSeconds() + " s",
                    "peak memory of the process: %d MB%s"
                            .formatted(
                                    cost.peakKb() / 1024,
                                    camelody.said().contains("without tags") ? "; without tags" : ""));
        }
    }

    /** Nothing is cut, and what is there more is tags. */
    private static void requireWhole(Path place, int clips, long bytes) throws IOException {
        try (var files = Files.walk(place.resolve("songs"))) {
            List<Path> audio = files.filter(file -> file.toString().matches(".*\\.(wav|mp3|m4a)"))
                    .toList();
            assertThat(audio).hasSize(clips);
            for (Path file : audio) {
                assertThat(Files.size(file)).isBetween(bytes - 200, bytes + 2_000_000);
                Files.delete(file);
            }
        }
    }

    private Child host() throws IOException {
        return Child.java(home, List.of("-cp", System.getProperty("java.class.path"), ClipHost.class.getName()));
    }

    private static String address(Child host) {
        return "http://127.0.0.1:" + host.awaitSaid(PORT, PATIENCE);
    }

    private static Child batch(Path place, String address, String type, long bytes, int songs) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < songs; i++) {
            lines.append("{\"id\":\"song-%d\",\"vendor\":\"foxai\",\"prompt\":\"%s %d\"}%n".formatted(i, type, bytes));
        }
        Path file = Files.writeString(place.resolve("songs.jsonl"), lines);
        List<String> arguments = new ArrayList<>(List.of("batch", file.toString()));
        for (String property : List.of(
                "camelody.foxai.api-key=bench",
                "camelody.foxai.base-url=" + address + "/api/v2",
                "camelody.foxai.poll-first-after=0s",
                "camelody.foxai.submit-rate=1000",
                "camelody.work.submits=16",
                "camelody.work.deliveries=16",
                "camelody.outgoing.allow=127.0.0.1")) {
            arguments.addAll(List.of("--property", property));
        }
        return Child.camelody(place, "-Xmx256m", arguments);
    }

    /** @param then what is done with the files besides; @return seconds, or -1 where it failed */
    private double curl(String address, long bytes, int connections, String then) throws Exception {
        String files = "curl -sS -Z --parallel-max %d -o 'curl-#1' '%s/clip/wav-%d-[1-%d]'"
                .formatted(connections, address, bytes, connections);
        String command = then.startsWith("curl") ? then : then.isEmpty() ? files : files + " && " + then;
        long start = System.nanoTime();
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("curl.txt").toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        for (int i = 1; i <= connections; i++) {
            Files.deleteIfExists(home.resolve("curl-" + i));
        }
        return ended && process.exitValue() == 0 ? seconds : -1;
    }

    private static double megabytesASecond(String address) {
        String[] words = Calls.get(address + "/figures").split(" ");
        return Double.parseDouble(words[1]) / 1e6 / (Double.parseDouble(words[0]) / 1e9);
    }
}
