package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.settings.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Camel says late, without the files, or not at all. */
final class RouteNamesTest {

    @TempDir
    private Path folder;

    @Test
    void shippedFilesGiveEachNameOnce() {
        RouteNames names = RouteNames.in(RouteFiles.find(folder).places());

        assertThatCode(names::demandUnique).doesNotThrowAnyException();
        assertThat(names.fileOfConfiguration("camelody-work")).hasValue("classpath:camelody/routes/errors.camel.yaml");
        assertThat(names.fileOfConfiguration("nobody")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "route, The route x",
        "routeTemplate, The route template x",
        "routeConfiguration, The route configuration x",
    })
    void idThatTwoFilesGiveIsToldWithBothLines(String kind, String what) throws IOException {
        String one = write("one", "- %s:\n    id: x\n".formatted(kind));
        String two = write("two", "- route:\n    id: y\n- %s:\n    description: d\n    id: x\n".formatted(kind));

        assertThatThrownBy(() -> RouteNames.in(List.of(one, two)).demandUnique())
                .isInstanceOf(BrokenRouteException.class)
                .hasMessageContaining(what + " stands twice.")
                .hasMessageEndingWith("(file: %s, line: 2; %s, line: 5)".formatted(one.substring(5), two.substring(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "'uri: direct:x'",
        "'uri: direct://x'",
        "'uri: \"direct:x?block=false\"'",
        "'{uri: direct, parameters: {name: x}}'"
    })
    void directEndpointWhereTwoRoutesBeginIsTold(String from) throws IOException {
        String one = write("one", "- from:\n    uri: direct:x\n");
        String two = write("two", "- route:\n    id: y\n    from:\n      %s\n".formatted(from));

        assertThatThrownBy(() -> RouteNames.in(List.of(one, two)).demandUnique())
                .hasMessageContaining("The endpoint direct:x stands twice.");
    }

    @ParameterizedTest
    @CsvSource({
        "'to: direct:camelody-answr'",
        "'to: \"direct://camelody-answr?timeout=1\"'",
        "'toD: {uri: direct:camelody-answr}'",
        "'to: {uri: direct, parameters: {name: camelody-answr}}'",
        "'enrich: {expression: {constant: {expression: direct:camelody-answr}}}'",
    })
    void callOfARouteThatIsNotThereIsToldWithItsLine(String step) throws IOException {
        String one = write("one", "- from:\n    uri: direct:camelody-answer\n");
        String two = write(
                "two",
                "- route:\n    from:\n      uri: direct:camelody-x\n      steps:\n      - log: x\n      - %s\n"
                        .formatted(step));

        assertThatThrownBy(() -> RouteNames.in(List.of(one, two)).demandCalled())
                .isInstanceOf(BrokenRouteException.class)
                .hasMessageContaining(
                        "No route begins at direct:camelody-answr; did you mean \"direct:camelody-answer\"?")
                .hasMessageEndingWith("(file: %s, line: 6)".formatted(two.substring(5)));
    }

    @Test
    void callsOfRoutesThatAreThereOrNotKnownHereAreNone() throws IOException {
        String one = write(
                "one",
                """
                - from:
                    uri: direct:camelody-x
                    steps:
                      - to: direct:camelody-x
                      - to: direct:camelody-made-y
                      - to: direct:elsewhere
                      - toD: direct:camelody-${variable.vendor}-song-poll
                      - to: "{{camelody.moderation.route}}"
                - routeTemplate:
                    id: t
                    from:
                      uri: direct:camelody-made-{{name}}
                """);

        assertThatCode(() -> RouteNames.in(List.of(one)).demandCalled()).doesNotThrowAnyException();
        assertThatCode(() -> RouteNames.in(RouteFiles.find(folder).places()).demandCalled())
                .doesNotThrowAnyException();
    }

    @Test
    void sameIdOfDifferentKindsIsNone() throws IOException {
        String one = write("one", "- route:\n    id: x\n- routeConfiguration:\n    id: x\n- beans: []\n");
        String broken = write("two", "- route: [\n");

        assertThatCode(() -> RouteNames.in(List.of(one, broken)).demandUnique()).doesNotThrowAnyException();
    }

    private String write(String name, String text) throws IOException {
        return "file:" + Files.writeString(folder.resolve(name + ".camel.yaml"), text);
    }
}
