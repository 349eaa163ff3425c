package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedProgramIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    @TempDir
    Path elsewhere;

    @Test
    void launcherStartsTheProgramThroughASymbolicLinkFromAnyDirectory() throws Exception {
        Path link = PACKED.resolveSibling("a link to camelody");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, PACKED.getFileName().resolve("camelody"));

        Ended ended = run(link, "--version");

        assertThat(ended.output()).startsWith("camelody 0.").doesNotContain("not packed");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void launcherHandsOverArgumentsAndTheExitCode() throws Exception {
        Ended ended = run(PACKED.resolve("camelody"), "no such command");

        assertThat(ended.output()).contains("'no such command'");
        assertThat(ended.exitCode()).isEqualTo(2);
    }

    private Ended run(Path launcher, String argument) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(launcher.toString(), argument));
        builder.directory(elsewhere.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private record Ended(int exitCode, String output) {}
}
