package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A request's fields under their canonical names, whichever names the sender used: the snake_case spellings, and those
 * of the vendors' own documents.
 *
 * <p>The vendors' names come with the vendors' values ({@code vocal_gender: "f"}, {@code style_weight: "0.5"}). What
 * cannot be understood is left as it is, for the schema to refuse. Null counts as absent. One thing said twice is a
 * problem, and so is a name that a vendor has and Camelody keeps to itself.
 */
final class RequestNames {

    /** Other spellings, and what they are here. Nothing says {@code lyrics} for sunomusic's own {@code prompt}. */
    static final Map<String, String> ALIASES = aliases();

    private static final Map<String, String> KEPT = Map.of(
            "callback_url",
            "Camelody gives the vendor its own callback address; to be told of a finished song, use \"webhook\".",
            "provider",
            "It is SenseAudio's name for the model; use \"model\", and \"vendor\" for who makes the song.");

    private static final Pattern DECIMAL = Pattern.compile("[01]?[.][0-9]{1,17}|[01]");

    private final Map<String, String> given = new LinkedHashMap<>();
    private final Map<String, JsonNode> values = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    RequestNames(ObjectNode raw) {
        raw.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                take(field.getKey(), field.getValue());
            }
        });
        takeContinuation();
    }

    /** The values under canonical names, in the order of {@code fields}, then what is not among them. */
    ObjectNode canonical(Set<String> fields) {
        ObjectNode json = Json.object();
        for (String field : fields) {
            JsonNode value = values.get(field);
            if (value != null) {
                json.set(field, value);
            }
        }
        values.forEach((field, value) -> {
            if (!fields.contains(field)) {
                json.set(field, value);
            }
        });
        return json;
    }

    /** The field, or the field of a field, as the sender spelled it. */
    String asGiven(String field) {
        return given.getOrDefault(field, field);
    }

    List<Problem> problems() {
        return problems;
    }

    private void take(String name, JsonNode value) {
        if (KEPT.containsKey(name)) {
            problems.add(new Problem(
                    name, "left out", Problem.show(value), "Unknown field \"" + name + "\". " + KEPT.get(name)));
            return;
        }
        String field = ALIASES.getOrDefault(name, name);
        String other = given.putIfAbsent(field, name);
        if (other == null) {
            values.put(field, value(name, field, value));
        } else {
            problems.add(twice(field, other, name));
        }
    }

    /** sunomusic says in two fields what is one here. */
    private void takeContinuation() {
        JsonNode clipId = values.remove("extend.clipId");
        JsonNode at = values.remove("extend.at");
        if (clipId == null && at == null) {
            return;
        }
        if (values.containsKey("extend")) {
            problems.add(twice("extend", "extend", clipId == null ? "continue_at" : "continue_clip_id"));
            return;
        }
        given.put("extend.clipId", "continue_clip_id");
        given.put("extend.at", "continue_at");
        ObjectNode extend = Json.object();
        if (clipId != null) {
            extend.set("clipId", clipId);
        }
        if (at != null) {
            extend.set("at", at);
        }
        values.put("extend", extend);
    }

    private static JsonNode value(String name, String field, JsonNode value) {
        String text = value.textValue();
        return switch (field) {
            case "style", "negativeStyle" -> isTexts(value) ? TextNode.valueOf(join(value)) : value;
            case "styleWeight" ->
                name.equals("style_weight")
                                && text != null
                                && DECIMAL.matcher(text).matches()
                        ? DoubleNode.valueOf(Double.parseDouble(text))
                        : value;
            case "vocalGender" ->
                name.equals("vocal_gender") && ("f".equals(text) || "m".equals(text))
                        ? TextNode.valueOf("f".equals(text) ? "female" : "male")
                        : value;
            case "extend", "writeLyrics" -> value.isObject() ? inner((ObjectNode) value) : value;
            case "instrumental" -> value.isBoolean() ? BooleanNode.valueOf(value.booleanValue()) : value;
            default -> value.deepCopy();
        };
    }

    private static ObjectNode inner(ObjectNode value) {
        ObjectNode inner = Json.object();
        value.properties().forEach(field -> {
            String name = field.getKey().equals("clip_id") && !value.hasNonNull("clipId") ? "clipId" : field.getKey();
            if (!field.getValue().isNull()) {
                inner.set(name, field.getValue().deepCopy());
            }
        });
        return inner;
    }

    private static boolean isTexts(JsonNode list) {
        return list.isArray()
                && !list.isEmpty()
                && StreamSupport.stream(list.spliterator(), false)
                        .allMatch(text -> text.isTextual() && !text.textValue().isBlank());
    }

    private static String join(JsonNode texts) {
        return StreamSupport.stream(texts.spliterator(), false)
                .map(text -> text.textValue().strip())
                .collect(Collectors.joining(", "));
    }

    private static Problem twice(String field, String one, String other) {
        String advice = Set.of(one, other).equals(Set.of("prompt", "gpt_description_prompt"))
                ? "Here \"prompt\" is a description, and the words to sing are \"lyrics\"."
                : "Leave one of them out.";
        return Problem.of(field, "given once", '"' + one + "\" and \"" + other + '"', advice);
    }

    private static Map<String, String> aliases() {
        Map<String, String> aliases = new LinkedHashMap<>();
        aliases.put("write_lyrics", "writeLyrics");
        aliases.put("negative_style", "negativeStyle");
        aliases.put("style_weight", "styleWeight");
        aliases.put("vocal_gender", "vocalGender");
        // SenseAudio
        aliases.put("negative_tags", "negativeStyle");
        // sunomusic
        aliases.put("gpt_description_prompt", "prompt");
        aliases.put("tags", "style");
        aliases.put("make_instrumental", "instrumental");
        aliases.put("continue_clip_id", "extend.clipId");
        aliases.put("continue_at", "extend.at");
        // FoxAI
        aliases.put("topic", "prompt");
        aliases.put("is_instrumental", "instrumental");
        return Collections.unmodifiableMap(aliases);
    }
}
