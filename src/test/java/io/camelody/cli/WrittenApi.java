package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.camelody.cli.Served.Answered;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document, for answers to be held against it. */
final class WrittenApi {

    private final JsonNode document;
    private final Set<String> answered = new TreeSet<>();

    WrittenApi(JsonNode document) {
        this.document = document;
    }

    /** As {@code GET /songs/{id}}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(field -> {
                    if (!field.equals("parameters")) {
                        operations.add(field.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** Those that an answer has been good for. */
    Set<String> answered() {
        return answered;
    }

    void holds(String method, String path, Answered answer, int status) {
        String what = method + " " + path + " " + answer.response().body();
        assertThat(answer.status()).as(what).isEqualTo(status);
        JsonNode response = response(method, path, status);
        assertThat(response.isObject()).as("%d is written: %s", status, what).isTrue();
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            if (resolved(header.getValue()).path("required").asBoolean()) {
                assertThat(answer.header(header.getKey()))
                        .as("%s of %s", header.getKey(), what)
                        .isPresent();
            }
        }
        if (response.has("content") && !method.equals("HEAD")) {
            contentHolds(response.path("content"), answer);
        } else {
            assertThat(answer.response().body()).as(what).isEmpty();
        }
        if (status < 300) {
            answered.add(method + " " + path);
        }
    }

    /** Of an answer that does not end. */
    void begins(String method, String path, HttpResponse<?> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        demandType(response(method, path, 200).path("content"), answer);
        answered.add(method + " " + path);
    }

    private JsonNode response(String method, String path, int status) {
        return resolved(document.path("paths")
                .path(path)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path("" + status));
    }

    private void contentHolds(JsonNode content, Answered answer) {
        String type = demandType(content, answer.response());
        if (type.endsWith("json")) {
            holds(content.path(type).path("schema"), answer.json());
        }
    }

    /** @return the type that the answer has */
    private static String demandType(JsonNode content, HttpResponse<?> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("none").replaceFirst(";.*", "");
        assertThat(content.has(type) || content.has(type.replaceFirst("/.*", "/*")))
                .as("%s is written: %s", type, answer)
                .isTrue();
        return type;
    }

    void holds(String schema, JsonNode json) {
        holds(document.at("/components/schemas/" + schema), json);
    }

    private void holds(JsonNode schema, JsonNode json) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components").deepCopy());

        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(closed(whole))
                        .validate(json))
                .as(json.toString())
                .isEmpty();
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Callers must put up with fields that they do not know. A test must not. */
    private static JsonNode closed(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(WrittenApi::closed);
        return node;
    }
}
