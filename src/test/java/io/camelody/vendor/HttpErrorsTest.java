package io.camelody.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestCamel;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpErrorsTest {

    private static final CamelContext CAMEL = TestCamel.context();

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @Test
    void laysAnAnswerOutForTheVendorsFile() {
        Exchange exchange = layOut(429, "{\"message\": \"slow down\"}", Map.of());

        JsonNode laid = exchange.getMessage().getBody(JsonNode.class);
        assertThat(laid.path("status").intValue()).isEqualTo(429);
        assertThat(laid.at("/body/message").textValue()).isEqualTo("slow down");
        assertThat(laid.path("text").textValue()).isEqualTo("{\"message\": \"slow down\"}");
        assertThat(exchange.getVariable("notFound", Boolean.class)).isFalse();
        assertThat(exchange.getVariable("answer", String.class)).isEqualTo("{\"message\": \"slow down\"}");
    }

    @Test
    void aPageIsTextAndNoBody() {
        JsonNode laid =
                layOut(502, "<html>Bad gateway</html>", null).getMessage().getBody(JsonNode.class);

        assertThat(laid.path("body").isNull()).isTrue();
        assertThat(laid.path("text").textValue()).isEqualTo("<html>Bad gateway</html>");
        assertThat(laid.has("retryAfter")).isFalse();
    }

    @Test
    void anAnswerWithoutABodyIsLaidOutToo() {
        JsonNode laid = layOut(500, null, Map.of()).getMessage().getBody(JsonNode.class);

        assertThat(laid.path("body").isNull()).isTrue();
        assertThat(laid.path("text").textValue()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | 7",
                "' 7 ' | 7",
                "0 | 0",
                "999999999 | 999999999",
                "99999999999999999999 | 999999999",
                "Mon, 16 Mar 2099 08:36:04 GMT | 2303683200",
                "Mon, 16 Mar 2026 08:36:34 GMT | 30",
                "Mon, 16 Mar 2026 08:00:00 GMT | 0"
            })
    void readsSecondsAndDates(String value, long seconds) {
        Exchange exchange = layOut(503, "", Map.of("retry-after", value));

        assertThat(exchange.getVariable("retryAfter", Long.class)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5"})
    void aWaitThatNobodyCanReadIsNone(String value) {
        assertThat(layOut(503, "", Map.of("Retry-After", value)).getVariable("retryAfter"))
                .isNull();
    }

    private static Exchange layOut(int status, String body, Map<String, String> headers) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setProperty(
                Exchange.EXCEPTION_CAUGHT,
                new HttpOperationFailedException("https://foxai/music", status, "no", null, headers, body));
        new HttpErrors(new SettableClock()).layOut(exchange);
        return exchange;
    }
}
