package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;

/** Before and behind {@code song:request}: a call becomes a request, and its receipt an answer. Thread-safe. */
public final class SongRequests {

    /** Leaves the request that a call brings, as JSON. */
    public void read(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        try {
            exchange.getMessage().setBody(Json.parse(body == null ? "" : new String(body, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(List.of(Problem.of("the body", "a request as JSON", e.getMessage())));
        }
    }

    /** Leaves the receipt of a request as an answer. */
    public void answer(Exchange exchange) {
        JsonNode receipt = exchange.getMessage().getBody(JsonNode.class);
        String self = Songs.path(receipt.path("id").asText());
        ObjectNode answer = Json.object();
        for (String field : List.of("id", "state", "isNew")) {
            answer.set(field, receipt.get(field));
        }
        answer.putObject("links").put("self", self);
        exchange.getMessage().setHeader("Location", self);
        HttpAnswers.leave(exchange, 202, answer);
    }
}
