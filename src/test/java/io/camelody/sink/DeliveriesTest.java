package io.camelody.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.TestCamel;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    void aSinkWhoseRouteHandledItsTroubleHasTheSong() {
        Exchange exchange = answered("file", "/elsewhere/1.mp3");
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException());

        assertThat(only(exchange)).isEqualTo(Json.parse("{\"file\":{\"places\":[\"/elsewhere/1.mp3\"]}}"));
    }

    @Test
    void aClipThatWasNotTakenHasItsErrorInItsPlace() {
        assertThat(only(answered("s3", List.of("s3://b/1", Map.of("error", "403")))))
                .isEqualTo(Json.parse("{\"s3\":{\"places\":[\"s3://b/1\",{\"error\":\"403\"}]}}"));
    }

    @Test
    void aSinkThatSaysNotWhereTheSongIsFailsAloneAndWithWordsAboutIt() {
        ObjectNode song = Json.object().put("id", "s1");
        for (Object body : Arrays.asList(song, null, List.of(), List.of(song), new ByteArrayInputStream(new byte[0]))) {
            assertThat(only(answered("shelf", body)).at("/shelf/error").asText())
                    .as("%s", body)
                    .startsWith("Expected the sink's route to leave as body where the song is now");
        }
    }

    @Test
    void aRefusalWithoutWordsIsARefusal() {
        Exchange exchange = answered("file", null);
        exchange.setException(new SinkRefusedException(null));

        assertThat(only(exchange).at("/file/refused").booleanValue()).isTrue();
        assertThat(only(exchange).at("/file/error").textValue()).contains("SinkRefusedException");
    }

    private JsonNode only(Exchange exchange) {
        return deliveries.aggregate(null, exchange.copy()).getMessage().getBody(JsonNode.class);
    }

    private static Exchange answered(String sink, Object body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("sink", sink);
        exchange.getMessage().setBody(body);
        return exchange;
    }
}
