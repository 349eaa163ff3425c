package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.HeardCall;
import io.camelody.testkit.RestartedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Of the line that a node says of a song that it has ended. */
    private static final Pattern DELIVERED = Pattern.compile("(?m)^\\S+  (\\S+)  delivered  ");

    /** A node that makes a call, and the song that the call is about. */
    public record Caller(int node, String song) {}

    private final Path folder;
    private final NodeClaims claims;
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
        this.claims = new NodeClaims(postgres);
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
        long pid = nodes.get(node).pid();
        nodes.get(node).kill();
        List<String> underWay =
                await().atMost(LONG).ignoreExceptions().until(() -> claims.paidCalls(pid), songs -> true);
        claims.end(pid);
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
        claims.end(nodes.get(node).pid());
    }

    /** SIGSTOP, and its lease runs out. */
    public void stop(int node) throws IOException, InterruptedException {
        signal("STOP", node);
        claims.end(nodes.get(node).pid());
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

    /** Which node makes a call: the one that has claimed a song whose id, task or clip is named in it; empty if none has. */
    public Optional<Caller> calling(HeardCall call) {
        return await().atMost(LONG).ignoreExceptions().until(() -> claims.namedIn(call), claimed -> true).stream()
                .map(claim -> new Caller(withPid(claim.pid()), claim.song()))
                .filter(caller -> caller.node() >= 0)
                .findFirst();
    }

    private int withPid(long pid) {
        return nodes.stream().map(Child::pid).toList().indexOf(pid);
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
