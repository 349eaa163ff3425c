package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A process of its own and what it costs: time, processor time and memory of that process alone, looked at every few
 * milliseconds until it ends. Memory is 0 where the system has no {@code /proc}.
 */
final class Child implements AutoCloseable {

    record Cost(Duration wall, Duration cpu, long peakKb) {}

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Pattern URL = Pattern.compile("Listening on (\\S+)");
    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    private final Process process;
    private final Path output;
    private final Instant startedAt = Instant.now();
    private final Thread looking = new Thread(this::look, "looking");
    private volatile Cost cost = new Cost(Duration.ZERO, Duration.ZERO, 0);

    private Child(Path home, List<String> command, Map<String, String> environment) throws IOException {
        this.output = Files.createTempFile(home, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // one that is made in the background would be measured with what is measured
        builder.environment().put("CAMELODY_ARCHIVE", "now");
        builder.environment().putAll(environment);
        this.process = builder.start();
        looking.setDaemon(true);
        looking.start();
    }

    /** Starts the packed program in a home. @param options for its Java, as {@code CAMELODY_OPTS} takes them */
    static Child camelody(Path home, String options, List<String> arguments) throws IOException {
        return camelody(home, arguments, Map.of("CAMELODY_OPTS", options));
    }

    /** The same, with variables besides those of this process. */
    static Child camelody(Path home, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(PACKED.resolve("camelody").toString()));
        command.addAll(arguments);
        return new Child(home, command, environment);
    }

    /** Starts any program. @throws IOException if there is none of that name */
    static Child of(Path home, List<String> command) throws IOException {
        return new Child(home, command, Map.of());
    }

    /** Starts Java with the options of the packed program. */
    static Child java(Path home, List<String> arguments) throws IOException {
        return java(home, arguments, Map.of());
    }

    /** The same, with variables besides those of this process, of which {@code JAVA_HOME} says which Java. */
    static Child java(Path home, List<String> arguments, Map<String, String> environment) throws IOException {
        String java = environment.getOrDefault("JAVA_HOME", System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(java, "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms64m"));
        command.addAll(arguments);
        return new Child(home, command, environment);
    }

    Instant startedAt() {
        return startedAt;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the process to end, as Ctrl-C does. */
    void stop() {
        process.destroy();
    }

    /** What it has cost so far. */
    Cost cost() {
        return cost;
    }

    /** @return what it has cost until it has said a word */
    Cost awaitSaid(String word, Duration most) throws InterruptedException {
        while (!said().contains(word)) {
            if (!isAlive() || Duration.between(startedAt, Instant.now()).compareTo(most) > 0) {
                throw new IllegalStateException("Did not say \"" + word + "\":\n" + said());
            }
            // what another process has said is in a file, and how long it took is measured to the millisecond
            Thread.sleep(2);
        }
        return new Cost(Duration.between(startedAt, Instant.now()), cpu(), peakKb());
    }

    /** @return where a {@code run} listens */
    String awaitUrl(Duration most) {
        return awaitSaid(URL, most);
    }

    /** @return what it says where the pattern has its group */
    String awaitSaid(Pattern pattern, Duration most) {
        awaitUntil(() -> pattern.matcher(said()).find(), Duration.ofMillis(50), most);
        Matcher found = pattern.matcher(said());
        found.find();
        return found.group(1);
    }

    /** Until something is so, which is looked at so often. It fails if the process ends before. */
    void awaitUntil(Callable<Boolean> condition, Duration looks, Duration most) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(looks)
                .atMost(most)
                .failFast(() -> assertThat(isAlive()).as(said()).isTrue())
                .until(condition);
    }

    /** The processor time of the process so far, where the system tells. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Kilobytes in memory now, 0 where the system has no {@code /proc}. */
    long residentKb() {
        return kb("VmRSS:");
    }

    Cost await(Duration most) throws InterruptedException {
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("Did not end within " + most + ":\n" + said());
        }
        looking.join();
        return cost;
    }

    int exitCode() {
        return process.exitValue();
    }

    String said() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void look() {
        try {
            while (process.isAlive()) {
                long peak = peakKb();
                Duration cpu = cpu();
                // a process that is just ending has nothing to tell
                cost = new Cost(
                        Duration.between(startedAt, Instant.now()),
                        cpu.compareTo(cost.cpu()) > 0 ? cpu : cost.cpu(),
                        Math.max(peak, cost.peakKb()));
                process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
            cost = new Cost(Duration.between(startedAt, Instant.now()), cost.cpu(), cost.peakKb());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long peakKb() {
        return kb("VmHWM:");
    }

    private long kb(String field) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
