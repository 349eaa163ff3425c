package io.camelody.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One recorded call to a vendor: what Camelody hands to one of its routes, what the vendor must hear then, what it answers,
 * and what the route must leave. Immutable.
 *
 * @param name of its file, without {@code .yaml}
 * @param given a request under canonical names, or a list of task ids
 */
public record Sample(String name, Route route, JsonNode given, Call call, Answer answer, JsonNode leaves) {

    /** The key that a vendor hears in samples and checks. */
    public static final String KEY = "test-key";

    /** The routes of a vendor's file that call it. */
    public enum Route {
        SONG_SUBMIT,
        SONG_POLL,
        LYRICS_SUBMIT,
        LYRICS_POLL;

        /** As it is written: the end of the route's id. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public String step() {
            return word().substring(0, word().indexOf('-'));
        }

        public boolean isSubmit() {
            return this == SONG_SUBMIT || this == LYRICS_SUBMIT;
        }

        static Optional<Route> of(String word) {
            return Arrays.stream(values())
                    .filter(route -> route.word().equals(word))
                    .findFirst();
        }

        static String words() {
            return Arrays.stream(values()).map(Route::word).collect(Collectors.joining(", "));
        }
    }

    /**
     * What the vendor must hear. What a sample leaves out is not looked at.
     *
     * @param path behind the vendor's base URL
     * @param headers by their names as they are written
     */
    public record Call(
            Optional<String> method,
            Optional<String> path,
            Map<String, String> query,
            Map<String, String> headers,
            Optional<JsonNode> body) {}

    /** @param body as it is sent */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** The body as JSON; a missing node where it is none. */
        public JsonNode json() {
            try {
                return Json.parse(body);
            } catch (IllegalArgumentException e) {
                return Json.MAPPER.missingNode();
            }
        }
    }

    /** The ids of the tasks that a submit leaves; none where it leaves an error or an ended task. */
    public List<String> takenIds() {
        return Stream.concat(Stream.of(leaves.path("taskId")), stream(leaves.path("taskIds")))
                .filter(JsonNode::isValueNode)
                .map(JsonNode::asText)
                .filter(id -> !id.isBlank())
                .toList();
    }

    /** The tasks that the route leaves, each with its status: those of a poll, or the one of a submit that ends it at once. */
    public List<JsonNode> tasks() {
        Stream<JsonNode> all = leaves.isArray() ? stream(leaves) : Stream.of(leaves);
        return all.filter(task -> task.hasNonNull("status")).toList();
    }

    /** The first task that is left with a status. */
    public Optional<JsonNode> task(String status) {
        return tasks().stream()
                .filter(task -> task.path("status").asText().equals(status))
                .findFirst();
    }

    /** The task ids that a poll is given. */
    public List<String> givenIds() {
        return given.isArray() ? stream(given).map(JsonNode::asText).toList() : List.of();
    }

    private static Stream<JsonNode> stream(JsonNode nodes) {
        return StreamSupport.stream(nodes.spliterator(), false);
    }
}
