package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.HeardCall;
import io.camelody.testkit.RestartedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Packed programs that work on one ledger in PostgreSQL, each in a process and a home of its own, all with one folder for
 * songs. A test may kill, stop and wake them. Their leases last longer than any test would wait, so they are ended in the database.
 */
public final class Nodes implements AutoCloseable {

    private static final String STARTED = "Ctrl-C stops.";

    /** For what takes a moment, on a machine that has much else to do. */
    public static final Duration LONG = Duration.ofMinutes(3);

    private static final String CALLING =
            """
            SELECT split_part(claimed_by, '-', 1), song.id
            FROM song LEFT JOIN task ON task.song_id = song.id
            WHERE claimed_by IS NOT NULL
                AND (strpos(?, COALESCE(task.task_id, song.id)) > 0 OR strpos(song.clips, ?) > 0)
            """;

    /** A transaction that stood still with its node; the server ends it as well, after ten seconds. */
    private static final String END_STANDING =
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE state = 'idle in transaction' AND clock_timestamp() - state_change > interval '500 ms'
            """;

    /** Of the line that a node says of a song that it has ended. */
    private static final Pattern DELIVERED = Pattern.compile("(?m)^\\S+  (\\S+)  delivered  ");

    /** A node that makes a call, and the song that the call is about. */
    public record Caller(int node, String song) {}

    private final Path folder;
    private final RestartedPostgres postgres;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final List<Child> nodes = new ArrayList<>();
    private final StringBuilder lastWords = new StringBuilder();

    /** @param settings of all, besides those of the ledger and the folder for songs */
    public Nodes(Path folder, RestartedPostgres postgres, Map<String, String> settings) {
        this(folder, postgres, settings, Map.of());
    }

    /** Of nodes that also say which claims they have lost. */
    public static Nodes talkative(Path folder, RestartedPostgres postgres, Map<String, String> settings) {
        return new Nodes(folder, postgres, settings, Map.of("CAMELODY_LOG", "INFO"));
    }

    private Nodes(
            Path folder, RestartedPostgres postgres, Map<String, String> settings, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
        this.postgres = postgres;
        this.settings = new TreeMap<>(settings);
        this.settings.putAll(postgres.settings());
        this.settings.put("camelody.songs", songs().toString());
        this.settings.put("camelody.http.port", "");
    }

    /** Where all of them deliver. */
    public Path songs() {
        return folder.resolve("songs");
    }

    public Path home(int node) {
        return folder.resolve("node-" + node);
    }

    public int size() {
        return nodes.size();
    }

    /** Starts so many more. */
    public void start(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            nodes.add(startIn(nodes.size()));
        }
    }

    private Child startIn(int node) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return Child.run(
                Files.createDirectories(home(node)), Child.command(arguments.toArray(String[]::new)), environment);
    }

    /**
     * SIGKILL, and its lease runs out.
     *
     * @return the songs of its paid calls that were under way
     */
    public List<String> kill(int node) throws IOException, InterruptedException {
        nodes.get(node).kill();
        List<String> underWay = await().atMost(LONG).ignoreExceptions().until(() -> paidCallsOf(node), songs -> true);
        endLease(node);
        return underWay;
    }

    /** Starts another one in the home of one that was killed. */
    public void replace(int node) throws IOException {
        keepWords(nodes.get(node));
        nodes.set(node, startIn(node));
    }

    /** All of them, in good order; each has cleared up what it left when this returns. */
    public void restart() throws IOException, InterruptedException {
        for (int i = 0; i < nodes.size(); i++) {
            terminate(i);
            replace(i);
        }
        awaitStarted();
    }

    /** All of them. */
    public void awaitStarted() {
        for (Child node : nodes) {
            await().atMost(LONG).until(() -> node.output().contains(STARTED));
        }
    }

    /** SIGTERM, upon which it hands back what it can. */
    public void terminate(int node) throws IOException, InterruptedException {
        nodes.get(node).terminate();
        nodes.get(node).await(LONG);
        endLease(node);
    }

    /** SIGSTOP, and its lease runs out. */
    public void stop(int node) throws IOException, InterruptedException {
        signal("STOP", node);
        endLease(node);
    }

    /** SIGCONT. */
    public void wake(int node) throws IOException, InterruptedException {
        signal("CONT", node);
    }

    private void signal(String name, int node) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(nodes.get(node).pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Tried again where the database is down, or prefers a node that this stands in the way of. */
    private void endLease(int node) {
        endLeases(nodes.get(node).pid() + "-%");
    }

    /** Of all, also of claims that a node does not know it has. */
    public void endLeases() {
        endLeases("%");
    }

    private void endLeases(String claimed) {
        await().atMost(LONG).ignoreExceptions().until(() -> {
            try (Connection connection = postgres.connect();
                    PreparedStatement end =
                            connection.prepareStatement("UPDATE song SET claimed_until = 0 WHERE claimed_by LIKE ?");
                    Statement land = connection.createStatement()) {
                land.execute("SET lock_timeout = '500ms'");
                land.execute(END_STANDING);
                // what a node asked about by itself is anybody's after two minutes
                land.executeUpdate("UPDATE song SET due_at = 0 WHERE state = 'submitted' AND claimed_by IS NULL");
                end.setString(1, claimed);
                return end.executeUpdate() >= 0;
            }
        });
    }

    private List<String> paidCallsOf(int node) throws SQLException {
        return list(
                row -> row.getString(1),
                "SELECT id FROM song WHERE intended_at IS NOT NULL AND claimed_by LIKE ?",
                nodes.get(node).pid() + "-%");
    }

    /** Which node makes a call: the one that has claimed a song whose id, task or clip is named in it. */
    public Caller calling(HeardCall call) {
        return await().atMost(LONG)
                .ignoreExceptions()
                .until(
                        () -> list(
                                        row -> new Caller(withPid(row.getString(1)), row.getString(2)),
                                        CALLING,
                                        call.path() + call.query() + call.body(),
                                        call.path())
                                .stream()
                                .filter(caller -> caller.node() >= 0)
                                .findFirst()
                                .orElseThrow(),
                        caller -> true);
    }

    private int withPid(String pid) {
        return nodes.stream().map(node -> Long.toString(node.pid())).toList().indexOf(pid);
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(Row<T> reader, String sql, String... parameters) throws SQLException {
        try (Connection connection = postgres.connect();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            List<T> all = new ArrayList<>();
            for (ResultSet row = select.executeQuery(); row.next(); ) {
                all.add(reader.read(row));
            }
            return all;
        }
    }

    /** The songs that all of them say they have delivered, the dead ones too: each as often as it is said. */
    public List<String> delivered() throws IOException {
        return delivered(output());
    }

    /** The same of one that lives. */
    public List<String> delivered(int node) throws IOException {
        return delivered(nodes.get(node).output());
    }

    private static List<String> delivered(String words) {
        return DELIVERED.matcher(words).results().map(said -> said.group(1)).toList();
    }

    /** Whether it says that it came with a change to a song, and no claim any more. */
    public boolean hasLost(Caller caller) throws IOException {
        return nodes.get(caller.node())
                .output()
                .lines()
                .filter(line -> line.contains("claim on a song was lost") || line.contains("A song moved on"))
                .anyMatch(line -> line.contains("song: " + caller.song()));
    }

    public boolean isAlive(int node) {
        return nodes.get(node).isAlive();
    }

    /** Of all that run, since each was started. */
    public Duration processorTime() {
        return nodes.stream().map(Child::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** What all of them have said, the dead ones too. */
    public String output() throws IOException {
        StringBuilder all = new StringBuilder(lastWords);
        for (Child node : nodes) {
            all.append(node.output());
        }
        return all.toString();
    }

    private void keepWords(Child node) throws IOException {
        lastWords.append(node.output());
        node.close();
    }

    @Override
    public void close() throws IOException {
        for (Child node : nodes) {
            keepWords(node);
        }
        nodes.clear();
    }
}
