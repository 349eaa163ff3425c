package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.NotPossibleException;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.Steering;
import java.time.Duration;
import org.apache.camel.Exchange;

/** What a person may do to a song over HTTP: the same as on the command line. Each leaves the song's document. Thread-safe. */
public final class SongSteering {

    private final SongRuntime runtime;
    private final SongLedger ledger;

    public SongSteering(SongRuntime runtime) {
        this.runtime = runtime;
        this.ledger = runtime.ledger();
    }

    private interface Turn {
        void of(Song song, Steering steering);
    }

    public void cancel(Exchange exchange) {
        turn(exchange, Call.of(exchange), (song, steering) -> steering.cancel(song.id()));
    }

    public void retry(Exchange exchange) {
        Call call = Call.of(exchange);
        boolean resubmit = isSet(call.fields("resubmit"), "resubmit");
        turn(exchange, call, (song, steering) -> {
            if (resubmit) {
                steering.retryByResubmit(song.id());
            } else {
                steering.retry(song.id(), timeout(song));
            }
        });
    }

    public void resolve(Exchange exchange) {
        Call call = Call.of(exchange);
        ObjectNode fields = call.fields("taskId", "resubmit", "fail");
        if (fields.size() != 1) {
            throw Call.bad("Expected one of {\"taskId\": \"...\"}, {\"resubmit\": true}, {\"fail\": true}.");
        }
        turn(exchange, call, (song, steering) -> {
            if (fields.has("taskId")) {
                steering.resolveAsTask(song.id(), taskId(fields.get("taskId")), timeout(song));
            } else if (isSet(fields, "resubmit")) {
                steering.resolveByResubmit(song.id());
            } else if (isSet(fields, "fail")) {
                steering.resolveAsFailed(song.id());
            } else {
                throw Call.bad("Expected " + fields.fieldNames().next() + " to be true.");
            }
        });
    }

    private void turn(Exchange exchange, Call call, Turn turn) {
        Song song = Songs.demand(ledger, call.id());
        try {
            turn.of(song, ledger.steering());
        } catch (NotPossibleException e) {
            throw new ProblemException(409, "not-possible", e.getMessage());
        }
        HttpAnswers.leave(exchange, 200, steered(song.id()));
    }

    /** What is done may cost money when it is done again. */
    private ObjectNode steered(String id) {
        try {
            return Songs.document(Songs.demand(ledger, id));
        } catch (LedgerException e) {
            throw new ProblemException(
                    503,
                    "ledger-unavailable",
                    "It is done, but the song cannot be read now. Do not repeat this call: look at the song later.");
        }
    }

    private Duration timeout(Song song) {
        return runtime.timeout(song)
                .orElseThrow(() -> new ProblemException(
                        409, "not-possible", "There is no vendor %s any more.".formatted(song.stepVendor())));
    }

    private static String taskId(JsonNode value) {
        if (!value.isTextual() || !value.textValue().matches("[^,\\s]{1,200}(\\s*,\\s*[^,\\s]{1,200}){0,9}")) {
            throw Call.bad("Expected taskId to be the vendor's id of a task.");
        }
        return value.textValue();
    }

    private static boolean isSet(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw Call.bad("Expected " + name + " to be true or false.");
        }
        return value.booleanValue();
    }
}
