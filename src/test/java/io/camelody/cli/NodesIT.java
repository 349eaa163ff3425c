package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.NewSong;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.VendorBooks;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes on one ledger in PostgreSQL, of which one is killed and one stopped, and whose database is started anew. */
class NodesIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static final int SONGS = 30;

    @TempDir
    Path folder;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(1)));
    private final VendorBooks books = new VendorBooks(sandbox);
    private final List<Child> nodes = new ArrayList<>();
    private int port;
    private int songs;
    private EmbeddedPostgres postgres;
    private SongLedger ledger;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        postgres = startPostgres();
        SongLedger.openForWork(url(), Clock.systemUTC()).close();
        ledger = SongLedger.openBeside(url(), Clock.systemUTC());
        for (int i = 0; i < 3; i++) {
            nodes.add(startNode(i));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Child node : nodes) {
            node.close();
        }
        ledger.close();
        postgres.close();
        sandbox.close();
    }

    @Test
    void songsOfNodesThatDieOrSleepAreMadeOnceByTheOthers() throws Exception {
        accept();
        await().atMost(LONG).until(() -> claimsOf(nodes.get(0)) > 0);
        nodes.get(0).kill();
        endLeaseOf(nodes.get(0));

        accept();
        await().atMost(LONG).until(() -> claimsOf(nodes.get(1)) > 0);
        signal("STOP", nodes.get(1));
        endLeaseOf(nodes.get(1));
        await().atMost(LONG)
                .until(() -> ledger.catalog()
                                .page(Optional.of(SongState.DELIVERED), Optional.empty(), Cursor.START, 100)
                                .size()
                        > SONGS / 2);
        signal("CONT", nodes.get(1));

        accept();
        await().atMost(LONG).until(() -> claimsOf(nodes.get(2)) > 0);
        postgres.close();
        postgres = startPostgres();

        await().atMost(LONG).ignoreExceptions().until(this::hasEverySongEnded);
        assertThatNothingWasBoughtTwice();
        assertThat(nodes.get(1).isAlive()).isTrue();
        assertThat(nodes.get(2).isAlive()).isTrue();
    }

    private void assertThatNothingWasBoughtTwice() throws IOException {
        Map<SongState, Integer> states = new TreeMap<>();
        for (Song song : songs()) {
            states.merge(song.state(), 1, Integer::sum);
        }
        String output =
                nodes.get(0).output() + nodes.get(1).output() + nodes.get(2).output();
        assertThat(books.submits()).as(output).allSatisfy((purchase, calls) -> assertThat(calls)
                .isEqualTo(1));
        assertThat(states.keySet()).as(output).isSubsetOf(SongState.DELIVERED, SongState.IN_DOUBT);
        // a paid call that was under way at a node that died, and nothing else
        assertThat(states.getOrDefault(SongState.IN_DOUBT, 0)).as(output).isLessThanOrEqualTo(8);
        assertThat(DeliveredSong.delivered(folder.resolve("songs"))).hasSize(states.get(SongState.DELIVERED));
        assertThat(sandbox.violations()).isEmpty();
    }

    private boolean hasEverySongEnded() {
        List<Song> all = songs();
        return all.size() == songs
                && all.stream().allMatch(song -> song.state().isFinal() || song.state() == SongState.IN_DOUBT);
    }

    private List<Song> songs() {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 1_000);
    }

    private void accept() {
        ledger.accept(
                IntStream.range(songs, songs + SONGS)
                        .mapToObj(VendorBooks::tag)
                        .map(tag -> new NewSong(
                                tag,
                                "foxai",
                                Optional.empty(),
                                Json.object().put("id", tag).put("prompt", tag + " counts"),
                                List.of(),
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty()))
                        .toList(),
                false);
        songs += SONGS;
    }

    private Child startNode(int number) throws IOException {
        Path home = Files.createDirectories(folder.resolve("node-" + number));
        Map<String, String> settings = new TreeMap<>(sandbox.settings());
        settings.put("camelody.ledger.url", "jdbc:postgresql://localhost:" + port + "/postgres");
        settings.put("camelody.ledger.user", "postgres");
        settings.put("camelody.songs", folder.resolve("songs").toString());
        settings.put("camelody.http.port", "");
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return Child.start(home, arguments.toArray(String[]::new));
    }

    private EmbeddedPostgres startPostgres() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    private String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    private int claimsOf(Child node) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM song" + claimedBy(node))) {
            count.next();
            return count.getInt(1);
        }
    }

    /** Instead of a wait for as long as it lasts; once more where a node that it stands in the way of is preferred. */
    private void endLeaseOf(Child node) {
        await().ignoreExceptions().until(() -> {
            try (Connection connection = DriverManager.getConnection(url());
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE song SET claimed_until = 0" + claimedBy(node));
                return true;
            }
        });
    }

    private static String claimedBy(Child node) {
        return " WHERE claimed_by LIKE '" + node.pid() + "-%'";
    }

    private static void signal(String name, Child node) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(node.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
