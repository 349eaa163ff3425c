package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.camelody.ledger.LedgerSource;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the ledger takes requests down and songs on, in both databases, everything durable, each figure beside what its database
 * does bare in the same run. Requests are read from a file by the packed program; changes are made in this process, by many
 * callers, as the consumers make them. Nothing fails for being slow; a request or a change that is lost does.
 */
class LedgerBench {

    private static final int LINES = Integer.getInteger("bench.ledger-lines", 200_000);
    private static final int SONGS = Integer.getInteger("bench.ledger-songs", 20_000);
    private static final int BARE = Integer.getInteger("bench.ledger-bare", 100_000);
    private static final int CHUNK = 1_000;
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String USER = "postgres";
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path home;

    /** As a server comes, and not as one for tests: what it has committed is on the disk. */
    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @Test
    void requestsAreAcceptedInSqlite() throws Exception {
        requestsAreAccepted("SQLite", SQLITE + home.resolve("data/ledger.db"));
    }

    @Test
    void requestsAreAcceptedInPostgres() throws Exception {
        requestsAreAccepted("PostgreSQL", postgresUrl("accepted"));
    }

    @Test
    void songsGoOnInSqlite() throws Exception {
        SongLives lives = songsGoOn("SQLite", SQLITE + home.resolve("lives.db"));
        FIGURES.atLeast(10_000, "SQLite: changes of state", lives.changesASecond(), "/s", lives.beside());
    }

    @Test
    void songsGoOnInPostgres() throws Exception {
        double executions = executionsOfDbScheduler();
        SongLives lives = songsGoOn("PostgreSQL", postgresUrl("lives"));
        FIGURES.atLeast(executions, "PostgreSQL: changes of state", lives.changesASecond(), "/s", lives.beside());
        FIGURES.add(
                "  db-scheduler: executions picked and completed",
                Figures.number(executions) + "/s",
                "lock-and-fetch 1.0 to 4.0, 50 threads");
    }

    private static SongLives songsGoOn(String database, String url) throws Exception {
        FIGURES.add(
                "%s: bare rows, %d a transaction".formatted(database, CHUNK),
                Figures.number(bareRows(url)) + "/s",
                "one after the other a commit: " + Figures.number(bareCommits(url)) + "/s");
        try (SongLives lives = new SongLives(LedgerSource.of(url, Optional.of(USER), Optional.empty(), 10), SONGS)) {
            lives.run();
            return lives;
        }
    }

    /** Hardly a song is submitted, so that nearly all of the work is the reading. */
    private void requestsAreAccepted(String database, String url) throws Exception {
        double bare = bareRows(url.replace("data/", ""));
        Path file = home.resolve("bench.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < LINES; i++) {
                out.write("{\"vendor\":\"foxai\",\"prompt\":\"Song %d, a slow waltz for two voices\"}%n".formatted(i));
            }
        }
        List<String> arguments = new ArrayList<>(List.of("batch", file.toString()));
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults())) {
            sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
            arguments.addAll(List.of("--property", "camelody.ledger.url=" + url));
            if (!url.startsWith(SQLITE)) {
                arguments.addAll(List.of("--property", "camelody.ledger.user=" + USER));
            }
            arguments.addAll(List.of("--property", "camelody.foxai.submit-rate=1"));
            arguments.addAll(List.of("--property", "camelody.foxai.max-running=1"));
            try (Child camelody = Child.camelody(home, System.getProperty("bench.ledger-opts", ""), arguments)) {
                Instant first = awaitEvents(camelody, url, 1);
                Duration before = camelody.cost().cpu();
                Instant last = awaitEvents(camelody, url, LINES);
                Duration cpu = camelody.cost().cpu().minus(before);
                assertThat(number(url, "SELECT COUNT(*) FROM song")).isEqualTo(LINES);
                camelody.stop();
                camelody.await(PATIENCE);
                FIGURES.atLeast(
                        20_000,
                        database + ": requests of a file accepted, packed",
                        LINES / seconds(Duration.between(first, last)),
                        "/s",
                        "bare rows, %d a transaction: %s/s".formatted(CHUNK, Figures.number(bare)));
                FIGURES.add(
                        "  processor time a request",
                        Figures.number(1e6 * seconds(cpu) / LINES) + " µs",
                        "%,d lines".formatted(LINES));
            }
        }
    }

    /** Looks from outside: what is seen there is durable. Seldom, since to connect costs a server more than hundred requests. */
    private static Instant awaitEvents(Child camelody, String url, int events) {
        camelody.awaitUntil(
                () -> isThere(url) && number(url, "SELECT MAX(number) FROM event") >= events,
                Duration.ofMillis(100),
                PATIENCE);
        return Instant.now();
    }

    /** What the database does with rows of no more than it must, as many a transaction as the program makes of lines. */
    private static double bareRows(String url) throws SQLException {
        try (Connection connection = bare(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, request TEXT)");
            connection.setAutoCommit(false);
            long start = System.nanoTime();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bare VALUES (?, ?)")) {
                for (int i = 0; i < BARE; i++) {
                    insert.setString(1, "bench-" + i);
                    insert.setString(2, "{\"vendor\":\"foxai\",\"prompt\":\"Song " + i + ", a slow waltz\"}");
                    insert.addBatch();
                    if ((i + 1) % CHUNK == 0) {
                        insert.executeBatch();
                        connection.commit();
                    }
                }
            }
            return BARE / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** One row a transaction, by one caller, in the table above. */
    private static double bareCommits(String url) throws SQLException {
        int commits = 2_000;
        try (Connection connection = bare(url);
                PreparedStatement update = connection.prepareStatement("UPDATE bare SET request = 'x' WHERE id = ?")) {
            long start = System.nanoTime();
            for (int i = 0; i < commits; i++) {
                update.setString(1, "bench-" + i);
                update.executeUpdate();
            }
            return commits / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static Connection bare(String url) throws SQLException {
        if (!url.startsWith(SQLITE)) {
            return connect(url);
        }
        Connection connection = connect(url + ".bare");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        return connection;
    }

    private static String postgresUrl(String schema) throws SQLException {
        String url = "jdbc:postgresql://localhost:%d/postgres".formatted(postgres.getPort());
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return url + "?currentSchema=" + schema;
    }

    private static Connection connect(String url) throws SQLException {
        return url.startsWith(SQLITE) ? DriverManager.getConnection(url) : DriverManager.getConnection(url, USER, "");
    }

    /** Looking into a file that is not there makes one. */
    private static boolean isThere(String url) {
        return !url.startsWith(SQLITE) || Files.exists(Path.of(url.substring(SQLITE.length())));
    }

    private static long number(String url, String query) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            // the table may not be there yet
            return 0;
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** With what its documentation recommends for throughput, and the indexes that it needs. An execution does nothing. */
    private static double executionsOfDbScheduler() throws Exception {
        String url = postgresUrl("scheduler");
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE scheduled_tasks (
                        task_name TEXT NOT NULL, task_instance TEXT NOT NULL, task_data BYTEA,
                        execution_time TIMESTAMP WITH TIME ZONE NOT NULL, picked BOOLEAN NOT NULL, picked_by TEXT,
                        last_success TIMESTAMP WITH TIME ZONE, last_failure TIMESTAMP WITH TIME ZONE,
                        consecutive_failures INT, last_heartbeat TIMESTAMP WITH TIME ZONE, version BIGINT NOT NULL,
                        priority SMALLINT, PRIMARY KEY (task_name, task_instance));
                    CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
                    CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
                    """);
        }
        CountDownLatch left = new CountDownLatch(SONGS);
        OneTimeTask<Void> task = Tasks.oneTime("song").execute((instance, context) -> left.countDown());
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url);
        settings.setUsername(USER);
        settings.setMaximumPoolSize(50);
        try (HikariDataSource pool = new HikariDataSource(settings)) {
            Scheduler scheduler = Scheduler.create(pool, task)
                    .threads(50)
                    .pollUsingLockAndFetch(1.0, 4.0)
                    .pollingInterval(Duration.ofMillis(100))
                    .build();
            List<TaskInstance<?>> instances = IntStream.range(0, SONGS)
                    .<TaskInstance<?>>mapToObj(i -> task.instance("song-" + i))
                    .toList();
            scheduler.scheduleBatch(instances, Instant.now());
            long start = System.nanoTime();
            scheduler.start();
            left.await();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(PATIENCE)
                    .until(() -> number(url, "SELECT COUNT(*) FROM scheduled_tasks") == 0);
            double seconds = (System.nanoTime() - start) / 1e9;
            scheduler.stop();
            return SONGS / seconds;
        }
    }
}
