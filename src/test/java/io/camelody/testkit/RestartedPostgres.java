package io.camelody.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of a test's own, which goes down and comes up again under the same port with what it had. What was
 * committed outlives it, but not the machine: nothing waits for the disk.
 */
public final class RestartedPostgres implements AutoCloseable {

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
                .start();
    }

    /** With the user in it. */
    public String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url());
    }

    /** In good order, until it is restarted. */
    public void stop() throws IOException {
        server.close();
    }

    /** In good order: transactions under way are undone, connections ended. */
    public void restart() throws IOException {
        server.close();
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
