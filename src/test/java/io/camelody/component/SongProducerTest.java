package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.request.RefusedRequestException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code song:request}. */
final class SongProducerTest {

    @TempDir
    private Path folder;

    private Studio studio;

    @BeforeEach
    void start() {
        studio = new Studio(folder, Clock.systemUTC()).vendor("foxai").start();
    }

    @AfterEach
    void stop() {
        studio.close();
    }

    @Test
    void writesARequestDownAndAnswersAReceipt() {
        JsonNode receipt = request(Json.object().put("id", "s1").put("prompt", "a tango"));

        assertThat(receipt)
                .isEqualTo(Json.parse(
                        "{\"id\":\"s1\",\"state\":\"accepted\",\"isNew\":true,\"sameBatch\":false,\"differs\":false}"));
        assertThat(studio.song("s1").request()).isEqualTo(Json.parse("{\"id\":\"s1\",\"prompt\":\"a tango\"}"));
        assertThat(studio.song("s1").vendor()).isEqualTo("foxai");
    }

    @Test
    void takesTextMapsBytesAndStreams() {
        String text = "{\"id\": \"%s\", \"prompt\": \"a tango\", \"style\": [\"jazz\", \"slow\"]}";

        assertThat(request(text.formatted("s1")).path("id").textValue()).isEqualTo("s1");
        assertThat(request(text.formatted("s2").getBytes(StandardCharsets.UTF_8))
                        .path("id")
                        .textValue())
                .isEqualTo("s2");
        assertThat(request(new ByteArrayInputStream(text.formatted("s3").getBytes(StandardCharsets.UTF_8)))
                        .path("id")
                        .textValue())
                .isEqualTo("s3");
        assertThat(request(Map.of("id", "s4", "prompt", "a tango", "style", List.of("jazz", "slow")))
                        .path("id")
                        .textValue())
                .isEqualTo("s4");
        assertThat(studio.song("s4").request().path("style"))
                .isEqualTo(studio.song("s1").request().path("style"));
    }

    @Test
    void takesAListAllTogether() {
        JsonNode receipts = request(List.of(Map.of("id", "s1", "prompt", "a"), Map.of("id", "s1", "prompt", "a")));

        assertThat(receipts).hasSize(2);
        assertThat(receipts.at("/0/isNew").booleanValue()).isTrue();
        assertThat(receipts.at("/1/isNew").booleanValue()).isFalse();
        assertThat(request("[]")).isEmpty();
    }

    @Test
    void acceptsAnIdOnce() {
        request("{\"id\": \"s1\", \"prompt\": \"a\"}");

        assertThat(request("{\"id\": \"s1\", \"prompt\": \"b\"}").path("isNew").booleanValue())
                .isFalse();
        assertThat(studio.song("s1").request().path("prompt").textValue()).isEqualTo("a");
    }

    @Test
    void saysOfARequestWhoseIdAnotherOneHasThatItDiffers() {
        request("{\"id\": \"s1\", \"prompt\": \"a\"}");

        assertThat(request("{\"id\": \"s1\", \"prompt\": \"a\"}")
                        .path("differs")
                        .booleanValue())
                .isFalse();
        assertThat(request("{\"id\": \"s1\", \"prompt\": \"b\"}")
                        .path("differs")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void givesARequestWithoutAnIdOne() {
        String first = request("{\"prompt\": \"a\"}").path("id").textValue();
        String second = request("{\"prompt\": \"a\"}").path("id").textValue();

        assertThat(first).startsWith("song-").isNotEqualTo(second);
        assertThat(studio.song(first).state()).isEqualTo(SongState.ACCEPTED);
    }

    @Test
    void refusesABadRequestWithItsReasons() {
        assertThatThrownBy(() -> request("{\"promt\": \"a\", \"styleWeight\": 3}"))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOf(RefusedRequestException.class)
                .hasMessageContaining("did you mean \"prompt\"?")
                .hasMessageContaining("styleWeight");
    }

    @Test
    void refusesWhatIsNoRequestAtAll() {
        for (Object body : new Object[] {null, "not json", "{\"id\": \"s1\"", "\"text\"", 7, ""}) {
            assertThatThrownBy(() -> request(body))
                    .as(String.valueOf(body))
                    .cause()
                    .isInstanceOf(RefusedRequestException.class);
        }
    }

    @Test
    void saysOfEachRequestOfAListWhatBecameOfIt() {
        JsonNode receipts =
                request("[{\"id\": \"s1\", \"prompt\": \"a\"}, {\"id\": \"s2\"}, {\"id\": \"s3\", \"prompt\": \"c\"}]");

        assertThat(receipts)
                .extracting(receipt -> receipt.path("state").asText())
                .containsExactly("accepted", "refused", "accepted");
        assertThat(receipts.get(1).path("problems").get(0).path("message").asText())
                .startsWith("Expected ");
        assertThat(receipts.get(2).path("id").asText()).isEqualTo("s3");
        assertThat(studio.ledger().catalog().find("s2")).isEmpty();
    }

    @Test
    void refusesAnIdOfAnotherRequestInAList() {
        request("{\"id\": \"s1\", \"prompt\": \"a\"}");

        JsonNode receipts = request("[{\"id\": \"s1\", \"prompt\": \"b\"}, {\"id\": \"s1\", \"prompt\": \"a\"}]");

        assertThat(receipts.get(0).path("state").asText()).isEqualTo("refused");
        assertThat(receipts.get(0).path("message").asText()).contains("an id that no other request has");
        assertThat(receipts.get(1).path("isNew").asBoolean(true)).isFalse();
    }

    @Test
    void takesIdsSourcesAndTheBatchFromVariables() {
        studio.template().send("song:request", exchange -> {
            exchange.setVariable("requestIds", List.of("made-1", "made-2"));
            exchange.setVariable("requestSources", List.of("a.jsonl:1", "a.jsonl:2"));
            exchange.setVariable("requestBatch", "b");
            exchange.getMessage().setBody(List.of(Map.of("prompt", "a"), Map.of("id", "own", "prompt", "b")));
        });

        assertThat(studio.song("made-1").source()).contains("a.jsonl:1");
        assertThat(studio.song("own").source()).contains("a.jsonl:2");
        assertThat(studio.ledger().catalog().count("b").total()).isEqualTo(2);
    }

    @Test
    void anIdThatIsATextIsOfOneRequestAndOfNoOther() {
        assertThat(message("m-1", "{\"prompt\": \"a\"}").getException()).isNull();
        assertThat(message("m-1", "{\"prompt\": \"a\"}").getException()).isNull();

        assertThat(studio.song("m-1").source()).contains("queue");
        assertThat(message("m-1", "{\"prompt\": \"b\"}").getException())
                .isInstanceOf(RefusedRequestException.class)
                .hasMessageContaining("an id that no other request has");
        assertThat(message("m-2", "[{\"prompt\": \"a\"}]").getException())
                .isInstanceOf(RefusedRequestException.class)
                .hasMessage("Expected the body to be one request, got: a list.");
        assertThat(studio.ledger().catalog().find("m-2")).isEmpty();
    }

    private Exchange message(String id, String body) {
        return studio.template().send("song:request", exchange -> {
            exchange.setVariable("requestIds", id);
            exchange.setVariable("requestSources", "queue");
            exchange.getMessage().setBody(body);
        });
    }

    @Test
    void theEndpointsVendorMakesWhatNamesNone() {
        studio.close();
        studio = new Studio(folder, Clock.systemUTC())
                .vendor("foxai")
                .vendor("sunomusic")
                .start();

        studio.template().requestBody("song:request?vendor=sunomusic", "{\"id\": \"s1\", \"prompt\": \"a\"}");

        assertThat(studio.song("s1").vendor()).isEqualTo("sunomusic");
        assertThatThrownBy(() -> request("{\"prompt\": \"a\"}")).hasRootCauseInstanceOf(RefusedRequestException.class);
    }

    @Test
    void aWrongEndpointSaysWhichIsRight() {
        assertThatThrownBy(() -> studio.template().sendBody("song:accepted", "x"))
                .hasStackTraceContaining("song:accepted is where exchanges come from");
        assertThatThrownBy(() -> studio.context().getEndpoint("song:requests"))
                .hasStackTraceContaining(
                        "Expected song: to be followed by one of request, generate, accepted, submitted, generated, finished, got: \"requests\".");
        assertThatThrownBy(() -> studio.context().getEndpoint("song:generate").createConsumer(exchange -> {}))
                .hasMessageContaining("use song:finished");
    }

    @Test
    void generateTakesOneRequest() {
        assertThatThrownBy(() -> studio.template().requestBody("song:generate", new ArrayList<>()))
                .hasRootCauseMessage("song:generate takes one request. Split the list, or use song:request.");
    }

    private JsonNode request(Object body) {
        return (JsonNode) studio.template().requestBody("song:request", body);
    }
}
