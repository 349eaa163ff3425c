package io.camelody.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** What Camel's YAML may look like, as Camel itself says. */
public final class CamelSchema {

    private static final JsonSchema SCHEMA = read();

    private CamelSchema() {}

    /** @return what is wrong with a file; empty if nothing is */
    public static Set<ValidationMessage> validate(JsonNode file) {
        return SCHEMA.validate(file);
    }

    private static JsonSchema read() {
        try (InputStream in = CamelSchema.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            // read as far as it is needed: whole, it takes seconds
            SchemaValidatorsConfig lazy =
                    SchemaValidatorsConfig.builder().preloadJsonSchema(false).build();
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in, lazy);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
