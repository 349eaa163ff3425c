package io.camelody.estates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Child;
import io.camelody.estates.EstateProject.Jar;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.settings.PropertyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The projects of {@code src/examples/estates}: what their READMEs tell to do, and what they say one sees. */
class EstatesIT {

    private static final int TERMINATED = 143;

    private static final SandboxSettings QUICK =
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(1));

    /** What only the program needs: command line, sandbox, HTTP, meters. */
    private static final List<String> PROGRAMS = List.of("picocli", "jump3r", "vertx", "prometheus");

    @TempDir
    static Path repository;

    @TempDir
    Path folder;

    @BeforeAll
    static void putCamelody() throws Exception {
        EstateProject.putCamelody(repository);
    }

    @ParameterizedTest
    @CsvSource({"camel-main, slf4j-simple", "spring-boot, logback-classic", "quarkus, slf4j-jboss-logmanager"})
    void orderBecomesASongAndAGreeting(String name, String ownLogging) throws Exception {
        EstateProject project = EstateProject.copy(name, folder);
        project.build(repository);
        Path order = folder.resolve(project.readme("^echo '.*' > (.*)$"));
        Files.createDirectories(order.getParent());
        Files.writeString(order, project.readme("^echo '(.*)' >"));
        Path greeting = folder.resolve(project.readme("`(greetings/.*)` reads$"));
        String words = project.readme("reads\\n\\n```text\\n(.*)\\n```");
        String logged = project.readme("the log says `(.*?)`");

        try (Sandbox sandbox = Sandbox.start(QUICK);
                Child estate = project.run(environment(sandbox))) {
            await().atMost(Duration.ofMinutes(1))
                    .failFast(() ->
                            assertThat(estate.isAlive()).as(estate.output()).isTrue())
                    .untilAsserted(() -> {
                        assertThat(estate.output()).contains(logged);
                        assertThat(greeting).hasContent(words);
                    });
            estate.terminate();
            assertThat(estate.await(Duration.ofSeconds(15))).isEqualTo(TERMINATED);

            assertThat(Path.of(words.replaceFirst(".*: ", ""))).isNotEmptyFile();
            assertThat(sandbox.tasks()).hasSize(1);
            assertThat(estate.output()).doesNotContain("WARN", "ERROR", "\tat ");
        }
        assertThat(project.jars())
                .filteredOn(Jar::isLogging)
                .extracting(Jar::name)
                .singleElement()
                .asString()
                .contains(ownLogging);
        assertThat(project.jars()).extracting(Jar::name).noneMatch(jar -> PROGRAMS.stream()
                .anyMatch(jar::contains));
    }

    private static Map<String, String> environment(Sandbox sandbox) {
        return sandbox.settings().entrySet().stream()
                .collect(Collectors.toMap(setting -> PropertyFiles.variable(setting.getKey()), Map.Entry::getValue));
    }
}
