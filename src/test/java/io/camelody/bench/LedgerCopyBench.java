package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.LedgerSource;
import io.camelody.ledger.SongLedger;
import io.camelody.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long {@code camelody ledger copy}, packed and in a process of its own with a heap of 256 MB, takes for many songs, each with
 * its task and four events; beside the same rows copied within the server, which has to do as much at least.
 */
class LedgerCopyBench {

    private static final int SONGS = Integer.getInteger("bench.copy-songs", 200_000);

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** About a kilobyte. */
    private static final String REQUEST = "{\"prompt\":\"" + "la ".repeat(300) + "\"}";

    private static final String NUMBERS =
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d) "
                    .formatted(SONGS);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    void ledgerIsCopied() throws Exception {
        fill();
        String to = PostgresServer.schema();
        Matcher parts = Pattern.compile("(.*[?])user=([^&]+)&(.*)").matcher(to);
        assertThat(parts.matches()).isTrue();
        try (Child copy = Child.camelody(
                home,
                "-Xmx256m",
                List.of(
                        "ledger",
                        "copy",
                        "--to",
                        parts.group(1) + parts.group(3),
                        "--property",
                        "camelody.ledger.user=" + parts.group(2)))) {
            Child.Cost cost = copy.await(PATIENCE);
            assertThat(copy.exitCode()).as(copy.said()).isZero();
            assertThat(number(to, "SELECT COUNT(*) FROM song")).isEqualTo(SONGS);
            assertThat(number(to, "SELECT COUNT(*) FROM event")).isEqualTo(4L * SONGS);
            double within = within(to);
            double took = cost.wall().toMillis() / 1e3;
            FIGURES.add(
                    "%,d songs copied, read back and compared".formatted(SONGS),
                    Figures.number(SONGS / took) + "/s",
                    "within the server, not compared: " + Figures.number(SONGS / within) + "/s");
            FIGURES.add("  processor time of it", Figures.number(cost.cpu().toMillis() / 1e3) + " s", "");
            FIGURES.add("  peak memory", cost.peakKb() / 1024 + " MB", "heap of 256 MB");
        }
    }

    private void fill() throws Exception {
        Files.createDirectories(home.resolve("data"));
        String url = "jdbc:sqlite:" + home.resolve("data/ledger.db");
        SongLedger.openForWork(LedgerSource.of(url)).close();
        execute(
                url,
                NUMBERS
                        + """
                        INSERT INTO song (id, state, state_at, vendor, step, step_vendor, due_at, accepted_at, sandbox, notes,
                            movable, request, finished_at)
                        SELECT 'song-' || n, 'delivered', n, 'foxai', 'song', 'foxai', n, n, 0, '[]', 0, '%s', n FROM numbers
                        """
                                .formatted(REQUEST),
                NUMBERS
                        + """
                        INSERT INTO task (song_id, number, step, vendor, outcome, price, sandbox, intended_at)
                        SELECT 'song-' || n, 1, 'song', 'foxai', 'made', 35000, 0, n FROM numbers
                        """,
                NUMBERS
                        + """
                        INSERT INTO event (song_id, state, at)
                        SELECT 'song-' || n, state, n
                        FROM numbers, (SELECT 'accepted' AS state UNION ALL SELECT 'submitted' UNION ALL SELECT 'generated'
                            UNION ALL SELECT 'delivered')
                        """);
    }

    /** @return the seconds that the server takes by itself, in another schema */
    private static double within(String from) throws SQLException {
        String other = PostgresServer.schema();
        SongLedger.openForWork(LedgerSource.of(other)).close();
        String schema = from.replaceFirst(".*currentSchema=([^&]*).*", "$1");
        long began = System.nanoTime();
        execute(
                other,
                "ALTER TABLE song DISABLE TRIGGER USER",
                "INSERT INTO song SELECT * FROM %s.song".formatted(schema),
                "INSERT INTO task SELECT * FROM %s.task".formatted(schema),
                "INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM %s.event".formatted(schema));
        return (System.nanoTime() - began) / 1e9;
    }

    private static void execute(String url, String... all) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : all) {
                statement.execute(sql);
            }
        }
    }

    private static long number(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
