package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
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
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Pattern URL = Pattern.compile("Listening on (\\S+)");
    private static final Pattern HEAP = Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\",[^}]*} (\\S+)");
    private static final Figures FIGURES = new Figures();
    private static final double BEFORE = load();

    @TempDir
    private Path home;

    @AfterAll
    static void print() {
        System.out.printf(
                "%n  Java %s, load before and after %.1f and %.1f%n%n%s%n", Runtime.version(), BEFORE, load(), FIGURES);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

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
                assertThat(number("SELECT COUNT(*) FROM song WHERE id LIKE 'song-%'"))
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
            await(camelody, () -> number("SELECT MAX(rowid) FROM song") > 0);
            Instant first = Instant.now();
            double[] peak = {0};
            await(camelody, () -> {
                peak[0] = Math.max(peak[0], heap(url));
                return Files.exists(home.resolve("inbox/done/large.jsonl"));
            });
            double seconds = Duration.between(first, Instant.now()).toMillis() / 1e3;
            camelody.stop();
            Child.Cost cost = camelody.await(PATIENCE);
            assertThat(number("SELECT COUNT(*) FROM song")).isEqualTo(LINES);
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

    private static String url(Child camelody) throws InterruptedException {
        await(camelody, () -> camelody.said().contains("Watching"));
        Matcher url = URL.matcher(camelody.said());
        assertThat(url.find()).as(camelody.said()).isTrue();
        return url.group(1);
    }

    private static void await(Child camelody, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (!camelody.isAlive() || Instant.now().isAfter(end)) {
                throw new IllegalStateException("It did not come to it:\n" + camelody.said());
            }
            Thread.sleep(250);
        }
    }

    private static double heap(String url) {
        try {
            String metrics = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url + "/metrics")).build(), BodyHandlers.ofString())
                    .body();
            return HEAP.matcher(metrics)
                    .results()
                    .mapToDouble(area -> Double.parseDouble(area.group(1)))
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long number(String query) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/ledger.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
