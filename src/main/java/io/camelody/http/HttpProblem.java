package io.camelody.http;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.UnknownOutcomeException;
import io.camelody.request.Json;
import io.camelody.request.Problem;
import io.camelody.request.RefusedRequestException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that is no good one, as RFC 9457 has it, with a word of the product's own beside the status.
 *
 * @param reason the word, for programs
 * @param detail what happened, for people; never a token or what a caller sent whole
 * @param problems what is wrong with a request, one by one
 * @param headers more of the answer
 */
public record HttpProblem(
        int status, String reason, String detail, List<Problem> problems, Map<String, String> headers) {

    public static final String TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(HttpProblem.class);

    private static final Duration SAID_AGAIN_AFTER = Duration.ofMinutes(1);

    /** What was said of the ledger in the last while, and when. */
    private static final Map<String, Long> SAID = new ConcurrentHashMap<>();

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            entry(400, "Bad Request"),
            entry(401, "Unauthorized"),
            entry(403, "Forbidden"),
            entry(404, "Not Found"),
            entry(405, "Method Not Allowed"),
            entry(409, "Conflict"),
            entry(413, "Content Too Large"),
            entry(415, "Unsupported Media Type"),
            entry(414, "URI Too Long"),
            entry(416, "Range Not Satisfiable"),
            entry(422, "Unprocessable Content"),
            entry(431, "Request Header Fields Too Large"),
            entry(500, "Internal Server Error"),
            entry(503, "Service Unavailable"),
            entry(504, "Gateway Timeout"));

    /** What the server and the router say themselves. */
    private static final Map<Integer, String> REASONS = Map.of(
            400, "invalid-request",
            404, "not-found",
            413, "too-large",
            414, "too-long",
            415, "unsupported-media-type",
            431, "too-long");

    private static final Map<Integer, String> DETAILS = Map.of(
            400, "The request cannot be read.",
            404, "There is nothing at this path. See /openapi.json for what there is.",
            413, "The request brings more bytes than camelody.http.max-body.",
            414, "The first line of the request is too long.",
            415, "Send application/json or application/x-ndjson.",
            431, "The headers of the request are too long.");

    public static HttpProblem of(int status, String reason, String detail) {
        return new HttpProblem(status, reason, detail, List.of(), Map.of());
    }

    static HttpProblem retryLater(String reason, String detail) {
        return new HttpProblem(503, reason, detail, List.of(), Map.of("Retry-After", "5"));
    }

    /** What the server itself says. */
    static HttpProblem of(int status) {
        return of(status, REASONS.get(status), DETAILS.get(status));
    }

    /** What a failure means to who called. One that nobody foresaw is logged, and tells the caller nothing. */
    static HttpProblem of(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof RefusedRequestException refusal) {
            return new HttpProblem(400, "refused", refusal.getMessage(), refusal.problems(), Map.of());
        }
        if (failure instanceof UnknownOutcomeException) {
            tell(failure);
            return of(
                    504,
                    "outcome-unknown",
                    "The ledger went away while this was written, and nobody can say yet whether it was. Look when it is back; only what has an id or an Idempotency-Key may be sent again at once.");
        }
        if (failure instanceof LedgerException) {
            tell(failure);
            return retryLater("ledger-unavailable", "The ledger cannot be read or written now. Nothing was changed.");
        }
        LOG.error("A call over HTTP failed.", failure);
        return of(500, "internal", "Something went wrong here. The log says what.");
    }

    /** Each trouble once, however many are sent away while it lasts. */
    private static void tell(Throwable ledgerFailure) {
        long now = System.nanoTime();
        SAID.values().removeIf(at -> now - at >= SAID_AGAIN_AFTER.toNanos());
        if (SAID.putIfAbsent(ledgerFailure.getMessage(), now) == null) {
            LOG.warn("Calls over HTTP are sent away: {}", ledgerFailure.getMessage());
        }
    }

    /** Has a router answer like this whatever no handler has answered. */
    static void answerFor(Router router) {
        REASONS.keySet()
                .forEach(
                        status -> router.errorHandler(status, call -> of(status).answer(call)));
        router.errorHandler(405, call -> of(405, "method-not-allowed", "This path does not take this method.")
                .with("Allow", AllowedMethods.of(router, call.normalizedPath()))
                .answer(call));
        router.errorHandler(500, call -> of(call.failure()).answer(call));
    }

    private HttpProblem with(String header, String value) {
        return new HttpProblem(status, reason, detail, problems, Map.of(header, value));
    }

    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("type", "about:blank")
                .put("title", TITLES.get(status))
                .put("status", status)
                .put("detail", detail)
                .put("reason", reason);
        if (!problems.isEmpty()) {
            json.set("problems", Json.MAPPER.valueToTree(problems));
        }
        return json;
    }

    /** Ends a call with this. */
    public void answer(RoutingContext call) {
        answer(call.request());
    }

    void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.headWritten()) {
            request.connection().close();
            return;
        }
        headers.forEach(response::putHeader);
        response.setStatusCode(status).putHeader("Content-Type", TYPE).end(Json.write(json()));
    }
}
