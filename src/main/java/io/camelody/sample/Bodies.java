package io.camelody.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.camelody.request.Json;
import java.util.Map;

/** Makes other answers of recorded ones. */
public final class Bodies {

    private Bodies() {}

    /** The same with texts exchanged: whole values, whatever their type, and names of members. */
    public static JsonNode exchanged(JsonNode body, Map<String, String> texts) {
        if (body instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties()
                    .forEach(member -> copy.set(
                            texts.getOrDefault(member.getKey(), member.getKey()), exchanged(member.getValue(), texts)));
            return copy;
        }
        if (body instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            array.forEach(element -> copy.add(exchanged(element, texts)));
            return copy;
        }
        boolean isText = body.isTextual() || body.isNumber();
        return isText && texts.containsKey(body.asText()) ? TextNode.valueOf(texts.get(body.asText())) : body;
    }

    /**
     * One answer about the tasks of two that have the same shape: their lists behind one another, and the members of both. Where
     * neither helps, what the first says.
     */
    public static JsonNode merged(JsonNode one, JsonNode other) {
        if (one instanceof ArrayNode first && other instanceof ArrayNode second) {
            return Json.MAPPER.createArrayNode().addAll(first).addAll(second);
        }
        if (one instanceof ObjectNode first && other instanceof ObjectNode second) {
            ObjectNode both = first.deepCopy();
            second.properties().forEach(member -> {
                JsonNode own = both.get(member.getKey());
                both.set(member.getKey(), own == null ? member.getValue() : merged(own, member.getValue()));
            });
            return both;
        }
        return one;
    }

    /** Whether a text stands in it, as a whole value or the name of a member. */
    public static boolean has(JsonNode body, String text) {
        return !exchanged(body, Map.of(text, text + "'")).equals(body);
    }
}
