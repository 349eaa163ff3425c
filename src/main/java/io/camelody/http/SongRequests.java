package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RequestId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;

/**
 * Before and behind {@code song:request}: a call becomes requests, and their receipts an answer. A call brings one request, or
 * a list of them as an array or a line each, of which each is accepted or refused by itself. Thread-safe.
 */
public final class SongRequests {

    /** The id of the song of a call with one request, for whoever waits for its end. */
    static final String SONG = "httpSong";

    /** What a call brought: null for each that could not be read. */
    private static final String BROUGHT = "httpBrought";

    private static final String KEY = "httpKey";

    private final int most;

    /** @param most requests in one call */
    public SongRequests(int most) {
        this.most = most;
    }

    /** Leaves the request that a call brings, or the list of those that could be read; their ids if it has an Idempotency-Key. */
    public void read(Exchange exchange) {
        Call call = Call.of(exchange);
        RequestBody body = RequestBody.read(call, most);
        Optional<String> key = call.header("Idempotency-Key");
        if (key.filter(text -> !text.matches("[\\x21-\\x7E]{1,255}")).isPresent()) {
            throw Call.bad("Expected Idempotency-Key to be 1 to 255 visible ASCII characters.");
        }
        List<Integer> readable = IntStream.range(0, body.requests().size())
                .filter(i -> body.requests().get(i) != null)
                .boxed()
                .toList();
        key.ifPresent(text -> {
            exchange.setVariable(KEY, text);
            exchange.setVariable(
                    "requestIds", readable.stream().map(i -> id(text, i)).toList());
        });
        exchange.setVariable(BROUGHT, body);
        List<JsonNode> requests =
                readable.stream().map(i -> body.requests().get(i)).toList();
        exchange.getMessage()
                .setBody(body.isList() ? Json.MAPPER.createArrayNode().addAll(requests) : requests.get(0));
    }

    /** The same for the same key, whichever token is shown: one that is sent again after a token was changed buys nothing. */
    private static String id(String key, int index) {
        return RequestId.derive("key", key, index, "Idempotency-Key");
    }

    /** Leaves the receipts as an answer. */
    public void answer(Exchange exchange) {
        RequestBody body = exchange.getVariable(BROUGHT, RequestBody.class);
        JsonNode receipts = exchange.getMessage().getBody(JsonNode.class);
        boolean byKey = exchange.getVariable(KEY) != null;
        exchange.removeVariable(BROUGHT);
        if (!body.isList()) {
            answerOne(exchange, receipts, byKey && !body.hasId(0));
            return;
        }
        ArrayNode answers = Json.MAPPER.createArrayNode();
        Iterator<JsonNode> each = receipts.iterator();
        for (int i = 0; i < body.requests().size(); i++) {
            answers.add(
                    body.requests().get(i) == null
                            ? refused(unreadable(i))
                            : item(each.next(), byKey && !body.hasId(i)));
        }
        boolean allGood = StreamSupport.stream(answers.spliterator(), false).allMatch(item -> item.has("id"));
        HttpAnswers.leave(exchange, allGood ? 202 : 207, answers);
    }

    private static void answerOne(Exchange exchange, JsonNode receipt, boolean byKey) {
        if (receipt.path("differs").booleanValue()) {
            throw new ProblemException(taken(byKey, List.of()));
        }
        ObjectNode answer = item(receipt, byKey);
        exchange.getMessage()
                .setHeader("Location", answer.path("links").path("self").asText());
        exchange.setVariable(SONG, answer.path("id").asText());
        HttpAnswers.leave(exchange, 202, answer);
    }

    private static ObjectNode item(JsonNode receipt, boolean byKey) {
        if (receipt.has("problems")) {
            List<Problem> problems = new ArrayList<>();
            receipt.path("problems").forEach(each -> problems.add(Json.MAPPER.convertValue(each, Problem.class)));
            return refused(
                    receipt.path("differs").booleanValue()
                            ? taken(byKey, problems)
                            : new HttpProblem(
                                    400, "refused", receipt.path("message").asText(), problems, Map.of()));
        }
        String id = receipt.path("id").asText();
        ObjectNode item = Json.object()
                .put("id", id)
                .put("state", receipt.path("state").asText())
                .put("isNew", receipt.path("isNew").booleanValue());
        item.putObject("links").put("self", Songs.path(id));
        return item;
    }

    /** What was asked for under an id, or a key, stands: another request cannot take its place. */
    private static HttpProblem taken(boolean byKey, List<Problem> problems) {
        return byKey
                ? new HttpProblem(
                        422,
                        "key-reused",
                        "This Idempotency-Key came before with another request. Nothing was accepted.",
                        problems,
                        Map.of())
                : new HttpProblem(
                        409,
                        "id-taken",
                        "There is a song with this id, of another request. Nothing was accepted.",
                        problems,
                        Map.of());
    }

    private static HttpProblem unreadable(int i) {
        return HttpProblem.of(400, "refused", "Expected line %d to be one JSON object.".formatted(i + 1));
    }

    private static ObjectNode refused(HttpProblem problem) {
        return problem.json().put("state", "refused");
    }
}
