package io.camelody.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.SubmitAnswer.NotTaken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/**
 * Reads what a vendor's routes leave on an exchange.
 *
 * <p>A route answers with a body: of a submit {@code {taskId}}, {@code {taskIds}} or an ended task; of a poll a list of
 * tasks; of either {@code {error: {class, message}}}. An exception is the other answer, and is read here without the
 * vendor's help: only what provably never reached the vendor counts as not taken. Whatever is kept of the vendor's words is
 * without its key and the address where it may call back.
 */
public final class Answers {

    private static final int MESSAGE_LENGTH = 500;

    private static final int RAW_LENGTH = 4000;

    /** What one answer can ask for: a vendor that errs by a day must not stand still for a day. */
    private static final Duration MOST_WAIT = Duration.ofHours(1);

    private Answers() {}

    /** Reads the outcome of a paid call. */
    public static SubmitAnswer ofSubmit(Exchange exchange, VendorSettings vendor) {
        Secrets secrets = Secrets.of(exchange, vendor);
        Optional<String> raw = raw(exchange, secrets);
        if (exchange.getException() != null) {
            return new NotTaken(asFarAsKnown(exchange, ofException(exchange, secrets)), raw);
        }
        JsonNode body = json(exchange);
        if (body.hasNonNull("error") && !body.hasNonNull("status")) {
            VendorError error = error(body.get("error"), retryAfter(exchange), secrets);
            return new NotTaken(asFarAsKnown(exchange, error), raw);
        }
        if (body.hasNonNull("status")) {
            TaskAnswer task = TaskAnswer.of(body, secrets);
            if (task.hasEnded()) {
                return new SubmitAnswer.Ended(task.withRaw(raw.orElseGet(() -> start(body.toString(), secrets))));
            }
        }
        List<String> ids = taskIds(body);
        if (ids.isEmpty()) {
            VendorError unknown =
                    new VendorError(ErrorClass.UNKNOWN, "The vendor answered without a task id.", Optional.empty());
            return new NotTaken(unknown, raw);
        }
        return new SubmitAnswer.Taken(ids);
    }

    /**
     * Reads what a route says of a request whose paid call has not left: a request, or an error, or it failed. What an error
     * handler took care of has failed too, unless it left an error: it may have left the request as it was, which nobody let go.
     *
     * @return why it must not leave, of the class content or, where that may pass, transient; empty if it may
     */
    public static Optional<NotTaken> ofBefore(Exchange exchange, VendorSettings vendor) {
        Secrets secrets = Secrets.of(exchange, vendor);
        if (exchange.getException() != null) {
            return notYet(message(exchange.getException(), secrets));
        }
        JsonNode body = json(exchange);
        if (!body.hasNonNull("error")) {
            if (isGivenUp(exchange)) {
                Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
                return notYet(caught == null ? "it was rolled back" : message(caught, secrets));
            }
            return body.isObject() && !body.isEmpty() ? Optional.empty() : notYet("it left no request");
        }
        VendorError error = error(body.get("error"), Optional.empty(), secrets);
        return error.errorClass() == ErrorClass.CONTENT
                ? Optional.of(new NotTaken(error, Optional.empty()))
                : notYet(error.message());
    }

    private static boolean isGivenUp(Exchange exchange) {
        ExchangeExtension more = exchange.getExchangeExtension();
        return exchange.isRollbackOnly()
                || more.isFailureHandled()
                || Boolean.TRUE.equals(more.getErrorHandlerHandled());
    }

    private static Optional<NotTaken> notYet(String why) {
        VendorError error = new VendorError(
                ErrorClass.TRANSIENT, "The route before the submit did not let it go: " + why, Optional.empty());
        return Optional.of(new NotTaken(error, Optional.empty()));
    }

    /**
     * Reads a status answer: each task it has, by id.
     *
     * @throws VendorCallException if the call brought no answer
     */
    public static Map<String, TaskAnswer> ofPoll(Exchange exchange, VendorSettings vendor) {
        Secrets secrets = Secrets.of(exchange, vendor);
        if (exchange.getException() != null) {
            boolean answered = !JsonBody.ofText(exchange.getVariable("answer", String.class))
                    .isNull();
            throw new VendorCallException(
                    ofException(exchange, secrets), isNotFound(exchange.getException()), answered);
        }
        JsonNode body = json(exchange);
        if (body.hasNonNull("error")) {
            throw new VendorCallException(
                    error(body.get("error"), retryAfter(exchange), secrets),
                    exchange.getVariable("notFound", false, Boolean.class),
                    false);
        }
        if (!body.isArray()) {
            throw new VendorCallException(
                    new VendorError(ErrorClass.UNKNOWN, "The status answer is not a list of tasks.", Optional.empty()),
                    false,
                    false);
        }
        Map<String, TaskAnswer> tasks = new LinkedHashMap<>();
        for (JsonNode node : body) {
            TaskAnswer said = TaskAnswer.of(node, secrets);
            TaskAnswer task = said.hasEnded() ? said.withRaw(raw(exchange, node, secrets)) : said;
            task.taskId().ifPresent(id -> tasks.merge(id, task, TaskAnswer::or));
        }
        return tasks;
    }

    private static Optional<String> raw(Exchange exchange, Secrets secrets) {
        return Optional.ofNullable(exchange.getVariable("answer", String.class)).map(text -> start(text, secrets));
    }

    /** An answer about several tasks is not about one: of that there is what the route made of it. */
    private static String raw(Exchange exchange, JsonNode task, Secrets secrets) {
        boolean several = exchange.getVariable("taskIds", "", String.class).contains(",");
        return raw(exchange, secrets)
                .filter(text -> !several && !text.isBlank())
                .orElseGet(() -> start(task.toString(), secrets));
    }

    private static String start(String answer, Secrets secrets) {
        String text = secrets.maskedIn(answer);
        return text.length() > RAW_LENGTH ? text.substring(0, RAW_LENGTH) : text;
    }

    /** Reads {@code {class, message}} as a vendor's file writes it; a class that nobody knows is unknown. */
    static VendorError error(JsonNode node, Optional<Duration> retryAfter, Secrets secrets) {
        String message =
                node.isTextual() ? node.textValue() : node.path("message").asText("");
        return new VendorError(
                ErrorClass.of(node.path("class").asText()).orElse(ErrorClass.UNKNOWN),
                shorten(message.isBlank() ? "no reason given" : secrets.maskedIn(message)),
                retryAfter);
    }

    /** An error speaks of one call alone: of several the first may have been taken. */
    private static VendorError asFarAsKnown(Exchange exchange, VendorError error) {
        return CallWatch.severalLeft(exchange)
                ? new VendorError(
                        ErrorClass.UNKNOWN, "The route made several calls: " + error.message(), error.retryAfter())
                : error;
    }

    /** An HTML page where JSON should be is an answer that says nothing. */
    private static JsonNode json(Exchange exchange) {
        try {
            return JsonBody.of(exchange);
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static List<String> taskIds(JsonNode body) {
        JsonNode ids = body.path("taskIds");
        if (ids.isArray()) {
            return StreamSupport.stream(ids.spliterator(), false)
                    .filter(id -> id.isTextual() || id.isNumber())
                    .map(JsonNode::asText)
                    .filter(id -> !id.isBlank())
                    .distinct()
                    .toList();
        }
        JsonNode id = body.path("taskId");
        return (id.isTextual() || id.isNumber()) && !id.asText().isBlank() ? List.of(id.asText()) : List.of();
    }

    private static Optional<Duration> retryAfter(Exchange exchange) {
        return Optional.ofNullable(exchange.getVariable("retryAfter", Long.class))
                .map(seconds -> Math.max(0, Math.min(seconds, MOST_WAIT.toSeconds())))
                .map(Duration::ofSeconds);
    }

    private static VendorError ofException(Exchange exchange, Secrets secrets) {
        Throwable thrown = exchange.getException();
        if (CallWatch.nothingLeft(exchange)) {
            return new VendorError(
                    ErrorClass.TRANSIENT,
                    "The route failed before it called the vendor: " + message(thrown, secrets),
                    Optional.empty());
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                return new VendorError(HttpErrors.byStatus(http), "HTTP " + http.getStatusCode(), retryAfter(exchange));
            }
            if (cause instanceof NotSentException) {
                return new VendorError(ErrorClass.TRANSIENT, message(cause.getCause(), secrets), Optional.empty());
            }
            if (cause instanceof UnfinishedAnswerException) {
                return new VendorError(
                        ErrorClass.UNKNOWN, shorten(secrets.maskedIn(cause.getMessage())), Optional.empty());
            }
            if (neverConnected(cause)) {
                return new VendorError(ErrorClass.TRANSIENT, message(cause, secrets), Optional.empty());
            }
            if (cause instanceof IOException) {
                break;
            }
        }
        return new VendorError(ErrorClass.UNKNOWN, message(thrown, secrets), Optional.empty());
    }

    private static boolean neverConnected(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof ConnectTimeoutException
                || cause instanceof ConnectionRequestTimeoutException
                || cause instanceof SSLHandshakeException;
    }

    private static boolean isNotFound(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                return HttpErrors.isNotFound(http);
            }
        }
        return false;
    }

    private static String message(Throwable thrown, Secrets secrets) {
        String text = thrown.getMessage();
        return shorten(thrown.getClass().getSimpleName() + (text == null ? "" : ": " + secrets.maskedIn(text)));
    }

    private static String shorten(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > MESSAGE_LENGTH ? line.substring(0, MESSAGE_LENGTH) + "…" : line;
    }
}
