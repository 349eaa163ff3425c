package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.sample.Sample;
import io.camelody.vendor.JsonBody;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * A call that was played: what the vendor heard, what the route left, and the steps between.
 *
 * @param exchange as the route left it
 * @param places to blame
 */
record Play(Sample.Route route, Exchange exchange, List<Loopback.Heard> heard, Places places) {

    /** What the route left as JSON; empty where it failed or left something else. */
    Optional<JsonNode> left() {
        if (exchange.getException() != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonBody.of(exchange));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Why it failed, in a line. */
    String failure() {
        Throwable cause = exchange.getException();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null
                ? "it left no JSON"
                : String.valueOf(cause.getMessage())
                        .lines()
                        .findFirst()
                        .orElse(cause.getClass().getSimpleName());
    }
}
