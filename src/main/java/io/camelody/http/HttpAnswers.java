package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** How a route leaves an answer. */
public final class HttpAnswers {

    public HttpAnswers() {}

    static void leave(Exchange exchange, int status, JsonNode json) {
        leave(exchange, status, "application/json", json);
    }

    private static void leave(Exchange exchange, int status, String type, JsonNode json) {
        Message message = exchange.getMessage();
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, type);
        message.setBody(Json.write(json).getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves what the failure of an exchange means to who called. */
    public void problem(Exchange exchange) {
        HttpProblem problem = HttpProblem.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        exchange.getMessage().removeHeaders("*");
        problem.headers().forEach(exchange.getMessage()::setHeader);
        leave(exchange, problem.status(), HttpProblem.TYPE, problem.json());
    }
}
