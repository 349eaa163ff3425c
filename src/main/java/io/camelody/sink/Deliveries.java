package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
            if (each instanceof TextNode || each instanceof CharSequence) {
                places.add(each instanceof TextNode text ? text.textValue() : each.toString());
            } else if (error(each) != null) {
                places.addObject().put("error", error(each));
            } else {
                places.removeAll();
                break;
            }
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

    private static String error(Object place) {
        if (place instanceof JsonNode node) {
            return node.path("error").textValue();
        }
        return place instanceof Map<?, ?> map && map.get("error") instanceof String error ? error : null;
    }
}
