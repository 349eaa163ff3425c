package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads a request's fields as a vendor's document has them, and refuses what it has not: strict where vendors are lax.
 */
final class Fields {

    private final ObjectNode json;

    Fields(ObjectNode json, Set<String> known) {
        this.json = json;
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new Refused(400, "Unknown field: " + name + ".");
            }
        });
    }

    ObjectNode json() {
        return json;
    }

    boolean has(String name) {
        return json.has(name);
    }

    Optional<String> text(String name) {
        return checked(name, "a string", JsonNode::isTextual).map(JsonNode::textValue);
    }

    String requiredText(String name) {
        return text(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new Refused(400, "Missing field: " + name + "."));
    }

    /** A text out of a closed list. */
    void oneOf(String name, Set<String> values) {
        text(name).filter(value -> !values.contains(value)).ifPresent(value -> {
            throw new Refused(400, "Expected " + name + " to be one of " + values + ", got: \"" + value + "\".");
        });
    }

    Optional<Boolean> flag(String name) {
        return checked(name, "a boolean", JsonNode::isBoolean).map(JsonNode::booleanValue);
    }

    Optional<Double> number(String name) {
        return checked(name, "a number", JsonNode::isNumber).map(JsonNode::doubleValue);
    }

    private Optional<JsonNode> checked(String name, String kind, Predicate<JsonNode> is) {
        Optional<JsonNode> value = Optional.ofNullable(json.get(name));
        value.filter(is.negate()).ifPresent(wrong -> {
            throw new Refused(400, "Expected " + name + " to be " + kind + ", got: " + wrong + ".");
        });
        return value;
    }
}
