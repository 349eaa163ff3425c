package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedProgramIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    @TempDir
    Path elsewhere;

    private String options = "";
    private String archive = "off";

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

    /** In a place with a space, for a home with jars of its own, and where the archive is none. */
    @Test
    void classesComeFromTheArchiveWhichIsNeverSpokenOf() throws Exception {
        Path program = linked("a program");
        Path home = Files.createDirectories(elsewhere.resolve("a home"));
        Files.createDirectory(home.resolve("routes"));
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("empty.jar"));
        archive = "now";
        Ended made = run(program, "songs", "--home", home.toString());
        archive = "auto";
        options = "-Xlog:class+load:file=loaded.txt";
        Ended quick = run(program, "songs", "--home", home.toString());
        List<String> loaded = Files.readAllLines(elsewhere.resolve("loaded.txt"));
        options = "";
        try (Stream<Path> archives = Files.list(program.resolveSibling("archives"))) {
            Path real = archives.findFirst().orElseThrow();
            Files.delete(real);
            Files.writeString(real, "no archive");
        }
        Ended broken = run(program, "songs", "--home", home.toString());
        // JUnit would delete it, and complain that it leads elsewhere
        Files.delete(program.resolveSibling("lib"));

        assertThat(loaded).anyMatch(line -> line.contains("io.camelody.") && line.contains("shared objects file"));
        assertThat(List.of(made, quick, broken)).allSatisfy(ended -> {
            assertThat(ended.output()).isEqualTo(made.output()).doesNotContain("arning");
            assertThat(ended.exitCode()).isZero();
        });
    }

    /** The packed program in a folder of its own, whose archives are no other test's. @return its launcher */
    private Path linked(String name) throws IOException {
        Path folder = Files.createDirectory(elsewhere.resolve(name));
        Files.createSymbolicLink(folder.resolve("lib"), PACKED.resolve("lib"));
        Files.copy(PACKED.resolve("camelody"), folder.resolve("camelody"));
        return folder.resolve("camelody");
    }

    private Ended run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(elsewhere.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // where nobody else unpacks libraries, and takes away those of others
        builder.environment().put("CAMELODY_OPTS", "-Djava.io.tmpdir=" + elsewhere + " " + options);
        builder.environment().put("CAMELODY_ARCHIVE", archive);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private record Ended(int exitCode, String output) {}
}
