package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packed program in a process of its own, which a test may kill. */
public final class Child implements AutoCloseable {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a batch of the home's {@code requests.jsonl}. */
    static Child batch(Path home, Map<String, String> settings) throws IOException {
        return batch(home, "requests.jsonl", settings);
    }

    static Child batch(Path home, String requests, Map<String, String> settings) throws IOException {
        return start(home, batchOf(requests, settings));
    }

    /** The first where a small disk is. */
    static Child batch(Path home, Map<String, String> settings, SmallDisk disk) throws IOException {
        return run(home, disk.inside(home, command(batchOf("requests.jsonl", settings))));
    }

    private static String[] batchOf(String requests, Map<String, String> settings) {
        List<String> arguments = new ArrayList<>(List.of("batch", requests));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return arguments.toArray(String[]::new);
    }

    static Child start(Path home, String... arguments) throws IOException {
        return run(home, command(arguments));
    }

    /** What runs the packed program. */
    public static List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(PACKED.resolve("camelody").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command that ends in the program's own. */
    public static Child run(Path home, List<String> command) throws IOException {
        return run(home, command, Map.of());
    }

    /** Runs any command, with variables besides those of this process. */
    public static Child run(Path home, List<String> command, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile("camelody-child", ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(home.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new Child(builder.start(), output);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** @return the exit code */
    public int await(Duration atMost) throws IOException, InterruptedException {
        assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s: %s", atMost, output())
                .isTrue();
        return process.exitValue();
    }

    /** Waits for so long at the most. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    public String output() throws IOException {
        return Files.readString(output, UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
