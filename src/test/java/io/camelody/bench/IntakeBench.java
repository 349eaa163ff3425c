package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast {@code camelody run}, packed and in a process of its own, takes requests in: over HTTP from a process that sends
 * at a steady rate, and from a dropped file of a million lines and a gigabyte. Nothing fails for being slow; a request that is
 * lost does.
 */
class IntakeBench {

    private static final int RATE = Integer.getInteger("bench.http-rate", 1_000);
    private static final int SECONDS = Integer.getInteger("bench.http-seconds", 30);
    private static final int WARM = 10;
    private static final int LINES = Integer.getInteger("bench.drop-lines", 1_000_000);
    private static final int LINE = Integer.getInteger("bench.drop-line", 1_000);
    private static final Duration LOOKS = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    void requestsAreTakenOverHttp() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());
                Child camelody = run(sandbox, "")) {
            String url = url(camelody);
            String classes = Path.of(OpenLoop.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
            String rate = Integer.toString(RATE);
            Duration before = camelody.cost().cpu();
            try (Child loop = Child.java(
                    home,
                    List.of(
                            "-cp",
                            classes,
                            OpenLoop.class.getName(),
                            url,
                            rate,
                            Integer.toString(WARM),
                            Integer.toString(SECONDS)))) {
                Child.Cost loopCost = loop.await(PATIENCE);
                assertThat(loop.exitCode()).as(loop.said()).isZero();
                Duration used = camelody.cost().cpu().minus(before);
                String[] said = loop.said().strip().split(" ");
                camelody.stop();
                Child.Cost cost = camelody.await(PATIENCE);
                assertThat(said[0]).as("each was accepted").isEqualTo(Integer.toString(RATE * SECONDS));
                assertThat(new LedgerFile(home).number("SELECT COUNT(*) FROM song WHERE id LIKE 'song-%'"))
                        .as("and is in the ledger")
                        .isEqualTo(RATE * SECONDS);
                FIGURES.atLeast(
                        RATE * .99, "POST /songs accepted and durable", Double.parseDouble(said[1]), "/s", "open loop");
                FIGURES.atMost(
                        100,
                        "  p99 of the time from when each was due",
                        Double.parseDouble(said[3]),
                        " ms",
                        "p50 %s, p99.9 %s, max %s ms".formatted(said[2], said[4], said[5]));
                FIGURES.add(
                        "  processor time a request",
                        Figures.number((double) used.toMillis() / (RATE * (WARM + SECONDS))) + " ms",
                        "the sender: "
                                + Figures.number((double) loopCost.cpu().toMillis() / (RATE * (WARM + SECONDS)))
                                + " ms");
                FIGURES.add("  peak memory", cost.peakKb() / 1024 + " MB", "");
            }
        }
    }

    @Test
    void aLargeFileIsTakenFromTheInbox() throws Exception {
        Path file = home.resolve("large.jsonl");
        String words = "la ".repeat(LINE / 3);
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < LINES; i++) {
                lines.write("{\"vendor\":\"foxai\",\"lyrics\":\"%d %s\"}\n".formatted(i, words));
            }
        }
        long bytes = Files.size(file);
        Files.createDirectories(home.resolve("inbox"));
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());
                Child camelody = run(sandbox, "-Xmx256m")) {
            String url = url(camelody);
            Files.move(file, home.resolve("inbox/large.jsonl"));
            camelody.awaitUntil(() -> new LedgerFile(home).number("SELECT MAX(rowid) FROM song") > 0, LOOKS, PATIENCE);
            Instant first = Instant.now();
            double[] peak = {0};
            Callable<Boolean> isDone = () -> {
                peak[0] = Math.max(peak[0], Calls.heap(url));
                return Files.exists(home.resolve("inbox/done/large.jsonl"));
            };
            camelody.awaitUntil(isDone, LOOKS, PATIENCE);
            double seconds = Duration.between(first, Instant.now()).toMillis() / 1e3;
            camelody.stop();
            Child.Cost cost = camelody.await(PATIENCE);
            assertThat(new LedgerFile(home).number("SELECT COUNT(*) FROM song")).isEqualTo(LINES);
            FIGURES.atLeast(
                    2_000,
                    "lines of a dropped file, accepted and durable",
                    LINES / seconds,
                    "/s",
                    "%,d lines, %s GB".formatted(LINES, Figures.number(bytes / 1e9)));
            FIGURES.add(
                    "  highest heap seen, -Xmx256m",
                    Figures.number(peak[0] / (1 << 20)) + " MB",
                    "peak memory of the process: " + cost.peakKb() / 1024 + " MB");
        }
    }

    /** Hardly a song is submitted, so that nearly all of the work is taking requests in. */
    private Child run(Sandbox sandbox, String options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        arguments.addAll(List.of("--property", "camelody.http.port=0"));
        arguments.addAll(List.of("--property", "camelody.foxai.submit-rate=1"));
        arguments.addAll(List.of("--property", "camelody.foxai.max-running=1"));
        return Child.camelody(home, options, arguments);
    }

    private static String url(Child camelody) {
        camelody.awaitUntil(() -> camelody.said().contains("Watching"), LOOKS, PATIENCE);
        return camelody.awaitUrl(PATIENCE);
    }
}
