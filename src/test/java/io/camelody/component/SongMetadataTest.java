package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Camel's tools read about the component: editors complete it, and catalogues list it. */
final class SongMetadataTest {

    @Test
    void theCatalogueEntrySaysWhatTheComponentIs() throws IOException {
        JsonNode component = entry().path("component");

        assertThat(component.path("scheme").textValue()).isEqualTo("song");
        assertThat(component.path("syntax").textValue()).isEqualTo("song:operation");
        assertThat(component.path("javaType").textValue()).isEqualTo(SongComponent.class.getName());
        assertThat(component.path("description").textValue()).isNotBlank();
        assertThat(component.path("groupId").textValue()).isEqualTo("io.camelody");
    }

    @Test
    void everyOptionIsDescribed() throws IOException {
        List<String> options = new ArrayList<>();
        for (String part : List.of("componentProperties", "properties")) {
            entry().path(part).properties().forEach(option -> {
                options.add(option.getKey());
                assertThat(option.getValue().path("description").asText())
                        .as(option.getKey())
                        .hasSizeGreaterThan(20);
            });
        }

        assertThat(options).contains("runtime", "operation", "concurrency", "vendor");
    }

    @Test
    void everyOperationIsListed() throws IOException {
        JsonNode operation = entry().at("/properties/operation");

        assertThat(operation.path("required").booleanValue()).isTrue();
        List<String> words = new ArrayList<>();
        operation.path("enum").forEach(word -> words.add(word.textValue()));
        assertThat(words)
                .containsExactly(Arrays.stream(SongOperation.values())
                        .map(SongOperation::word)
                        .toArray(String[]::new));
    }

    @Test
    void optionsSayWhomTheyAreFor() throws IOException {
        assertThat(entry().at("/properties/concurrency/label").textValue()).isEqualTo("consumer");
        assertThat(entry().at("/properties/vendor/label").textValue()).isEqualTo("producer");
        assertThat(entry().at("/properties/vendor/description").textValue()).contains("such as foxai");
        assertThat(entry().at("/componentProperties/runtime/autowired").booleanValue())
                .isTrue();
    }

    /** Variables have no place of their own in a catalogue, and editors show this text. */
    @Test
    void theOperationNamesEachVariable() throws IOException {
        String description = entry().at("/properties/operation/description").textValue();

        for (String variable : variables()) {
            assertThat(description).containsPattern("\\b" + variable + "\\b");
        }
    }

    private static Set<String> variables() throws IOException {
        Pattern named = Pattern.compile("(?:etVariable\\(|each\\(exchange,)\\s*\"(\\w+)\"");
        Set<String> variables = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/io/camelody/component"))) {
            for (Path file : files.toList()) {
                named.matcher(Files.readString(file)).results().forEach(found -> variables.add(found.group(1)));
            }
        }
        // between the consumer and the routes of work.camel.yaml
        variables.removeAll(Set.of("fresh", "deliveries", "clipsReady", "answer", "retryAfter"));
        assertThat(variables).contains("songId", "requestBatch", "sinkAttempts", "state");
        return variables;
    }

    @Test
    void theComponentIsFoundByItsScheme() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/META-INF/services/org/apache/camel/component/song")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("class=" + SongComponent.class.getName());
        }
    }

    private JsonNode entry() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/META-INF/io/camelody/component/song.json")) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
