package io.camelody.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelody.request.Json;
import io.camelody.request.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads one sample's YAML, and notes everything that is wrong with it. Used once, by one thread. */
final class SampleFile {

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private static final String JSON = "application/json";

    private final String place;
    private final List<String> problems;

    /** @param place the file's name, for messages */
    SampleFile(String place, List<String> problems) {
        this.place = place;
        this.problems = problems;
    }

    Optional<Sample> read(String name, String text) {
        int before = problems.size();
        Sample sample = sample(name, parse(text));
        return problems.size() == before ? Optional.of(sample) : Optional.empty();
    }

    private JsonNode parse(String text) {
        try {
            JsonNode root = YAML.readTree(text);
            if (root.isObject()) {
                return root;
            }
            problem("Expected a map of route, given, call, answer and leaves.");
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            problem("It is no YAML: %s (line: %d)"
                    .formatted(reason, e.getLocation().getLineNr()));
        }
        return Json.object();
    }

    private Sample sample(String name, JsonNode root) {
        if (!root.isEmpty()) {
            known("", root, List.of("route", "given", "call", "answer", "leaves"));
        }
        String word = root.path("route").asText();
        Optional<Sample.Route> route = Sample.Route.of(word);
        if (!root.isEmpty() && route.isEmpty()) {
            problem("Expected route to be one of %s, got: \"%s\".".formatted(Sample.Route.words(), word));
        }
        JsonNode given = root.path("given");
        route.ifPresent(found -> {
            boolean isSubmit = found.isSubmit();
            if (isSubmit ? !given.isObject() : !given.isArray() || given.isEmpty()) {
                problem("Expected given to be %s."
                        .formatted(isSubmit ? "a request in canonical names" : "a list of task ids"));
            }
            demand("leaves", root, JsonNode::isContainerNode, "what the route leaves");
        });
        return new Sample(
                name,
                route.orElse(Sample.Route.SONG_SUBMIT),
                given,
                call(root.path("call")),
                answer(root.path("answer")),
                root.path("leaves"));
    }

    private Sample.Call call(JsonNode call) {
        known("call.", call, List.of("method", "path", "query", "headers", "body"));
        return new Sample.Call(
                Optional.ofNullable(call.path("method").textValue()).map(word -> word.toUpperCase(Locale.ROOT)),
                Optional.ofNullable(call.path("path").textValue()),
                texts("call.query", call.path("query")),
                texts("call.headers", call.path("headers")),
                Optional.ofNullable(call.get("body")));
    }

    private Sample.Answer answer(JsonNode answer) {
        known("answer.", answer, List.of("status", "headers", "body"));
        demand("status", answer, status -> status.asInt() >= 200 && status.asInt() < 600, "a number from 200 to 599");
        JsonNode body = answer.path("body");
        boolean isText = body.isTextual() || body.isMissingNode();
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Content-Type", isText ? "text/plain" : JSON));
        headers.putAll(texts("answer.headers", answer.path("headers")));
        return new Sample.Answer(
                answer.path("status").asInt(200), headers, isText ? body.asText("") : Json.write(body));
    }

    private Map<String, String> texts(String what, JsonNode map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                texts.put(entry.getKey(), entry.getValue().asText());
            } else {
                problem("Expected %s.%s to be a text.".formatted(what, entry.getKey()));
            }
        });
        return texts;
    }

    private void demand(String name, JsonNode in, Predicate<JsonNode> is, String expected) {
        JsonNode value = in.path(name);
        boolean isLeft = value.isMissingNode() && !name.equals("leaves");
        if (!isLeft && !is.test(value)) {
            problem("Expected %s to be %s, got: %s."
                    .formatted(name, expected, value.isMissingNode() ? "nothing" : value));
        }
    }

    private void known(String prefix, JsonNode map, List<String> names) {
        map.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                String near = NearestName.to(name, names)
                        .map(found -> " did you mean %s%s?".formatted(prefix, found))
                        .orElse(" There are: %s.".formatted(String.join(", ", names)));
                problem("Unknown member %s%s;%s".formatted(prefix, name, near));
            }
        });
    }

    private void problem(String words) {
        problems.add("%s: %s".formatted(place, words));
    }
}
