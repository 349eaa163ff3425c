package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The schema of songs' documents, for those that are really written to be held against it. */
public final class SongSchema {

    /** With no other document to look into, as anybody's validator has it. */
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                    closed(),
                    SchemaValidatorsConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build());

    private SongSchema() {}

    public static void demand(JsonNode song) {
        assertThat(SCHEMA.validate(song)).as(song.toPrettyString()).isEmpty();
    }

    /** The smallest song that holds. */
    public static ObjectNode song() {
        return (ObjectNode)
                Json.parse(
                        """
                {"schema": 1, "id": "s1", "state": "delivered", "vendor": "foxai", "sandbox": false, "price": 0.035,
                 "acceptedAt": "2026-11-20T10:00:00Z", "request": {"prompt": "rain"}, "tasks": [], "clips": []}
                """);
    }

    /** The members of a clip that are text where a vendor gives them. */
    public static List<String> textMembersOfClips() {
        JsonNode text = Json.parse("[\"string\", \"null\"]");
        return Json.parse(text("song")).at("/$defs/clip/properties").properties().stream()
                .filter(member -> member.getValue().path("type").equals(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The shipped vendors leave nothing of a clip that is not in the schema. */
    private static JsonNode closed() {
        JsonNode schema = Json.parse(text("song"));
        ((ObjectNode) schema.at("/$defs/clip")).put("additionalProperties", false);
        return schema;
    }

    private static String text(String name) {
        try (InputStream in = SongSchema.class.getResourceAsStream("/camelody/" + name + ".schema.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
