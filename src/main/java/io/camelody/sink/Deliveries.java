package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Gathers what each sink of a song answered, {@code {sink: {places: […]}}} or {@code {sink: {error: "…"}}}, so that one
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
            answer.put("error", failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }
        Exchange result = before == null ? sink : before;
        result.setException(null);
        result.getMessage().setBody(all);
        return result;
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
