package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedProgramIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    @TempDir
    Path elsewhere;

    private String options = "";

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

    @Test
    void sinkOfTheHomeFindsItsComponentInTheLibOfTheHome() throws Exception {
        Path home = elsewhere.resolve("a home");
        Path sinks = Files.createDirectories(home.resolve("routes/sinks"));
        Files.copy(Path.of("src/examples/sinks/sftp.camel.yaml"), sinks.resolve("sftp.camel.yaml"));
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/application.properties"),
                """
                camelody.sinks = file, sftp
                camelody.foxai.api-key = a-key
                camelody.sftp.host = localhost:22
                camelody.sftp.user = camelody
                camelody.sftp.folder = songs
                camelody.sftp.private-key-file = id_rsa
                camelody.sftp.known-hosts = known_hosts
                """);
        Ended without = run(PACKED.resolve("camelody"), "check", "--home", home.toString());
        Path lib = Files.createDirectory(home.resolve("lib"));
        for (String named : List.of(
                "org.apache.camel.component.file.remote.SftpComponent",
                "com.jcraft.jsch.JSch",
                "org.apache.commons.net.ftp.FTPClient",
                "org.apache.commons.io.IOUtils")) {
            Path jar = Path.of(Class.forName(named)
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }

        Ended spaced = run(PACKED.resolve("camelody"), "check", "--home", home.toString());
        Ended equals = run(PACKED.resolve("camelody"), "check", "--home=" + home);

        assertThat(without.output()).contains("bad   routes", "sftp");
        assertThat(spaced.output()).contains("all load");
        assertThat(equals.output()).contains("all load");
    }

    @Test
    void jarsOfADirectoryThatIsNoHomeAreNotTaken() throws Exception {
        Files.createFile(Files.createDirectory(elsewhere.resolve("lib")).resolve("strange.jar"));
        Path split = Files.createDirectories(elsewhere.resolve("a:b/lib"));
        Files.createDirectory(split.resolveSibling("config"));
        options = "-XshowSettings:properties";

        Ended strange = run(PACKED.resolve("camelody"), "--version");
        Files.createDirectory(elsewhere.resolve("routes"));
        Ended own = run(PACKED.resolve("camelody"), "--version");
        Ended colon = run(PACKED.resolve("camelody"), "check", "--home", "a:b");

        assertThat(strange.output()).contains("java.class.path").doesNotContain("strange.jar");
        assertThat(own.output()).contains("strange.jar");
        assertThat(colon.exitCode()).isEqualTo(2);
        assertThat(colon.output()).contains("\"a:b\"");
    }

    private Ended run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(elsewhere.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CAMELODY_OPTS", options);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private record Ended(int exitCode, String output) {}
}
