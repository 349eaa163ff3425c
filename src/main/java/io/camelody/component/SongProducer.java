package io.camelody.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Receipt;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import io.camelody.request.RequestId;
import io.camelody.vendor.JsonBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code song:request} and {@code song:generate}: write a request down and answer a receipt, or go on when its song has
 * ended. The body is a request, or for {@code song:request} also a list of requests, as JSON, map or text. A request that is
 * refused fails the exchange with a {@code RefusedRequestException}; of a list nothing is then accepted.
 */
final class SongProducer extends DefaultAsyncProducer {

    private final SongEndpoint endpoint;
    private final Intake intake;

    SongProducer(SongEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.intake = new Intake(endpoint.runtime(), Optional.ofNullable(endpoint.getVendor()));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            JsonNode body = body(exchange);
            List<Receipt> receipts = accept(body);
            if (endpoint.getOperation() == SongOperation.GENERATE) {
                if (receipts.get(0).differs()) {
                    throw new RefusedRequestException(List.of(Intake.idOfAnother(receipts.get(0))));
                }
                return endpoint.getComponent().waiting().until(receipts.get(0).id(), exchange, callback);
            }
            exchange.getMessage().setBody(body.isArray() ? all(receipts) : one(receipts.get(0)));
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
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

    private List<Receipt> accept(JsonNode body) {
        List<NewSong> songs = new ArrayList<>();
        for (JsonNode request : body.isArray() ? body : List.of(body)) {
            songs.add(intake.check(
                    request,
                    made -> RequestId.derive("song", "", 1, UUID.randomUUID().toString()),
                    Optional.empty(),
                    Optional.empty()));
        }
        SongRuntime runtime = endpoint.runtime();
        return runtime.ledger().accept(songs, runtime.sandbox());
    }

    private static ArrayNode all(List<Receipt> receipts) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        receipts.forEach(receipt -> all.add(one(receipt)));
        return all;
    }

    private static ObjectNode one(Receipt receipt) {
        return Json.object()
                .put("id", receipt.id())
                .put("state", receipt.state().word())
                .put("isNew", receipt.isNew())
                .put("differs", receipt.differs());
    }
}
