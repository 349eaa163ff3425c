package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * When {@code ./camelody} makes a class archive and when it uses one, with a Java that writes down how it was called and leaves an
 * archive where it is told to. What a real Java makes of an archive is in {@link PackedProgramIT}.
 */
class LauncherTest {

    private static final String JAVA =
            """
            #!/bin/sh
            here=$(dirname "$0")/..
            for option in "$@"; do
              case $option in
                -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*)
                  { printf '%s\\n' "$*"; env; } >>"$here/trained"
                  until [ -f "$here/go" ]; do sleep 0.01; done
                  [ ! -f "$here/fails" ] || exit 1
                  echo classes >"${option#*=}"
                  exit 0 ;;
              esac
            done
            printf '%s\\n' "$*" >>"$here/started"
            cat /proc/self/oom_score_adj >"$here/score" 2>/dev/null || true
            """;

    @TempDir
    Path folder;

    private Path program;
    private Path java;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void install() throws IOException {
        program = Files.createDirectories(folder.resolve("a program"));
        Files.copy(Path.of("camelody"), program.resolve("camelody"));
        Files.createFile(Files.createDirectory(program.resolve("lib")).resolve("camelody.jar"));
        java = java("17.0.15");
        Files.createFile(java.resolve("go"));
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    }

    @Test
    void firstRunHasAnArchiveMadeBesideItAndTheNextOneUsesIt() throws Exception {
        Files.delete(java.resolve("go"));

        start("run");
        assertThat(started()).singleElement().asString().doesNotContain("-XX:SharedArchiveFile");
        Files.createFile(java.resolve("go"));
        Path archive = await().until(() -> archives(program.resolve("archives")), made -> made.size() == 1)
                .get(0);
        start("songs");

        assertThat(started().get(1)).contains("-XX:SharedArchiveFile=" + archive + " ");
        assertThat(archive.getFileName().toString()).startsWith("java-17.0.15-").endsWith(".jsa");
        assertThat(trained()).hasSize(1);
    }

    @Test
    void commandsThatOnlyLookHaveNoneMade() throws Exception {
        start("songs");
        start("--version");

        assertThat(started()).hasSize(2);
        assertThat(trained()).isEmpty();
        assertThat(archives(program.resolve("archives"))).isEmpty();
    }

    @Test
    void archiveOfAnotherJavaOrOfOtherJarsIsLeftAlone() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "now");
        start("songs");

        java = java("25.0.3");
        Files.createFile(java.resolve("go"));
        start("songs");
        assertThat(started())
                .singleElement()
                .asString()
                .contains("-XX:AOTCache=")
                .doesNotContain("jsa");
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"25.0.3\"\nIMPLEMENTOR=\"another\"\n");
        start("songs");
        Files.setLastModifiedTime(
                program.resolve("lib/camelody.jar"), FileTime.from(Instant.now().minus(500, ChronoUnit.DAYS)));
        start("songs");

        assertThat(archives(program.resolve("archives"))).hasSize(4);
        assertThat(started()).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void newJavasAreKeptFromWarningOfUnsafeMemoryAndOldOnesDoNotKnowIt() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "off");
        start("songs");
        assertThat(started()).singleElement().asString().doesNotContain("sun-misc-unsafe");

        java = java("24.0.1");
        start("songs");

        assertThat(started()).singleElement().asString().contains("--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void whereTheProgramCannotBeWrittenTheCacheOfTheUserHasIt() throws Exception {
        Files.createFile(program.resolve("archives"));
        environment.put("CAMELODY_ARCHIVE", "now");

        start("songs");

        assertThat(archives(folder.resolve("cache/camelody"))).hasSize(1);
        assertThat(started()).singleElement().asString().contains("-XX:SharedArchiveFile=" + folder.resolve("cache"));
    }

    @Test
    void whereNothingCanBeWrittenItStartsWithout() throws Exception {
        Files.createFile(program.resolve("archives"));
        environment.put(
                "XDG_CACHE_HOME", Files.createFile(folder.resolve("no folder")).toString());

        start("run");

        assertThat(started()).singleElement().asString().doesNotContain("-XX:SharedArchiveFile");
        assertThat(trained()).isEmpty();
    }

    @Test
    void switchedOffNoneIsMadeAndNoneUsed() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "now");
        start("songs");
        environment.put("CAMELODY_ARCHIVE", "off");

        start("run");

        assertThat(started().get(1)).doesNotContain("-XX:SharedArchiveFile");
    }

    @Test
    void ofTwoFirstRunsAtOnceOneHasItMade() throws Exception {
        Files.delete(java.resolve("go"));

        start("run");
        await().until(() -> trained().size() == 1);
        start("batch", "requests.jsonl");
        Files.createFile(java.resolve("go"));
        await().until(() -> !archives(program.resolve("archives")).isEmpty());

        assertThat(trained()).hasSize(1);
        try (Stream<Path> left = Files.list(program.resolve("archives"))) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void oneThatCouldNotBeMadeIsTriedAgainADayLater() throws Exception {
        Files.createFile(java.resolve("fails"));
        environment.put("CAMELODY_ARCHIVE", "now");

        start("run");
        start("run");
        assertThat(trained()).hasSize(1);
        assertThat(started()).hasSize(2).noneMatch(command -> command.contains("-XX:SharedArchiveFile"));
        Files.delete(java.resolve("fails"));
        try (Stream<Path> left = Files.list(program.resolve("archives"))) {
            Files.setLastModifiedTime(
                    left.findFirst().orElseThrow(), FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS)));
        }
        start("run");

        assertThat(started().get(2)).contains("-XX:SharedArchiveFile");
    }

    @Test
    void itIsMadeWithNothingOfTheUsersEnvironment() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "now");
        environment.put("CAMELODY_LEDGER_URL", "jdbc:postgresql://db.example.com/songs");
        environment.put("CAMELODY_OPTS", "-Dmine=1");

        start("songs");

        assertThat(Files.readString(java.resolve("trained")))
                .contains("io.camelody.cli.Training")
                .doesNotContain("db.example.com", "-Dmine");
        assertThat(started()).singleElement().asString().contains("-Dmine=1");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aMachineThatIsShortOfMemoryEndsTheMakingAndNotTheRunBehindIt() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "now");

        start("run");

        assertThat(java.resolve("score")).hasSameTextualContentAs(Path.of("/proc/self/oom_score_adj"));
    }

    @Test
    void anotherWordIsRefused() throws Exception {
        environment.put("CAMELODY_ARCHIVE", "never");

        String said = run(2, "songs");

        assertThat(said).contains("Expected CAMELODY_ARCHIVE to be auto, now or off, got: \"never\".");
    }

    private Path java(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("java " + version));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"%n".formatted(version));
        Path program =
                Files.writeString(Files.createDirectories(home.resolve("bin")).resolve("java"), JAVA);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return home;
    }

    private void start(String... arguments) throws Exception {
        run(0, arguments);
    }

    private String run(int expected, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", program.resolve("camelody").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().remove("CAMELODY_OPTS");
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(expected);
        if (expected == 0) {
            assertThat(output).isEmpty();
        }
        return output;
    }

    private List<String> started() throws IOException {
        return Files.readAllLines(java.resolve("started"));
    }

    private List<String> trained() throws IOException {
        Path file = java.resolve("trained");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> line.endsWith("io.camelody.cli.Training"))
                        .toList()
                : List.of();
    }

    private static List<Path> archives(Path in) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
