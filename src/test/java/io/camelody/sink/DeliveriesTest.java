package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.TestCamel;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {

    private static final CamelContext CAMEL = TestCamel.context();

    private final Deliveries deliveries = new Deliveries();

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @Test
    void oneSinksFailureDoesNotStopTheOthers() {
        Exchange s3 = answered("s3", null);
        s3.setException(new IllegalStateException("403"));
        Exchange all = null;
        for (Exchange each :
                List.of(answered("file", List.of("/songs/1.mp3", "/songs/2.mp3")), s3, answered("webhook", "done"))) {
            all = deliveries.aggregate(all, each);
        }

        assertThat(all.getException()).isNull();
        assertThat(all.getMessage().getBody(JsonNode.class))
                .isEqualTo(Json.parse("{\"file\":{\"places\":[\"/songs/1.mp3\",\"/songs/2.mp3\"]},"
                        + "\"s3\":{\"error\":\"403\"},\"webhook\":{\"places\":[\"done\"]}}"));
    }

    @Test
    void aFailureThatTheRouteHasCaughtIsAFailureToo() {
        Exchange exchange = answered("file", null);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException());

        JsonNode all = deliveries.aggregate(null, exchange).getMessage().getBody(JsonNode.class);

        assertThat(all.at("/file/error").textValue()).isEqualTo("java.lang.IllegalStateException");
    }

    private static Exchange answered(String sink, Object body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("sink", sink);
        exchange.getMessage().setBody(body);
        return exchange;
    }
}
