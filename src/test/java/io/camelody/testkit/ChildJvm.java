package io.camelody.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process with the same classes, for what two processes do to each other and for what a crash leaves. */
public final class ChildJvm {

    /** @param output what it printed, both streams */
    public record Ended(int exitCode, String output) {}

    private ChildJvm() {}

    /** Runs a main class to its end. */
    public static Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(command(main, arguments));
    }

    /** The same where a small disk is. */
    public static Ended runOn(SmallDisk disk, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(disk.inside(Path.of(""), command(main, arguments)));
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The child process did not end: " + output);
            }
            return new Ended(process.exitValue(), output.strip());
        } finally {
            process.destroyForcibly();
        }
    }
}
