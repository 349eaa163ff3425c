package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Receipt;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.RequestId;
import io.camelody.vendor.JsonBody;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code song:request} and {@code song:generate}: write a request down and answer a receipt, or go on when its song has
 * ended. The body is a request, or for {@code song:request} also a list of requests, as JSON, map or text. A request that is
 * refused fails the exchange with a {@code RefusedRequestException}; in a list its receipt says so, with the state
 * {@code refused} and its problems, and the others are accepted.
 *
 * <p>Variables say what is known of the requests beyond themselves, in their order: {@code requestIds}, the ids of those that
 * bring none, {@code requestSources}, where each came from, for people; and {@code requestBatch}, what they belong to. Ids that are
 * a text instead of a list say that the body is one request, as a queue's message is: a list of requests fails then, and so does an id
 * that another request has, which the receipt tells else.
 */
final class SongProducer extends DefaultAsyncProducer {

    private static final String IDS = "requestIds";

    private final SongEndpoint endpoint;
    private final Intake intake;
    private Waiting waiting;

    SongProducer(SongEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.intake = new Intake(endpoint.runtime(), Optional.ofNullable(endpoint.getVendor()));
    }

    /** Before the first exchange, which may come as the context stops and ends all waiting. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (endpoint.getOperation() == SongOperation.GENERATE) {
            waiting = endpoint.getComponent().waiting();
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            JsonNode body = body(exchange);
            if (isOne(exchange) && body.isArray()) {
                throw new RefusedRequestException(List.of(Problem.of("the body", "one request", "a list")));
            }
            if (endpoint.getOperation() == SongOperation.GENERATE) {
                return generate(body, exchange, callback);
            }
            List<JsonNode> requests = new ArrayList<>();
            (body.isArray() ? body : List.of(body)).forEach(requests::add);
            List<ObjectNode> receipts = accept(requests, exchange, !body.isArray());
            exchange.getMessage().setBody(body.isArray() ? Json.MAPPER.valueToTree(receipts) : receipts.get(0));
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private boolean generate(JsonNode request, Exchange exchange, AsyncCallback callback) {
        SongRuntime runtime = endpoint.runtime();
        Receipt receipt = runtime.ledger()
                .accept(List.of(check(request, 0, exchange)), runtime.sandbox())
                .get(0);
        if (receipt.differs()) {
            throw new RefusedRequestException(List.of(Intake.idOfAnother(receipt)));
        }
        return waiting.until(receipt.id(), exchange, callback);
    }

    private JsonNode body(Exchange exchange) {
        JsonNode body;
        try {
            body = JsonBody.of(exchange);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(
                    List.of(Problem.of("the body", "a request as JSON", "something that is not JSON")));
        }
        if (body.isArray() && endpoint.getOperation() == SongOperation.GENERATE) {
            throw new IllegalArgumentException("song:generate takes one request. Split the list, or use song:request.");
        }
        return body;
    }

    /** @param isAlone whether a request that is refused fails the exchange */
    private List<ObjectNode> accept(List<JsonNode> requests, Exchange exchange, boolean isAlone) {
        List<NewSong> songs = new ArrayList<>();
        List<ObjectNode> receipts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            try {
                songs.add(check(requests.get(i), i, exchange));
                receipts.add(null);
            } catch (RefusedRequestException e) {
                if (isAlone) {
                    throw e;
                }
                receipts.add(refused(e));
            }
        }
        SongRuntime runtime = endpoint.runtime();
        List<Receipt> written = runtime.ledger().accept(songs, runtime.sandbox());
        if (isOne(exchange) && written.get(0).differs()) {
            throw new RefusedRequestException(List.of(Intake.idOfAnother(written.get(0))));
        }
        Iterator<Receipt> accepted = written.iterator();
        receipts.replaceAll(receipt -> receipt == null ? answer(accepted.next(), isAlone) : receipt);
        return receipts;
    }

    private NewSong check(JsonNode request, int i, Exchange exchange) {
        return intake.check(
                request,
                made -> each(exchange, IDS, i)
                        .orElseGet(() -> RequestId.derive(
                                "song", "", 1, UUID.randomUUID().toString())),
                each(exchange, "requestSources", i),
                Optional.ofNullable(exchange.getVariable("requestBatch", String.class)));
    }

    private static boolean isOne(Exchange exchange) {
        return exchange.getVariable(IDS) instanceof String;
    }

    private static Optional<String> each(Exchange exchange, String variable, int i) {
        Object all = exchange.getVariable(variable);
        List<?> texts =
                all instanceof String alone ? List.of(alone) : exchange.getVariable(variable, List.of(), List.class);
        return i < texts.size() ? Optional.ofNullable((String) texts.get(i)) : Optional.empty();
    }

    private static ObjectNode refused(RefusedRequestException refusal) {
        ObjectNode receipt = Json.object().put("state", "refused").put("message", refusal.getMessage());
        receipt.set("problems", Json.MAPPER.valueToTree(refusal.problems()));
        return receipt;
    }

    /** In a list, an id that is another request's is a refusal like any other. */
    private static ObjectNode answer(Receipt receipt, boolean isAlone) {
        return receipt.differs() && !isAlone
                ? refused(new RefusedRequestException(List.of(Intake.idOfAnother(receipt))))
                        .put("differs", true)
                : receipt(receipt);
    }

    private static ObjectNode receipt(Receipt receipt) {
        return Json.object()
                .put("id", receipt.id())
                .put("state", receipt.state().word())
                .put("isNew", receipt.isNew())
                .put("sameBatch", receipt.sameBatch())
                .put("differs", receipt.differs());
    }
}
