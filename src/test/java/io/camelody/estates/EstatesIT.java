package io.camelody.estates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Child;
import io.camelody.estates.EstateProject.Jar;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.settings.PropertyFiles;
import io.camelody.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The projects of {@code src/examples/estates}: what their READMEs tell to do, and what they say one sees. */
class EstatesIT {

    private static final int TERMINATED = 143;

    private static final String KEY = "key-that-nobody-shows";

    private static final SandboxSettings QUICK = SandboxSettings.defaults()
            .withLatency(Duration.ofMillis(300))
            .withSongLength(Duration.ofSeconds(1))
            .withApiKey(KEY);

    /** What only the program needs: command line, sandbox, HTTP, meters, S3, drop folders. */
    private static final List<String> PROGRAMS =
            List.of("picocli", "jump3r", "vertx", "prometheus", "sdk-core", "quartz", "commons-logging");

    @TempDir
    static Path repository;

    @TempDir
    Path folder;

    @BeforeAll
    static void putCamelody() throws Exception {
        EstateProject.putCamelody(repository);
    }

    @ParameterizedTest
    @CsvSource({
        "camel-main, data/ledger.db, slf4j-simple",
        "spring-boot, songs.db, logback-classic",
        "quarkus, data/ledger.db, slf4j-jboss-logmanager"
    })
    void orderBecomesASongAndAGreetingAlsoWhereTheEstateIsStoppedMeanwhile(
            String name, String ledger, String ownLogging) throws Exception {
        EstateProject project = EstateProject.copy(name, folder);
        project.build(repository);
        Path order = folder.resolve(project.readme("^echo '.*' > (.*)$"));
        Files.createDirectories(order.getParent());
        Files.writeString(order, project.readme("^echo '(.*)' >"));
        Files.writeString(order.resolveSibling("no-wish.json"), "{\"order\": \"4712\", \"for\": \"Bob\"}");
        Files.writeString(order.resolveSibling("no-json.json"), "a slow waltz");
        Path greeting = folder.resolve(project.readme("`(greetings/.*)` reads$"));
        String words = project.readme("reads\\n\\n```text\\n(.*)\\n```");
        String logged = project.readme("the log says `(.*?)`");
        SettableClock clock = new SettableClock();

        try (Sandbox sandbox = Sandbox.start(QUICK.withClock(clock))) {
            try (Child estate = project.run(environment(sandbox))) {
                awaitIn(estate, () -> assertThat(sandbox.tasks()).hasSize(1));
                stop(estate);
            }
            assertThat(order).exists();
            clock.forward(Duration.ofMinutes(1));
            try (Child estate = project.run(environment(sandbox))) {
                awaitIn(estate, () -> {
                    assertThat(estate.output()).contains(logged);
                    assertThat(greeting).hasContent(words);
                });
                assertThat(greeting.resolveSibling("no-wish.refused.txt"))
                        .content()
                        .contains("prompt");
                assertThat(greeting.resolveSibling("no-json.refused.txt")).isNotEmptyFile();
                stop(estate);
            }
            assertThat(sandbox.tasks()).hasSize(1);
        }
        assertThat(Path.of(words.replaceFirst(".*: ", ""))).isNotEmptyFile();
        assertThat(folder.resolve(ledger)).isNotEmptyFile();
        assertThat(project.jars())
                .filteredOn(Jar::isLogging)
                .singleElement()
                .extracting(Jar::name)
                .asString()
                .contains(ownLogging);
        assertThat(project.jars()).extracting(Jar::name).noneMatch(jar -> PROGRAMS.stream()
                .anyMatch(jar::contains));
    }

    private static void awaitIn(Child estate, ThrowingRunnable condition) {
        await().atMost(Duration.ofMinutes(1))
                .failFast(() -> assertThat(estate.isAlive()).as(estate.output()).isTrue())
                .untilAsserted(condition);
    }

    /** At once, whatever waits for a song, and without a complaint. */
    private static void stop(Child estate) throws Exception {
        estate.terminate();
        assertThat(estate.await(Duration.ofSeconds(15))).isEqualTo(TERMINATED);
        assertThat(estate.output()).doesNotContain("ERROR", "Timeout occurred", "Exception", KEY);
    }

    private static Map<String, String> environment(Sandbox sandbox) {
        return sandbox.settings().entrySet().stream()
                .collect(Collectors.toMap(setting -> PropertyFiles.variable(setting.getKey()), Map.Entry::getValue));
    }
}
