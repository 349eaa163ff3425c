package io.camelody.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.camelody.request.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An answer in which one member is missing, or of another type.
 *
 * @param words what is odd about it
 * @param path of the member
 * @param was what stood there
 * @param is what stands there now; empty where it is missing
 */
record Mutation(String words, JsonPointer path, JsonNode was, Optional<JsonNode> is, JsonNode body) {

    /** A number and a text that no vendor says. */
    static final int NUMBER = 987_654;

    static final String TEXT = "camelody";

    private static final List<JsonNode> OTHERS = List.of(
            BooleanNode.TRUE,
            IntNode.valueOf(NUMBER),
            TextNode.valueOf(TEXT),
            Json.MAPPER.createArrayNode(),
            Json.object());

    /** Each member missing and of each other type. Of a list the first element stands for all. */
    static List<Mutation> of(JsonNode body) {
        List<JsonPointer> paths = new ArrayList<>();
        collect(body, JsonPointer.empty(), paths);
        List<Mutation> mutations = new ArrayList<>();
        for (JsonPointer path : paths) {
            JsonNode was = body.at(path);
            if (body.at(path.head()).isObject()) {
                mutations.add(new Mutation(
                        "without " + name(path), path, was, Optional.empty(), with(body, path, Optional.empty())));
            }
            for (JsonNode other : OTHERS) {
                if (other.getNodeType() != was.getNodeType()) {
                    mutations.add(new Mutation(
                            "in which %s is %s".formatted(name(path), type(other)),
                            path,
                            was,
                            Optional.of(other),
                            with(body, path, Optional.of(other))));
                }
            }
        }
        return mutations;
    }

    /** The body with something else at a path, or nothing. */
    static JsonNode with(JsonNode body, JsonPointer path, Optional<JsonNode> value) {
        JsonNode copy = body.deepCopy();
        JsonNode parent = copy.at(path.head());
        if (parent instanceof ArrayNode array) {
            array.set(path.last().getMatchingIndex(), value.orElseThrow());
        } else if (value.isPresent()) {
            ((ObjectNode) parent).set(path.last().getMatchingProperty(), value.get());
        } else {
            ((ObjectNode) parent).remove(path.last().getMatchingProperty());
        }
        return copy;
    }

    private static void collect(JsonNode node, JsonPointer path, List<JsonPointer> paths) {
        if (!path.matches()) {
            paths.add(path);
        }
        node.properties().forEach(member -> collect(member.getValue(), path.appendProperty(member.getKey()), paths));
        if (node.isArray() && !node.isEmpty()) {
            collect(node.get(0), path.appendIndex(0), paths);
        }
    }

    private static String name(JsonPointer path) {
        return path.toString().substring(1).replace('/', '.');
    }

    private static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> "true";
            case NUMBER -> "a number";
            case STRING -> "a text";
            case ARRAY -> "a list";
            default -> "an object";
        };
    }
}
