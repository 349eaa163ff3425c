package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The schema that ships, {@code camelody/request.schema.json}, as the judge of a request under canonical names.
 *
 * <p>What a field is expected to be is its {@code title} in the schema, so that the rule, the message and the
 * documentation are one text. A field has one problem at most. Thread-safe.
 */
final class RequestSchema {

    private static final String RESOURCE = "/camelody/request.schema.json";

    private static final Set<String> MAKES = Set.of("prompt", "lyrics", "writeLyrics", "extend", "instrumental");

    private static final JsonNode SOURCE = load();

    private static final Set<String> FIELDS = allFields();

    private static final Set<String> NAMES = allNames();

    private final JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                    SOURCE,
                    SchemaValidatorsConfig.builder()
                            .regularExpressionFactory(RequestSchema::expression)
                            .build());

    RequestSchema() {
        schema.initializeValidators();
    }

    /** The canonical names, in the order of the schema. */
    static Set<String> fields() {
        return FIELDS;
    }

    /** The canonical names, those of fields inside others with a dot. */
    static Set<String> names() {
        return NAMES;
    }

    /** The type that a field has, or the first of several, by its name with or without a dot; text if it has none. */
    static String type(String name) {
        JsonNode field = SOURCE;
        for (String part : name.split("[.]", 2)) {
            field = field.path("properties").path(part);
        }
        JsonNode type = field.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText("string");
    }

    private static Set<String> allFields() {
        Set<String> fields = new LinkedHashSet<>();
        SOURCE.get("properties").fieldNames().forEachRemaining(fields::add);
        return Collections.unmodifiableSet(fields);
    }

    private static Set<String> allNames() {
        Set<String> names = new LinkedHashSet<>();
        SOURCE.get("properties").properties().forEach(field -> {
            names.add(field.getKey());
            field.getValue()
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(inner -> names.add(field.getKey() + "." + inner));
        });
        return names;
    }

    /** What is wrong with a request, its fields named as its sender named them. */
    List<Problem> problems(ObjectNode request, RequestNames names) {
        Map<String, Problem> problems = new LinkedHashMap<>();
        boolean nothingToMake = false;
        for (ValidationMessage message : schema.validate(request)) {
            if (message.getEvaluationPath().getElement(0).equals("anyOf")) {
                nothingToMake = true;
                continue;
            }
            Problem problem =
                    switch (message.getType()) {
                        case "additionalProperties" -> unknown(message);
                        case "required" -> missing(message, names);
                        default -> wrong(message, names);
                    };
            problems.putIfAbsent(problem.field(), problem);
        }
        // a misspelt prompt is one mistake, not two
        boolean told =
                problems.values().stream().anyMatch(problem -> makes(problem.field()) || makes(problem.expected()));
        if (nothingToMake && !told) {
            problems.put("", nothingToMake());
        }
        return new ArrayList<>(problems.values());
    }

    private Problem unknown(ValidationMessage message) {
        String parent = field(message.getInstanceLocation());
        String prefix = parent.isEmpty() ? "" : parent + ".";
        Set<String> known = new LinkedHashSet<>();
        SOURCE.at(schemaPointer(message.getInstanceLocation()) + "/properties")
                .fieldNames()
                .forEachRemaining(known::add);
        if (parent.isEmpty()) {
            known.addAll(RequestNames.ALIASES.keySet());
        }
        Optional<String> nearest = NearestName.to(message.getProperty(), known);
        String unknown = Problem.quote(prefix + message.getProperty());
        return new Problem(
                Problem.cut(prefix + message.getProperty()),
                nearest.map(name -> prefix + name).orElse("a known field"),
                unknown,
                "Unknown field " + unknown
                        + nearest.map(name -> "; did you mean \"" + prefix + name + "\"?")
                                .orElse("."));
    }

    private Problem missing(ValidationMessage message, RequestNames names) {
        JsonNodePath path = message.getInstanceLocation().append(message.getProperty());
        return Problem.of(names.asGiven(field(path)), expected(path), "nothing");
    }

    private Problem wrong(ValidationMessage message, RequestNames names) {
        JsonNodePath path = message.getInstanceLocation();
        JsonNode value = message.getInstanceNode();
        String got = message.getType().equals("maxLength")
                ? value.textValue().codePointCount(0, value.textValue().length()) + " characters"
                : Problem.show(value);
        return Problem.of(names.asGiven(field(path)), expected(path), got);
    }

    private static Problem nothingToMake() {
        return Problem.about(
                "",
                "the request",
                "something to make",
                "nothing to make",
                "Give a prompt, lyrics, writeLyrics or extend, or a style with instrumental: true.");
    }

    private static boolean makes(String field) {
        return MAKES.contains(RequestNames.ALIASES.getOrDefault(field, field).replaceFirst("[.].*", ""));
    }

    private String expected(JsonNodePath path) {
        return SOURCE.at(schemaPointer(path)).path("title").asText();
    }

    /** Where in the schema the rules for a place in a request stand. */
    private static String schemaPointer(JsonNodePath path) {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < path.getNameCount(); i++) {
            pointer.append(path.getElement(i) instanceof Integer ? "/items" : "/properties/" + path.getElement(i));
        }
        return pointer.toString();
    }

    /** {@code extend.at}, {@code sinks[0]}, and empty for the request as a whole. */
    private static String field(JsonNodePath path) {
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < path.getNameCount(); i++) {
            Object element = path.getElement(i);
            if (element instanceof Integer) {
                field.append('[').append(element).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(element);
            }
        }
        return field.toString();
    }

    /** A schema's {@code $} is the end of the text; Java's is also before a last line end, and "..\n" is no id. */
    private static RegularExpression expression(String regex) {
        Pattern pattern = Pattern.compile(regex.endsWith("$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
        return text -> pattern.matcher(text).find();
    }

    private static JsonNode load() {
        try (InputStream in = RequestSchema.class.getResourceAsStream(RESOURCE)) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The schema of a request could not be read from the jar", e);
        }
    }
}
