package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Gathers what each sink of a song answered, {@code {sink: {places: […]}}} or {@code {sink: {error: "…"}}}, beside
 * the error {@code refused} if it is for good and {@code waitMillis} if the sink says when it wants to be tried again, so that one
 * sink's failure does not stop the others.
 */
public final class Deliveries implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange before, Exchange sink) {
        ObjectNode all = before == null ? Json.object() : before.getMessage().getBody(ObjectNode.class);
        ObjectNode answer = all.putObject(sink.getVariable("sink", String.class));
        Exception failure = sink.getException() != null
                ? sink.getException()
                : sink.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure == null) {
            answer.set("places", places(sink));
        } else {
            // so that the exchange finds what may lie beneath it
            sink.setException(failure);
            noteFailure(sink, answer);
        }
        Exchange result = before == null ? sink : before;
        result.setException(null);
        result.getMessage().setBody(all);
        return result;
    }

    private static void noteFailure(Exchange sink, ObjectNode answer) {
        Exception failure = sink.getException();
        SinkRefusedException refusal = sink.getException(SinkRefusedException.class);
        SinkLaterException later = sink.getException(SinkLaterException.class);
        if (refusal != null) {
            answer.put("error", refusal.getMessage()).put("refused", true);
        } else if (later != null) {
            answer.put("error", later.getMessage())
                    .put("waitMillis", later.after().toMillis());
        } else {
            answer.put("error", failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }
    }

    /** A sink may leave a list of places, or one place for all clips. */
    private static ArrayNode places(Exchange sink) {
        Object body = sink.getMessage().getBody();
        JsonNode places = body instanceof JsonNode node ? node : Json.MAPPER.valueToTree(body);
        return places instanceof ArrayNode list
                ? list
                : Json.MAPPER.createArrayNode().add(places);
    }
}
