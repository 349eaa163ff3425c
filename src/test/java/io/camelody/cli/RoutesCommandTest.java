package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoutesCommandTest {

    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(folder.resolve("a home"));
    }

    @Test
    void listsTheProgramsRoutesByTheirFilesWithinEightyColumns() {
        Ran ran = camelody("routes", "--home", home);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out().lines())
                .contains(
                        "routes/errors.camel.yaml",
                        "  camelody-vendor                    configuration",
                        "routes/intake-folder.camel.yaml, for run alone",
                        "  camelody-intake-folder             template, file:{{folder}}",
                        "  camelody-http-song                 platform-http:/songs/{id}",
                        "routes/sinks/s3.camel.yaml, not loaded: not in camelody.sinks",
                        "  camelody-foxai-song-submit         direct",
                        "  camelody-work-submit               song:accepted")
                .allMatch(line -> line.length() <= 80);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void saysOfEachFileOfTheHomeWhetherItReplacesOrJoins() throws IOException {
        Path foxai = write("vendors/foxai.camel.yaml", Files.readString(Path.of("routes/vendors/foxai.camel.yaml")));
        Path drop = write(
                "intake-drop.camel.yaml",
                route("mine-drop", "ftp://me:secret@localhost/in?account=secret", "song:request"));
        write("sinks/shelf.camel.yaml", route("camelody-shelf-sink", "direct:camelody-shelf-sink", "nosuch:x"));

        Ran table = camelody("routes", "--home", home);
        JsonNode files = Json.parse(camelody("routes", "--home", home, "--json", "--property", "camelody.http.port=")
                .out());

        assertThat(table.out())
                .as(table.err())
                .contains(
                        "routes/vendors/foxai.camel.yaml, the home's for the program's\n",
                        "routes/intake-drop.camel.yaml, the home's, for run alone\n",
                        "routes/sinks/shelf.camel.yaml, the home's, not loaded: not in camelody.sinks\n")
                .doesNotContain("secret");
        assertThat(file(files, "vendors/foxai"))
                .isEqualTo(Json.parse(
                        """
                        {"file": "routes/vendors/foxai.camel.yaml", "origin": "home", "place": "file:%s", "replaces": true,
                         "loadedBy": ["batch", "run"], "unused": null}"""
                                .formatted(foxai)));
        assertThat(file(files, "intake-drop").path("place").textValue()).isEqualTo("file:" + drop);
        assertThat(file(files, "intake-drop").path("loadedBy").toString()).isEqualTo("[\"run\"]");
        assertThat(file(files, "sinks/shelf").path("loadedBy")).isEmpty();
        assertThat(file(files, "intake-http").path("unused").textValue()).isEqualTo("camelody.http.port is empty");
        assertThat(file(files, "work").path("origin").textValue()).isEqualTo("program");
        assertThat(files.findValuesAsText("id")).contains("mine-drop", "camelody-foxai-song-poll", "camelody-work");
    }

    @Test
    void fileThatDoesNotLoadIsNamedWithItsLine() throws IOException {
        Path broken = write("mine.camel.yaml", "- route:\n    id: x\n  from: [\n");

        Ran ran = camelody("routes", "--home", home);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("(file: %s, line: 4)".formatted(broken)).doesNotContain("\tat ");
    }

    @Test
    void nameThatStandsTwiceIsToldWithBothFilesBeforeAnythingRuns() throws IOException {
        Path mine = write("mine.camel.yaml", route("mine", "direct:camelody-foxai-errors", "direct:nobody"));
        Path request = Files.writeString(home.resolve("song.txt"), "a song");

        Ran routes = camelody("routes", "--home", home);
        Ran batch = camelody("batch", request, "--sandbox", "--vendor", "foxai", "--home", home);

        assertThat(routes.code()).isEqualTo(2);
        assertThat(routes.err())
                .startsWith("A route could not be loaded: The endpoint direct:camelody-foxai-errors stands twice.")
                .containsPattern("\\(file: .*%s, line: 4; .*routes/vendors/foxai.camel.yaml, line: \\d+\\)"
                        .formatted(mine.getFileName()));
        assertThat(batch.err()).contains("stands twice");
        assertThat(batch.code()).isEqualTo(2);
    }

    private static JsonNode file(JsonNode files, String name) {
        JsonNode found = StreamSupport.stream(files.spliterator(), false)
                .filter(file -> file.path("file").textValue().equals("routes/" + name + ".camel.yaml"))
                .findFirst()
                .orElseThrow();
        JsonNode head = found.deepCopy();
        ((ObjectNode) head).remove("routes");
        return head;
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve("routes").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String route(String id, String from, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                        - to:
                            uri: "%s"
                """
                .formatted(id, from, to);
    }
}
