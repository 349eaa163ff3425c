package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.SavedRoutes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose route files, changed and saved by an editor, take the places of the packed program's, and others join. */
final class HomeRoutesIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void filesOfTheHomeRunInPlaceOfTheShippedOnesOfTheirKind() throws Exception {
        replaceWithAMark("errors", "camelody-vendor-answer");
        replaceWithAMark("work", "camelody-work-deliver");
        replaceWithAMark("vendors/foxai", "camelody-foxai-song-poll");
        replaceWithAMark("sinks/file", "camelody-file-sink");
        replace("intake-http", "platform-http:/vendors", "platform-http:/of-the-home");
        replace("intake-folder", "recursive: true\n", "recursive: true\n          include: \".*[.]txt\"\n");
        join();
        Files.writeString(
                home.resolve("requests.jsonl"), "{\"id\": \"one\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");
        give("mine/two.json", "{\"id\": \"two\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");
        give("inbox/three.json", "{\"id\": \"three\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");
        give("inbox/four.txt", "a waltz");

        try (Child batch = Child.batch(home, sandbox.settings())) {
            assertThat(batch.await(LONG)).as(batch.output()).isZero();
        }

        assertThat(marks())
                .containsExactly(
                        "camelody-file-sink",
                        "camelody-foxai-song-poll",
                        "camelody-vendor-answer",
                        "camelody-work-deliver");
        assertThat(home.resolve("songs/one/song.json")).exists();
        assertThat(home.resolve("songs/two")).doesNotExist();

        try (ServedProgram run = ServedProgram.run(home, sandbox, Map.of("camelody.default-vendor", "foxai"))) {
            await().atMost(LONG).until(() -> Files.exists(home.resolve("inbox/done/four.txt")));
            await().atMost(LONG).until(() -> Files.exists(home.resolve("songs/two/song.json")));
            HttpRequest vendors = HttpRequest.newBuilder(URI.create(run.url() + "/of-the-home"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(vendors, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(home.resolve("inbox/three.json")).exists();
        assertThat(home.resolve("songs/three")).doesNotExist();
    }

    /** Has a route of the file tell the home's own route that it was there. */
    private void replaceWithAMark(String name, String route) throws IOException {
        String start = "    id: %s\n".formatted(route);
        String text = Files.readString(Path.of("routes", name + ".camel.yaml"));
        int steps = text.indexOf("      steps:\n", text.indexOf(start));
        String before = text.substring(text.indexOf(start), steps) + "      steps:\n";
        String mark =
                """
                - setVariable:
                    name: mark
                    expression:
                      constant:
                        expression: %s
                - to:
                    uri: direct:mine-mark
                """;
        replace(name, before, before + mark.formatted(route).indent(8));
    }

    private void replace(String name, String what, String by) throws IOException {
        String text = Files.readString(Path.of("routes", name + ".camel.yaml"));
        assertThat(text).contains(what);
        Path file = give("routes/" + name + ".camel.yaml", text.replace(what, by));
        Files.writeString(file, SavedRoutes.byAnEditor(file));
    }

    private void join() throws IOException {
        give(
                "routes/mine.camel.yaml",
                """
                - route:
                    id: mine-mark
                    from:
                      uri: direct:mine-mark
                      steps:
                        - setVariable:
                            name: was
                            expression:
                              simple:
                                expression: "${body}"
                        - setBody:
                            expression:
                              constant:
                                expression: here
                        - setHeader:
                            name: CamelFileName
                            expression:
                              variable:
                                expression: mark
                        - to:
                            uri: file:marks
                        - removeHeaders:
                            pattern: CamelFile*
                        - setBody:
                            expression:
                              variable:
                                expression: was
                """);
        give(
                "routes/intake-mine.camel.yaml",
                """
                - route:
                    id: mine-intake
                    from:
                      uri: file:mine
                      steps:
                        - convertBodyTo:
                            type: java.lang.String
                        - to:
                            uri: song:request
                """);
    }

    private Path give(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private List<String> marks() throws IOException {
        try (Stream<Path> marks = Files.list(home.resolve("marks"))) {
            return marks.map(mark -> mark.getFileName().toString()).sorted().toList();
        }
    }
}
