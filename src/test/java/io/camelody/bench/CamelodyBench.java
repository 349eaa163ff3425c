package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.HeardCall;
import io.camelody.sandbox.MadeTask;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast and how heavy the packed program is, each figure beside its bar and beside something bare that was measured in
 * the same run. The sandbox runs in this process, so that the costs are those of the program alone; they share the
 * machine. Nothing fails for being slow, but a song that is lost or a task that is made twice does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CamelodyBench {

    private static final int SONGS = Integer.getInteger("bench.songs", 5_000);
    private static final int LINES = Integer.getInteger("bench.lines", 100_000);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    @Order(1)
    void startIsQuick() throws Exception {
        double[] bare = new double[5];
        double[] seconds = new double[5];
        for (int i = 0; i < seconds.length; i++) {
            try (Child version = Child.java(home, List.of("-version"))) {
                bare[i] = seconds(version.await(PATIENCE).wall());
            }
            Path fresh = Files.createDirectory(home.resolve("home-" + i));
            try (Sandbox sandbox = Sandbox.start(atOnce());
                    Child camelody = batch(fresh, sandbox, "", 1, Map.of())) {
                camelody.await(PATIENCE);
                requireEverySongOnce(fresh, sandbox, camelody, 1);
                Instant heard = sandbox.heard("foxai", "POST", "/").get(0).at();
                seconds[i] = seconds(Duration.between(camelody.startedAt(), heard));
            }
        }
        FIGURES.atMost(
                3,
                "start to the first submit, median of 5",
                Figures.quantile(seconds, .5),
                " s",
                "java -version: " + Figures.number(Figures.quantile(bare, .5)) + " s");
    }

    @Test
    @Order(2)
    void linesAreAccepted() throws Exception {
        double commits = bareCommitsASecond();
        // one song at a time, so that nearly all of the work is the reading
        Map<String, String> settings = Map.of("submit-rate", "1", "max-running", "1");
        try (Sandbox sandbox = Sandbox.start(atOnce());
                Child camelody = batch(home, sandbox, "-Xmx128m", LINES, settings)) {
            Path ledger = home.resolve("data/ledger.db");
            Instant first = awaitRows(camelody, ledger, 1);
            Instant last = awaitRows(camelody, ledger, LINES);
            camelody.stop();
            Child.Cost cost = camelody.await(PATIENCE);
            FIGURES.atLeast(
                    2_000,
                    "lines accepted and durable",
                    LINES / seconds(Duration.between(first, last)),
                    "/s",
                    "bare SQLite, one row a commit: " + Figures.number(commits) + "/s");
            FIGURES.add(
                    "  peak memory, %,d lines, -Xmx128m".formatted(LINES),
                    megabytes(cost),
                    "file: " + Figures.number(Files.size(home.resolve("bench.jsonl")) / 1e6) + " MB");
        }
    }

    @Test
    @Order(3)
    void songsReachTheDisk() throws Exception {
        Duration before = ownCpu();
        try (Sandbox sandbox = Sandbox.start(atOnce());
                Child camelody = batch(home, sandbox, "", SONGS, Map.of())) {
            Child.Cost cost = camelody.await(PATIENCE);
            double sandboxMillis = 1000 * seconds(ownCpu().minus(before)) / SONGS;
            List<Song> songs = requireEverySongOnce(home, sandbox, camelody, SONGS);
            Optional<Child.Cost> plain = plainScript(Math.max(1, Math.round(idsACall(sandbox))));
            FIGURES.atLeast(
                    100,
                    "songs from file to disk, %,d".formatted(SONGS),
                    SONGS / seconds(cost.wall()),
                    "/s",
                    beside(plain, script -> Figures.number(SONGS / seconds(script.wall())) + "/s"));
            plain.ifPresent(script -> FIGURES.atMost(
                    2,
                    "  processor time, of a plain script's",
                    seconds(cost.cpu()) / seconds(script.cpu()),
                    "",
                    "start and all"));
            FIGURES.add(
                    "  processor time a song, start and all",
                    millisASong(cost.cpu()),
                    beside(plain, script -> millisASong(script.cpu())));
            FIGURES.add(
                    "  processor time a song, behind the first",
                    millisASong(cost.cpu().minus(cpuOfOneSong())),
                    "sandbox beside it: %s ms".formatted(Figures.number(sandboxMillis)));
            FIGURES.add("  peak memory", megabytes(cost), beside(plain, CamelodyBench::megabytes));
            FIGURES.add(
                    "  status calls a song",
                    Figures.number((double) statusCalls(sandbox).size() / SONGS),
                    "ids a call: " + Figures.number(idsACall(sandbox)));
            addLags("  vendor's end to ours", lags(sandbox, songs));
        }
    }

    @Test
    @Order(4)
    void pollingKeepsUp() throws Exception {
        int songs = 1_000;
        SandboxSettings vendor = atOnce().withLatency(Duration.ofSeconds(12)).withLatencySpread(.3);
        Map<String, String> settings = Map.of("max-running", "500", "poll-first-after", "2s", "poll-interval", "2s");
        try (Sandbox sandbox = Sandbox.start(vendor);
                Child camelody = batch(home, sandbox, "", songs, settings)) {
            Child.Cost cost = camelody.await(PATIENCE);
            double[] lags = lags(sandbox, requireEverySongOnce(home, sandbox, camelody, songs));
            FIGURES.atLeast(20, "ids a status call, 500 in flight", idsACall(sandbox), "", "FoxAI takes 25");
            FIGURES.atMost(
                    3,
                    "  vendor's end to ours, p95, interval 2 s",
                    Figures.quantile(lags, .95),
                    " s",
                    "interval + 1 s");
            addLags("  vendor's end to ours", lags);
            FIGURES.add(
                    "  processor time a second",
                    Figures.number(1000 * seconds(cost.cpu()) / seconds(cost.wall())) + " ms",
                    "status calls a song: "
                            + Figures.number((double) statusCalls(sandbox).size() / songs));
        }
    }

    private static SandboxSettings atOnce() {
        return SandboxSettings.defaults()
                .withLatency(Duration.ZERO)
                .withLatencySpread(0)
                .withAudioBytes(40_000);
    }

    /** Runs so many requests for FoxAI, as quickly as the program can unless the settings say otherwise. */
    private static Child batch(Path home, Sandbox sandbox, String options, int requests, Map<String, String> settings)
            throws IOException {
        Path file = home.resolve("bench.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < requests; i++) {
                out.write("{\"vendor\":\"foxai\",\"prompt\":\"Song %d, a slow waltz for two voices\"}%n".formatted(i));
            }
        }
        Map<String, String> properties = new LinkedHashMap<>(sandbox.settings());
        properties.keySet().removeIf(name -> !name.startsWith("camelody.foxai.") && !name.equals(Sandbox.ALLOW));
        properties.put("camelody.foxai.submit-rate", "10000");
        properties.put("camelody.foxai.max-running", "1000000");
        properties.put("camelody.foxai.poll-first-after", "0s");
        properties.put("camelody.foxai.poll-interval", "200ms");
        settings.forEach((name, value) -> properties.put("camelody.foxai." + name, value));
        List<String> arguments = new ArrayList<>(List.of("batch", file.toString()));
        properties.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return Child.camelody(home, options, arguments);
    }

    private static List<Song> requireEverySongOnce(Path home, Sandbox sandbox, Child camelody, int requests) {
        assertThat(camelody.exitCode()).as(camelody.said()).isZero();
        assertThat(sandbox.tasks()).hasSize(requests);
        assertThat(sandbox.tasks()).extracting(MadeTask::request).doesNotHaveDuplicates();
        List<Song> songs = new ArrayList<>();
        try (SongLedger ledger =
                SongLedger.openBeside("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC())) {
            List<Song> page = nextPage(ledger, Cursor.START);
            while (!page.isEmpty()) {
                songs.addAll(page);
                Song last = page.get(page.size() - 1);
                page = nextPage(ledger, new Cursor(last.acceptedAt(), last.id()));
            }
        }
        assertThat(songs).hasSize(requests).allMatch(song -> song.state() == SongState.DELIVERED);
        assertThat(songs).allMatch(song -> Files.exists(home.resolve("songs/%s/song.json".formatted(song.id()))));
        return songs;
    }

    private static List<Song> nextPage(SongLedger ledger, Cursor after) {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), after, 1_000);
    }

    private static List<HeardCall> statusCalls(Sandbox sandbox) {
        return sandbox.heard("foxai", "GET", "/api/v2/music/task");
    }

    private static double idsACall(Sandbox sandbox) {
        return statusCalls(sandbox).stream()
                .mapToInt(call -> call.query().split(",|%2C").length)
                .average()
                .orElse(0);
    }

    /** Seconds from each task's end at the vendor to the moment when the ledger knew. */
    private static double[] lags(Sandbox sandbox, List<Song> songs) {
        Map<String, Instant> ends = new LinkedHashMap<>();
        sandbox.tasks().forEach(task -> ends.put(task.taskId(), task.endedAt()));
        return songs.stream()
                .mapToDouble(song -> seconds(Duration.between(
                        ends.get(song.tasks().get(0).taskId().orElseThrow()),
                        song.generatedAt().orElseThrow())))
                .toArray();
    }

    private static void addLags(String what, double[] lags) {
        FIGURES.add(
                what + ", p50 p95 max",
                "%s %s %s s"
                        .formatted(
                                Figures.number(Figures.quantile(lags, .5)),
                                Figures.number(Figures.quantile(lags, .95)),
                                Figures.number(Figures.quantile(lags, 1))),
                "");
    }

    private Duration cpuOfOneSong() throws Exception {
        Path fresh = Files.createDirectory(home.resolve("one"));
        try (Sandbox sandbox = Sandbox.start(atOnce());
                Child camelody = batch(fresh, sandbox, "", 1, Map.of())) {
            return camelody.await(PATIENCE).cpu();
        }
    }

    /** A script that makes the same calls and writes the same files, and does nothing else; empty where there is no Node. */
    private Optional<Child.Cost> plainScript(long idsACall) throws Exception {
        Path folder = Files.createDirectory(home.resolve("plain"));
        Path script = Path.of("src", "test", "java", "io", "camelody", "bench", "plain.mjs")
                .toAbsolutePath();
        try (Sandbox sandbox = Sandbox.start(atOnce());
                Child plain = Child.of(
                        home,
                        List.of(
                                "node",
                                script.toString(),
                                sandbox.settings().get("camelody.foxai.base-url"),
                                Integer.toString(SONGS),
                                Long.toString(idsACall),
                                folder.toString()))) {
            Child.Cost cost = plain.await(PATIENCE);
            assertThat(plain.exitCode()).as(plain.said()).isZero();
            assertThat(sandbox.tasks()).hasSize(SONGS);
            return Optional.of(cost);
        } catch (IOException e) {
            // there is no such program
            return Optional.empty();
        }
    }

    private static String beside(Optional<Child.Cost> plain, Function<Child.Cost, String> figure) {
        return plain.map(cost -> "plain script: " + figure.apply(cost)).orElse("no Node here for a plain script");
    }

    /** What this disk and SQLite can do at most when every row is a durable transaction of its own. */
    private double bareCommitsASecond() throws SQLException {
        int rows = 2_000;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bare.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, text TEXT)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bare VALUES (?, 'a row')")) {
                long start = System.nanoTime();
                for (int i = 0; i < rows; i++) {
                    insert.setString(1, "id-" + i);
                    insert.executeUpdate();
                }
                return rows / ((System.nanoTime() - start) / 1e9);
            }
        }
    }

    /** Looks into the ledger from outside: what is seen there is durable. */
    private static Instant awaitRows(Child camelody, Path ledger, int rows) {
        camelody.awaitUntil(() -> Files.exists(ledger) && rows(ledger) >= rows, Duration.ofMillis(10), PATIENCE);
        return Instant.now();
    }

    private static long rows(Path ledger) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(rowid) FROM song")) {
            return row.getLong(1);
        } catch (SQLException e) {
            // the table may not be there yet
            return 0;
        }
    }

    private static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static String millisASong(Duration cpu) {
        return Figures.number((double) cpu.toMillis() / SONGS) + " ms";
    }

    private static String megabytes(Child.Cost cost) {
        return cost.peakKb() / 1024 + " MB";
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
