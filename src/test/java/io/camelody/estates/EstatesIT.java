package io.camelody.estates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Child;
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
    void orderBecomesASongAndAGreetingWithinTheEstate(String name, String ownLogging) throws Exception {
        EstateProject project = EstateProject.copy(name, folder);
        project.build(repository);
        List<String> order = project.readme("^echo '(.*)' > (.*)$");
        List<String> greeting = project.readme("`(greetings/.*)` reads\\n\\n```\\n(.*)\\n```");

        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
                        .withLatency(Duration.ofMillis(300))
                        .withSongLength(Duration.ofSeconds(1)));
                Child estate = project.run(environment(sandbox))) {
            Path file = Files.createDirectories(folder.resolve(order.get(1)).getParent());
            Files.writeString(file.resolveSibling("order.part"), order.get(0));
            Files.move(file.resolveSibling("order.part"), folder.resolve(order.get(1)));

            await().atMost(Duration.ofMinutes(1))
                    .failFast(() -> assertThat(estate.isAlive()).as(estate.output()).isTrue())
                    .untilAsserted(() -> {
                        assertThat(folder.resolve(greeting.get(0))).hasContent(greeting.get(1));
                        assertThat(estate.output())
                                .contains(project.readme("the log says `(.*?)`").get(0));
                    });
            assertThat(folder.resolve(greeting.get(1).replaceFirst(".*: ", ""))).isNotEmptyFile();
            assertThat(sandbox.tasks()).hasSize(1);

            estate.terminate();
            assertThat(estate.await(Duration.ofSeconds(15))).isEqualTo(TERMINATED);
            assertThat(estate.output()).doesNotContain("ERROR", "\tat ", "WARN");
        }
        assertThat(project.jars().entrySet().stream().filter(Map.Entry::getValue))
                .singleElement()
                .asString()
                .contains(ownLogging);
        assertThat(project.jars().keySet())
                .noneMatch(jar -> jar.contains("picocli") || jar.contains("jump3r") || jar.contains("vertx"));
    }

    private static Map<String, String> environment(Sandbox sandbox) {
        return sandbox.settings().entrySet().stream()
                .collect(Collectors.toMap(setting -> PropertyFiles.variable(setting.getKey()), Map.Entry::getValue));
    }
}
