package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Serves the description of what is served, {@code camelody/openapi.json}, with the schema of a request that refuses requests. */
public final class OpenApi {

    public void install(Router router) {
        router.get("/openapi.json").handler(call -> call.response()
                .putHeader("Content-Type", "application/json")
                .end(document()));
    }

    /** Made for each call, of which there are few, and not for each start. */
    private static String document() {
        ObjectNode whole = (ObjectNode) resource("openapi.json");
        ((ObjectNode) whole.at("/components/schemas")).set("Request", resource("request.schema.json"));
        Optional.ofNullable(OpenApi.class.getPackage().getImplementationVersion())
                .ifPresent(version -> ((ObjectNode) whole.get("info")).put("version", version));
        return Json.write(whole);
    }

    private static JsonNode resource(String name) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/camelody/" + name)) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The jar's %s could not be read".formatted(name), e);
        }
    }
}
