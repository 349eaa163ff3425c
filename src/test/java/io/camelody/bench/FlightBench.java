package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.SongLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it costs {@code camelody run}, packed and in a process of its own, to ask about a hundred thousand songs whose tasks run,
 * each every ten seconds, and how soon it sees a thousand of them end. Nothing fails for being slow; a song that is lost does.
 */
class FlightBench {

    private static final int SONGS = Integer.getInteger("bench.flight-songs", 100_000);
    private static final int INTERVAL = 10;
    private static final int BATCH = 25;
    private static final int SECONDS = Integer.getInteger("bench.flight-seconds", 40);
    private static final int WARM = Integer.getInteger("bench.flight-warm", 60);
    private static final Duration LOOKS = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern PORT = Pattern.compile("port (\\d+)");

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    void songsInFlightAreAskedAbout() throws Exception {
        fill();
        String classes = System.getProperty("java.class.path");
        try (Child vendor =
                Child.java(home, List.of("-cp", classes, FlightVendor.class.getName(), Integer.toString(SONGS)))) {
            String address = "http://127.0.0.1:" + vendor.awaitSaid(PORT, PATIENCE);
            Child.Cost bare = bare(address);
            try (Child camelody = run(address)) {
                String url = camelody.awaitUrl(PATIENCE);
                camelody.awaitUntil(() -> figures(address)[4] == 0, LOOKS, PATIENCE);
                // time is what is measured
                Thread.sleep(WARM * 1000L);
                figures(address);
                Duration before = camelody.cost().cpu();
                Instant start = Instant.now();
                double heap = 0;
                int threads = 0;
                for (int second = 0; second < SECONDS; second++) {
                    // a look a second costs it little
                    Thread.sleep(1000);
                    heap = Math.max(heap, Calls.heap(url));
                    threads = Math.max(threads, threads(camelody));
                }
                double seconds = seconds(Duration.between(start, Instant.now()));
                double cpu = seconds(camelody.cost().cpu().minus(before)) / seconds;
                long[] asked = figures(address);
                Instant from = Instant.ofEpochMilli(Long.parseLong(Calls.get(address + "/end")));
                camelody.awaitUntil(
                        () -> new LedgerFile(home).number("SELECT COUNT(*) FROM song WHERE state = 'failed'")
                                == SONGS / FlightVendor.EVERY,
                        LOOKS,
                        PATIENCE);
                double[] lags = lags(from);
                camelody.stop();
                Child.Cost cost = camelody.await(PATIENCE);

                assertThat(asked[2]).as("calls that were refused").isZero();
                assertThat(new LedgerFile(home).number("SELECT COUNT(*) FROM song WHERE state = 'submitted'"))
                        .isEqualTo(SONGS - SONGS / FlightVendor.EVERY);
                FIGURES.atMost(
                        .5,
                        "processor, %,d songs in flight".formatted(SONGS),
                        cpu,
                        " of a core",
                        "bare calls: " + Figures.number(seconds(bare.cpu()) / seconds(bare.wall())));
                FIGURES.atMost(
                        50,
                        "  processor time a task asked about",
                        1e6 * cpu * seconds / asked[1],
                        " µs",
                        "half a core");
                FIGURES.atLeast(
                        SONGS / INTERVAL * .95,
                        "  tasks asked about",
                        asked[1] / seconds,
                        "/s",
                        "one in " + INTERVAL + " s");
                FIGURES.atLeast(24, "  ids a status call", (double) asked[1] / asked[0], "", "FoxAI takes " + BATCH);
                FIGURES.add("  longest time between two calls", asked[3] / 1e3 + " s", "");
                FIGURES.atMost(256, "  highest heap seen", heap / (1 << 20), " MB", "-Xmx256m");
                FIGURES.add("  peak memory of the process", cost.peakKb() / 1024 + " MB", "");
                FIGURES.add("  threads at most", Integer.toString(threads), "");
                FIGURES.atMost(
                        INTERVAL + 1,
                        "  end to known, max of %,d".formatted(lags.length),
                        Figures.quantile(lags, 1),
                        " s",
                        "p50 %s, p95 %s"
                                .formatted(
                                        Figures.number(Figures.quantile(lags, .5)),
                                        Figures.number(Figures.quantile(lags, .95))));
            }
        }
    }

    /** As the ledger has them when they were submitted: their first status calls are due within the next interval. */
    private void fill() throws SQLException, IOException {
        Files.createDirectories(home.resolve("data"));
        SongLedger.openForWork(new LedgerFile(home).url(), Clock.systemUTC()).close();
        long now = System.currentTimeMillis();
        try (Connection connection = new LedgerFile(home).connect();
                PreparedStatement song = connection.prepareStatement(
                        """
                        INSERT INTO song (id, state, state_at, vendor, step, step_vendor, due_at, timeout_at, accepted_at, submitted_at,
                            sandbox, notes, movable, request)
                        VALUES (?, 'submitted', ?, 'foxai', 'song', 'foxai', ?, ?, ?, ?, 0, '[]', 0, ?)
                        """);
                PreparedStatement task = connection.prepareStatement(
                        """
                        INSERT INTO task (song_id, number, step, vendor, outcome, task_id, price, sandbox, intended_at)
                        VALUES (?, 1, 'song', 'foxai', 'made', ?, 35000, 0, ?)
                        """)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < SONGS; i++) {
                set(
                        song,
                        "song-" + i,
                        now,
                        now + INTERVAL * 1000L * i / SONGS,
                        now + Duration.ofHours(2).toMillis(),
                        now,
                        now,
                        "{\"id\":\"song-%d\",\"vendor\":\"foxai\",\"prompt\":\"a slow waltz for two voices\"}"
                                .formatted(i));
                set(task, "song-" + i, "task-" + i, now);
            }
            connection.commit();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.executeUpdate();
    }

    private Child run(String address) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String property : List.of(
                "camelody.http.port=0",
                "camelody.foxai.api-key=bench",
                "camelody.foxai.base-url=" + address + "/api/v2",
                "camelody.foxai.poll-interval=" + INTERVAL + "s",
                "camelody.foxai.timeout=2h")) {
            arguments.addAll(List.of("--property", property));
        }
        return Child.camelody(home, "-Xmx256m " + System.getProperty("bench.options", ""), arguments);
    }

    private Child.Cost bare(String address) throws Exception {
        try (Child calls = Child.java(
                home,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        BarePolls.class.getName(),
                        address + "/api/v2",
                        Integer.toString(SONGS),
                        Integer.toString(SONGS / INTERVAL / BATCH),
                        Integer.toString(BATCH),
                        "15"))) {
            Child.Cost cost = calls.await(PATIENCE);
            assertThat(calls.exitCode()).as(calls.said()).isZero();
            return cost;
        }
    }

    /** Seconds from each end to the moment when the ledger knew it. */
    private double[] lags(Instant from) throws SQLException {
        List<Double> lags = new ArrayList<>();
        try (Connection connection = new LedgerFile(home).connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, finished_at FROM song WHERE state = 'failed'")) {
            while (row.next()) {
                int task = Integer.parseInt(row.getString(1).substring("song-".length()));
                Instant end = FlightVendor.endOf(task, SONGS, from);
                lags.add((row.getLong(2) - end.toEpochMilli()) / 1e3);
            }
        }
        return lags.stream().mapToDouble(lag -> lag).toArray();
    }

    private static long[] figures(String address) {
        String[] words = Calls.get(address + "/figures").split(" ");
        long[] figures = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            figures[i] = Long.parseLong(words[i]);
        }
        return figures;
    }

    private static int threads(Child child) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
