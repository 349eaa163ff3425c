package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.camelody.cli.Served.Answered;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document says what is served: neither less nor more, and in the shape that it says. */
class OpenApiTest {

    @TempDir
    Path home;

    private Served served;
    private JsonNode document;

    @BeforeEach
    void serve() throws Exception {
        new TestLedger(home).delivered("delivered");
        new TestLedger(home).inDoubt("doubted");
        served = new Served(home, "camelody.budget.total", "0.000001");
        document = served.get("/openapi.json").json();
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void whatIsServedAndWhatIsWrittenAreTheSame() {
        Set<String> written = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        written.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }));

        Set<String> routed = served.router().getRoutes().stream()
                .filter(route -> route.getPath() != null && route.methods() != null)
                .flatMap(route -> route.methods().stream()
                        .map(HttpMethod::name)
                        .map(method -> method + " " + route.getPath().replaceAll(":([a-z]+)", "{$1}")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(written).isEqualTo(routed);
    }

    @Test
    void answersHaveTheShapeThatIsWritten() throws Exception {
        String request = "{\"id\": \"a\", \"prompt\": \"a\", \"vendor\": \"foxai\"}";

        holds("get", "/openapi.json", served.get("/openapi.json"), 200);
        holds("post", "/songs", served.post("/songs", request), 202);
        holds("post", "/songs", served.post("/songs", "[" + request + "]"), 202);
        holds("post", "/songs", served.post("/songs", "[" + request + ",{}]"), 207);
        holds("post", "/songs", served.post("/songs", "{}"), 400);
        holds("post", "/songs", served.post("/songs", request.replace("\"a\",", "\"b\",")), 202);
        holds("post", "/songs", served.post("/songs", request.replace("prompt\": \"a", "prompt\": \"b")), 409);
        holds("post", "/songs", served.post("/songs", request, "Content-Type", "text/plain"), 415);
        holds("post", "/songs", served.post("/songs", " ".repeat(5_000_000)), 413);
        String[] key = {"Idempotency-Key", "k"};
        served.post("/songs", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}", key);
        holds("post", "/songs", served.post("/songs", "{\"prompt\": \"b\", \"vendor\": \"foxai\"}", key), 422);
        holds("post", "/songs", served.call("POST", "/songs", request, "Origin", "http://evil.example"), 403);
        holds("get", "/songs", served.get("/songs?limit=2"), 200);
        holds("get", "/songs", served.get("/songs?state=delivered"), 200);
        holds("get", "/songs", served.get("/songs?x=1"), 400);
        holds("get", "/songs/{id}", served.get("/songs/delivered"), 200);
        holds("get", "/songs/{id}", served.get("/songs/doubted"), 200);
        holds("get", "/songs/{id}", served.get("/songs/none"), 404);
        holds("post", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{}"), 400);
        holds("post", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{\"fail\": true}"), 200);
        holds("post", "/songs/{id}/resolve", served.post("/songs/doubted/resolve", "{\"fail\": true}"), 409);
        holds("post", "/songs/{id}/resolve", served.post("/songs/none/resolve", "{\"fail\": true}"), 404);
        holds("post", "/songs/{id}/retry", served.post("/songs/doubted/retry", ""), 200);
        holds("post", "/songs/{id}/retry", served.post("/songs/doubted/retry", ""), 409);
        holds("post", "/songs/{id}/retry", served.post("/songs/none/retry", ""), 404);
        holds("delete", "/songs/{id}", served.call("DELETE", "/songs/a", ""), 200);
        holds("delete", "/songs/{id}", served.call("DELETE", "/songs/a", ""), 409);
        holds("delete", "/songs/{id}", served.call("DELETE", "/songs/none", ""), 404);
        holds("get", "/vendors", served.get("/vendors"), 200);
        holds("get", "/vendors", served.get("/vendors?x=1"), 400);
    }

    @Test
    void theSchemaOfARequestIsTheOneThatRefuses() {
        assertThat(document.at("/components/schemas/Request/properties/prompt").isObject())
                .isTrue();
    }

    private void holds(String method, String path, Answered answer, int status) {
        String what = method + " " + path + " " + status + ": " + answer.json();
        assertThat(answer.status()).as(what).isEqualTo(status);
        JsonNode response =
                document.path("paths").path(path).path(method).path("responses").path("" + status);
        if (response.has("$ref")) {
            response = document.at(response.path("$ref").asText().substring(1));
        }
        assertThat(response.isObject()).as("written: " + what).isTrue();
        Map.Entry<String, JsonNode> content =
                response.path("content").properties().iterator().next();
        assertThat(answer.header("Content-Type")).contains(content.getKey());
        ObjectNode schema = content.getValue().path("schema").deepCopy();
        schema.set("components", closed(document.path("components").deepCopy()));

        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(answer.json()))
                .as(what)
                .isEmpty();
    }

    /** Callers must put up with fields that they do not know. This test must not. */
    private static JsonNode closed(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApiTest::closed);
        return node;
    }
}
