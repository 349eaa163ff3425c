package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.camelody.request.Json;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Gathers what each sink of a song answered, {@code {sink: {places: […]}}} or {@code {sink: {error: "…"}}}, beside
 * the error {@code refused} if it is for good and {@code waitMillis} if the sink says when it wants to be tried again, so that one
 * sink's failure does not stop the others.
 */
public final class Deliveries implements AggregationStrategy {

    private static final String EXPECTED =
            "Expected the sink's route to leave as body where the song is now, a text or a list of one for each clip, got: %s.";

    @Override
    public Exchange aggregate(Exchange before, Exchange sink) {
        ObjectNode all = before == null ? Json.object() : before.getMessage().getBody(ObjectNode.class);
        ObjectNode answer = all.putObject(sink.getVariable("sink", String.class));
        if (sink.getException() != null) {
            noteFailure(sink, answer);
        } else {
            notePlaces(sink.getMessage().getBody(), answer);
        }
        Exchange result = before == null ? sink : before;
        result.setException(null);
        result.getMessage().setBody(all);
        return result;
    }

    private static void noteFailure(Exchange sink, ObjectNode answer) {
        SinkRefusedException refusal = sink.getException(SinkRefusedException.class);
        SinkLaterException later = sink.getException(SinkLaterException.class);
        if (refusal != null) {
            answer.put("error", words(refusal)).put("refused", true);
        } else if (later != null) {
            answer.put("error", words(later)).put("waitMillis", later.after().toMillis());
        } else {
            answer.put("error", words(sink.getException()));
        }
    }

    private static String words(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** A sink may leave a list of places, or one place for all clips; a clip that it did not take has its error there. */
    private static void notePlaces(Object body, ObjectNode answer) {
        boolean isList = body instanceof ArrayNode || body instanceof Collection<?>;
        ArrayNode places = Json.MAPPER.createArrayNode();
        for (Object each : isList ? (Iterable<?>) body : Collections.singleton(body)) {
            JsonNode place = place(each);
            if (place.isMissingNode()) {
                places.removeAll();
                break;
            }
            places.add(place);
        }
        if (places.isEmpty()) {
            answer.put(
                    "error",
                    EXPECTED.formatted(
                            body == null ? "nothing" : body.getClass().getSimpleName()));
        } else {
            answer.set("places", places);
        }
    }

    /** Text, or {@code {error, place}} of a clip with which something is not as it is to be; missing if it is neither. */
    private static JsonNode place(Object left) {
        if (left instanceof CharSequence text) {
            return TextNode.valueOf(text.toString());
        }
        if (left instanceof TextNode
                || left instanceof JsonNode node && node.path("error").isTextual()) {
            return (JsonNode) left;
        }
        return left instanceof Map<?, ?> map && map.get("error") instanceof String error
                ? Json.object().put("error", error)
                : MissingNode.getInstance();
    }
}
