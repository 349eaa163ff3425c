package io.camelody.testkit;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of a test's own, which goes down and comes up again under the same port with what it had. What was
 * committed outlives it, but not the machine: nothing waits for the disk.
 */
public final class RestartedPostgres implements AutoCloseable {

    private static final String USER = "postgres";
    private static final int LOWEST_PORT = 15_000;
    private static final int HIGHEST_PORT = 32_000;

    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    private RestartedPostgres(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.server = start();
    }

    /** @param folder of the server's files, which is made */
    public static RestartedPostgres start(Path folder) throws IOException {
        return new RestartedPostgres(folder, freePort());
    }

    /** None that the system would give to anybody else while the server is down. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (BindException e) {
                // somebody has it; the next one
            }
        }
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                // else, as these binaries are started, a crash takes back what was said to be committed
                .setServerConfig("synchronous_commit", "on")
                // what nobody has committed is lost in a crash
                .setServerConfig("wal_writer_delay", "10s")
                .start();
    }

    /** The settings of a program whose ledger is there. */
    public Map<String, String> settings() {
        return Map.of("camelody.ledger.url", place(), "camelody.ledger.user", USER);
    }

    /** With the user in it. */
    public String url() {
        return place() + "?user=" + USER;
    }

    private String place() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** In good order, until {@link #restart}: transactions under way are undone, connections ended. */
    public void stop() throws IOException {
        server.close();
    }

    public void restart() throws IOException {
        stop();
        server = start();
    }

    /** In the middle of whatever it does, and what it had not written to its log is gone. */
    public void crash() throws IOException, InterruptedException, ExecutionException {
        ProcessHandle process = process();
        // to it and all of its own at once; after SIGKILL they would have to be waited for, and end in better order
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                .start()
                .waitFor();
        process.onExit().get();
        restart();
    }

    /**
     * The same while so many wait to hear that a commit of theirs was made: it is, and they never will.
     *
     * <p>A standby that is not there would have to confirm it. What is committed meanwhile has its locks until then.
     */
    public void crashOverCommits(int count) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            statement.execute("SELECT pg_reload_conf()");
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                try (ResultSet waiting =
                        statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) {
                    waiting.next();
                    return waiting.getInt(1) >= count;
                }
            });
            statement.execute("ALTER SYSTEM RESET synchronous_standby_names");
        }
        crash();
    }

    /** As the system does that has no memory left: the server then throws everybody out, and recovers by itself. */
    public void killConnection() throws IOException, InterruptedException, SQLException {
        try (Connection victim = connect();
                Statement statement = victim.createStatement();
                ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
            pid.next();
            new ProcessBuilder("kill", "-KILL", pid.getString(1)).start().waitFor();
        }
    }

    private ProcessHandle process() throws IOException {
        String pid = Files.readAllLines(folder.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** Of the server and its processes that run, since each was started. */
    public Duration processorTime() throws IOException {
        ProcessHandle process = process();
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
