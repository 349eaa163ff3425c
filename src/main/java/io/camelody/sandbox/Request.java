package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import io.camelody.request.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A request that was read.
 *
 * @param query undecoded, empty if there is none
 */
record Request(String method, String path, String query, Headers headers, String body) {

    /** The last segment of the path, where a task's id stands if the path has one. */
    String id() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    String header(String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value;
    }

    String parameter(String name) {
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts[0].equals(name)) {
                return parts.length == 1 ? "" : decoded(parts[1]);
            }
        }
        return "";
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "The query is not URL-encoded: \"" + value + "\".");
        }
    }

    /** The comma-separated ids of {@code ?ids=}. */
    List<String> ids() {
        return Arrays.stream(parameter("ids").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    ObjectNode json() {
        String type = header("Content-Type").toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !type.startsWith("application/json;")) {
            throw new Refused(415, "Expected Content-Type application/json, got: \"" + type + "\".");
        }
        try {
            if (Json.parse(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "The body is not JSON: " + e.getMessage());
        }
        throw new Refused(400, "Expected a JSON object.");
    }
}
