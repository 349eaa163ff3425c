package io.camelody.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.serialization.YamlMapperFactory;
import io.camelody.testkit.CamelSchema;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped route files against Camel's own schema, and against what editors and integrators rely on in them. */
class RouteFilesTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("routes"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getParent().toString().endsWith(".samples"))
                    .sorted()
                    .toList();
        }
    }

    /** Those that somebody puts into a home. An estate's own routes are under names of its own. */
    static List<Path> examples() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/examples"))) {
            return all.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .filter(file -> !file.startsWith("src/examples/estates"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theRoutesFolderHoldsRouteFilesAndSamplesAlone() throws IOException {
        assertThat(files()).isNotEmpty().allMatch(file -> file.toString().endsWith(".camel.yaml"));
    }

    @ParameterizedTest
    @MethodSource({"files", "examples"})
    void eachFileIsWhatCamelsSchemaAllows(Path file) throws IOException {
        assertThat(CamelSchema.validate(parse(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"files", "examples"})
    void eachRouteHasANameAGroupAndItsContract(Path file) throws IOException {
        for (JsonNode entry : parse(file)) {
            JsonNode template = entry.path("routeTemplate");
            JsonNode route = template.isMissingNode() ? entry.path("route") : template.path("route");
            if (route.isMissingNode()) {
                assertThat(entry.path("routeConfiguration").path("id").asText()).startsWith("camelody-");
                assertThat(entry.path("routeConfiguration").path("description").asText())
                        .isNotBlank();
                continue;
            }
            String id = route.path("id").asText();
            assertThat(id).matches("camelody(-[a-z0-9]+)+");
            assertThat(route.path("group").asText()).as(id).startsWith("camelody-");
            assertThat(route.path("description").asText())
                    .as(id)
                    .contains("Leaves")
                    .endsWith(".");
            assertThat(route.path("routeConfigurationId").asText()).as(id).matches("camelody-(vendor|work|http)");
            JsonNode from = route.path("from");
            if (from.path("uri").asText().equals("direct")) {
                assertThat(from.path("parameters").path("name").asText()).isEqualTo(id);
            }
        }
    }

    /** Kaoto keeps comments at the head of a file alone, and puts configurations before routes. */
    @ParameterizedTest
    @MethodSource({"files", "examples"})
    void nothingIsLostOrMovedWhenAnEditorSaves(Path file) throws IOException {
        List<String> belowTheHead = Files.readAllLines(file).stream()
                .dropWhile(line -> line.isBlank() || line.startsWith("#"))
                .toList();
        List<String> kinds = new ArrayList<>();
        parse(file).forEach(entry -> entry.fieldNames().forEachRemaining(kinds::add));

        assertThat(belowTheHead).noneMatch(line -> line.matches("\\s*#.*"));
        assertThat(kinds)
                .isSortedAccordingTo(
                        Comparator.comparing(List.of("routeConfiguration", "route", "routeTemplate")::indexOf));
    }

    @ParameterizedTest
    @MethodSource({"files", "examples"})
    void stepsStandInTheCanonicalNotation(Path file) throws IOException {
        List<String> against = new ArrayList<>();
        eachField(parse(file), "", (path, value) -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            boolean isStep = List.of("to", "toD", "log", "setBody", "transform", "bean", "choice", "split", "filter")
                    .contains(name);
            boolean isLanguage = List.of("simple", "constant", "jq", "variable").contains(name);
            if ((isStep || isLanguage) && !value.isObject()) {
                against.add(path + " is no map");
            }
            if (name.equals("uri") && value.asText().contains("?")) {
                against.add(path + " has a query: " + value);
            }
            if (name.equals("uri") && value.asText().startsWith("direct:") && path.endsWith("from/uri")) {
                against.add(path + " has its name in the uri");
            }
            if (List.of("groovy", "sql", "loop", "delay", "log").contains(name)) {
                against.add(path + " does not belong in a route file");
            }
            if (name.equals("id") && !value.asText().startsWith("camelody-")) {
                against.add(path + " could collide: " + value);
            }
        });
        assertThat(against).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyPropertyHasItsDefaultInTheReference(Path file) throws IOException {
        Properties reference = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("config/application.properties"))) {
            reference.load(in);
        }

        parse(file)
                .findValues("parameters")
                .forEach(parameters -> parameters.findValuesAsText("name").forEach(name -> reference.put(name, "")));

        List<String> used = PLACEHOLDER
                .matcher(Files.readString(file))
                .results()
                .map(property -> property.group(1).replaceFirst("^[?]", ""))
                .toList();

        assertThat(used).allMatch(reference::containsKey);
    }

    @ParameterizedTest
    @MethodSource({"files", "examples"})
    void aFileIsShortAndItsLinesFitAScreen(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);

        // a vendor that writes lyrics has four calls, and SenseAudio those in two versions of its API
        boolean hasFourCalls = lines.stream().anyMatch(line -> line.endsWith("-lyrics-poll"));
        assertThat(lines).hasSizeLessThanOrEqualTo(hasFourCalls ? 225 : 160);
        assertThat(lines).allMatch(line -> line.length() <= 132);
    }

    private static JsonNode parse(Path file) throws IOException {
        return YamlMapperFactory.getInstance().readTree(Files.readString(file));
    }

    private static void eachField(JsonNode node, String path, BiConsumer<String, JsonNode> visit) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String below = path + "/" + field.getKey();
                visit.accept(below, field.getValue());
                if (!field.getKey().equals("parameters")) {
                    eachField(field.getValue(), below, visit);
                }
            });
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                eachField(node.get(i), path + "/" + i, visit);
            }
        }
    }
}
