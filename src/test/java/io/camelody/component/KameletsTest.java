package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.serialization.YamlMapperFactory;
import io.camelody.request.RefusedRequestException;
import io.camelody.testkit.CamelSchema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kamelets of the jar: what editors' palettes read of them, and that they do what they say. */
@Timeout(30)
final class KameletsTest {

    private static final Path FOLDER = Path.of("src/main/resources/kamelets");

    private static final String PREFIX = "camel.apache.org/kamelet.";

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean fails = new AtomicBoolean();

    private Studio studio;

    static List<Path> kamelets() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @AfterEach
    void stop() {
        if (studio != null) {
            studio.close();
        }
    }

    @Test
    void anActionMakesASongAndLeavesItsDocument() throws Exception {
        studio = studio().start();

        CompletableFuture<Object> generated = studio.template()
                .asyncRequestBody(
                        "kamelet:camelody-generate-action?vendor=foxai", Map.of("id", "s1", "prompt", "a waltz"));
        await().until(() -> studio.ledger().catalog().find("s1").isPresent());
        assertThat(generated).isNotDone();
        studio.ledger().steering().cancel("s1");

        JsonNode song = (JsonNode) generated.get(10, TimeUnit.SECONDS);
        assertThat(song.path("id").textValue()).isEqualTo("s1");
        assertThat(song.path("vendor").textValue()).isEqualTo("foxai");
        assertThat(song.path("state").textValue()).isEqualTo("cancelled");
    }

    @Test
    void anActionFailsWhereTheRequestIsRefused() {
        studio = studio().start();

        assertThatThrownBy(() -> studio.template()
                        .requestBody("kamelet:camelody-generate-action", Map.of("prompt", "a", "promt", "b")))
                .hasRootCauseInstanceOf(RefusedRequestException.class);
    }

    @Test
    void aSourceTellsOfEachSongThatHasEndedAndAgainWhereItsRouteFails() {
        fails.set(true);
        studio = studio().route("told", "kamelet:camelody-finished-source", this::hear)
                .start();

        studio.request("s1", "foxai");
        studio.ledger().steering().cancel("s1");
        await().until(() -> !told.isEmpty());
        fails.set(false);

        await().until(() -> told.size() > 1);
        assertThat(told).containsOnly("s1 cancelled");
    }

    @Test
    void aSourceTellsOnlyOfTheStateThatIsAskedFor() throws Exception {
        studio = studio().route("failed", "kamelet:camelody-finished-source?state=failed", this::hear)
                .route("all", "song:finished", exchange -> told.add("all " + exchange.getVariable("songId")))
                .route("submit", "song:accepted", exchange -> exchange.getMessage()
                        .setBody("{\"error\": {\"class\": \"invalid\", \"message\": \"no\"}}"))
                .start();

        studio.request("bad", "foxai");
        await().until(() -> told.contains("all bad"));
        studio.context().getRouteController().suspendRoute("submit");
        studio.request("other", "foxai-2");
        studio.ledger().steering().cancel("other");
        await().until(() -> told.contains("all other"));

        assertThat(told).containsExactlyInAnyOrder("bad failed", "all bad", "all other");
    }

    @Test
    void bothAreThere() throws IOException {
        assertThat(kamelets())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("camelody-finished-source.kamelet.yaml", "camelody-generate-action.kamelet.yaml");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void aPaletteFindsWhatItShows(Path file) throws Exception {
        JsonNode kamelet = YamlMapperFactory.getInstance().readTree(Files.readString(file));
        JsonNode metadata = kamelet.path("metadata");
        JsonNode annotations = metadata.path("annotations");
        JsonNode definition = kamelet.at("/spec/definition");

        assertThat(kamelet.path("apiVersion").textValue()).isEqualTo("camel.apache.org/v1");
        assertThat(kamelet.path("kind").textValue()).isEqualTo("Kamelet");
        String name = metadata.path("name").textValue();
        assertThat(file).hasFileName(name + ".kamelet.yaml");
        String type = metadata.path("labels").path(PREFIX + "type").textValue();
        assertThat(name).endsWith("-" + type);
        assertThat(annotations.path(PREFIX + "group").textValue()).isEqualTo("Camelody");
        assertThat(annotations.path("camel.apache.org/provider").textValue()).isEqualTo("Camelody");
        assertThat(annotations.path(PREFIX + "support.level").textValue()).isIn("Preview", "Stable");
        assertThat(rootOfIcon(annotations.path(PREFIX + "icon").textValue())).isEqualTo("svg");
        assertThat(definition.path("title").textValue()).isNotBlank();
        assertThat(definition.path("description").textValue()).endsWith(".");
        assertThat(definition.path("type").textValue()).isEqualTo("object");
        definition.path("properties").properties().forEach(property -> {
            for (String said : List.of("title", "description", "type", "example")) {
                assertThat(property.getValue().path(said).asText()).as(said).isNotBlank();
            }
            assertThat(kamelet.at("/spec/template").toString()).contains(property.getKey() + "}}");
        });
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void aTemplateIsWhatCamelsSchemaAllows(Path file) throws IOException {
        JsonNode kamelet = YamlMapperFactory.getInstance().readTree(Files.readString(file));

        assertThat(CamelSchema.validate(
                        YamlMapperFactory.getInstance().createArrayNode().add(kamelet.at("/spec/template"))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void itsDependencyIsThisVersionOfTheJar(Path file) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        var version = Pattern.compile("<artifactId>camelody</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(pom);
        assertThat(version.find()).isTrue();

        JsonNode kamelet = YamlMapperFactory.getInstance().readTree(Files.readString(file));

        assertThat(kamelet.at("/spec/dependencies"))
                .extracting(JsonNode::textValue)
                .contains("camel:kamelet", "mvn:io.camelody:camelody:" + version.group(1));
    }

    private static String rootOfIcon(String uri) throws Exception {
        String start = "data:image/svg+xml;base64,";
        assertThat(uri).startsWith(start);
        byte[] svg = Base64.getDecoder().decode(uri.substring(start.length()));
        assertThat(new String(svg, StandardCharsets.UTF_8))
                .isEqualToIgnoringWhitespace(Files.readString(Path.of("src/main/resources/camelody/page/icon.svg")));
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getDocumentElement()
                .getTagName();
    }

    private Studio studio() {
        return new Studio(folder, Clock.systemUTC()).vendor("foxai").vendor("foxai-2");
    }

    private void hear(Exchange exchange) {
        JsonNode song = exchange.getMessage().getBody(JsonNode.class);
        told.add(song.path("id").textValue() + " " + exchange.getVariable("state"));
        if (fails.get()) {
            throw new IllegalStateException("nobody answers");
        }
    }
}
