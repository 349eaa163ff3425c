package io.camelody.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The requests that a call brings.
 *
 * @param requests as they came; null for a line that is no JSON
 * @param isList whether they came as a list, be it of one
 */
record RequestBody(List<JsonNode> requests, boolean isList) {

    private static final Set<String> LINES =
            Set.of("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines");

    /**
     * One JSON value or a line each, as the type of the content says, or where it says JSON or nothing, the content itself.
     *
     * @param most requests that it may bring; they are counted first, since a tree takes many times the memory of its text
     * @throws ProblemException if it is of another type, or brings more
     * @throws RefusedRequestException if it is no JSON at all
     */
    static RequestBody read(Call call, int most) {
        String type = call.type();
        if (!LINES.contains(type) && !type.isEmpty() && !type.equals("application/json") && !type.endsWith("+json")) {
            throw new ProblemException(
                    415,
                    "unsupported-media-type",
                    "Send application/json, or application/x-ndjson for a request a line.");
        }
        String text = call.text();
        RequestBody body = LINES.contains(type) ? ofLines(text, most) : ofValue(text, most);
        if (body.requests.isEmpty()) {
            throw refused("nothing");
        }
        return body;
    }

    private static RequestBody ofValue(String text, int most) {
        try {
            demandAtMost(most, elements(text, most));
            JsonNode json = Json.parse(text);
            if (!json.isArray()) {
                return new RequestBody(json.isMissingNode() ? List.of() : List.of(json), false);
            }
            List<JsonNode> requests = new ArrayList<>();
            json.forEach(requests::add);
            return new RequestBody(requests, true);
        } catch (IllegalArgumentException e) {
            RequestBody lines = ofLines(text, most);
            if (lines.requests.size() > 1 && lines.requests.get(0) != null) {
                return lines;
            }
            throw refused("something that is not JSON");
        }
    }

    /** Those of an array, none where it is something else; it stops at one too many. */
    private static long elements(String text, int most) {
        try (JsonParser json = Json.MAPPER.createParser(text)) {
            long count = 0;
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (count <= most && json.nextToken() != JsonToken.END_ARRAY) {
                    count++;
                    json.skipChildren();
                }
            }
            return count;
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void demandAtMost(int most, long count) {
        if (count > most) {
            throw new ProblemException(
                    413, "too-many", "Expected at most %d requests in one call. Send several calls.".formatted(most));
        }
    }

    private static RequestBody ofLines(String text, int most) {
        demandAtMost(most, text.lines().filter(line -> !line.isBlank()).count());
        List<JsonNode> requests = new ArrayList<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> requests.add(parsed(line)));
        return new RequestBody(requests, true);
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.parse(line);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static RefusedRequestException refused(String got) {
        return new RefusedRequestException(
                List.of(Problem.of("the body", "a request as JSON, an array of them, or one a line", got)));
    }

    /** Whether the request names its song itself. */
    boolean hasId(int i) {
        return requests.get(i).hasNonNull("id");
    }
}
