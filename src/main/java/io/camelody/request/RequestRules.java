package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether something is a request, and gives it back under canonical names.
 *
 * <p>Other spellings and the vendors' own names are taken too; the schema decides about the values; and a request has
 * to ask for something. Whatever is wrong is told at once, each mistake in its own sentence. Which vendors and sinks
 * there are, and what a vendor can do, is not known here. Thread-safe; what is handed in is not changed.
 */
public final class RequestRules {

    /** Labels are wrapped into results, and JSON readers have a limit of their own, often 100 or 1,000. */
    private static final int LABELS_DEPTH = 50;

    private final RequestSchema schema = new RequestSchema();

    /** @throws RefusedRequestException with all that is wrong with it */
    public SongRequest check(JsonNode raw) {
        if (!(raw instanceof ObjectNode object)) {
            throw new RefusedRequestException(
                    List.of(Problem.about("", "the request", "a JSON object", Problem.show(raw), "")));
        }
        RequestNames names = new RequestNames(object);
        ObjectNode canonical = names.canonical(RequestSchema.fields());
        List<Problem> problems = new ArrayList<>(names.problems());
        problems.addAll(schema.problems(canonical, names));
        if (isDeeper(canonical.path("labels"), LABELS_DEPTH)) {
            problems.add(Problem.of("labels", "an object at most " + LABELS_DEPTH + " deep", "a deeper one"));
        }
        if (!problems.isEmpty()) {
            throw new RefusedRequestException(problems);
        }
        return new SongRequest(canonical);
    }

    private static boolean isDeeper(JsonNode node, int depth) {
        if (!node.isContainerNode()) {
            return false;
        }
        if (depth == 0) {
            return true;
        }
        for (JsonNode child : node) {
            if (isDeeper(child, depth - 1)) {
                return true;
            }
        }
        return false;
    }
}
