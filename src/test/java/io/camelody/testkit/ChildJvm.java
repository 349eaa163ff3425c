package io.camelody.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Another process with the same classes, for what two processes do to each other and for what a crash leaves. */
public final class ChildJvm {

    /** @param output what it printed, both streams */
    public record Ended(int exitCode, String output) {}

    private ChildJvm() {}

    /** Starts a main class, which prints to one stream. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        return new ProcessBuilder(command(main, arguments))
                .redirectErrorStream(true)
                .start();
    }

    /** Runs a main class to its end. */
    public static Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(command(main, arguments));
    }

    /** The same where a small disk is. */
    public static Ended runOn(SmallDisk disk, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(disk.inside(Path.of(""), command(main, arguments)));
    }

    /**
     * Runs it without some of the jars.
     *
     * @param jars matches what the path of a jar has in it that is left out
     * @param options of the JVM
     */
    public static Ended runWithout(Pattern jars, List<String> options, Class<?> main)
            throws IOException, InterruptedException {
        String rest = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !jars.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
        return run(command(rest, options, main));
    }

    private static List<String> command(Class<?> main, String... arguments) {
        return command(System.getProperty("java.class.path"), List.of(), main, arguments);
    }

    private static List<String> command(String classPath, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
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
