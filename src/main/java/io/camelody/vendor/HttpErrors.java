package io.camelody.vendor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Lays an HTTP error answer out for a vendor's {@code -errors} route: {@code {status, body, text}}, where {@code body} is
 * the answer as JSON, or null where it is none. {@code Retry-After} goes into the variable {@code retryAfter}, in seconds,
 * and whether the vendor knows nothing of what was asked about into {@code notFound}.
 */
public final class HttpErrors {

    /** Longer than any message that is kept: a key that is cut in half at the end is not found and masked. */
    private static final int TEXT_LENGTH = 4000;

    private static final long ABSURD = 999_999_999;

    private final Clock clock;

    public HttpErrors(Clock clock) {
        this.clock = clock;
    }

    /** Called from {@code errors.camel.yaml} with the exception that camel-http threw. */
    public void layOut(Exchange exchange) {
        HttpOperationFailedException failure =
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, HttpOperationFailedException.class);
        String text = Optional.ofNullable(failure.getResponseBody()).orElse("");
        ObjectNode answer = Json.object();
        answer.put("status", failure.getStatusCode());
        answer.set("body", JsonBody.ofText(text));
        answer.put("text", text.length() > TEXT_LENGTH ? text.substring(0, TEXT_LENGTH) : text);
        retryAfter(failure.getResponseHeaders()).ifPresent(wait -> {
            exchange.setVariable("retryAfter", wait.toSeconds());
            answer.put("retryAfter", wait.toSeconds());
        });
        exchange.setVariable("notFound", isNotFound(failure));
        exchange.setVariable("answer", text);
        exchange.getMessage().setBody(answer);
    }

    /** What an error answer means where a vendor's file says nothing of it. */
    static ErrorClass byStatus(HttpOperationFailedException failure) {
        return switch (failure.getStatusCode()) {
            case 401, 403 -> ErrorClass.AUTH;
            case 402 -> ErrorClass.CREDITS;
            case 429 -> ErrorClass.RATE;
            case 451 -> ErrorClass.CONTENT;
            case 404, 405, 410 -> isPage(failure) ? ErrorClass.TRANSIENT : ErrorClass.INVALID;
            case 400, 406, 413, 414, 415, 422 -> ErrorClass.INVALID;
            default -> ErrorClass.UNKNOWN;
        };
    }

    /** Whether the vendor says so itself: a page comes from a gateway, which knows of no tasks. */
    static boolean isNotFound(HttpOperationFailedException failure) {
        return failure.getStatusCode() == 404 && !isPage(failure);
    }

    private static boolean isPage(HttpOperationFailedException failure) {
        return JsonBody.ofText(failure.getResponseBody()).isNull();
    }

    private Optional<Duration> retryAfter(Map<String, String> headers) {
        return Optional.ofNullable(headers).flatMap(all -> all.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
                .map(header -> parse(header.getValue().strip()))
                .flatMap(Optional::stream)
                .findFirst());
    }

    /** Seconds or a date, as RFC 9110 has them. How long is waited at most is for those who wait. */
    private Optional<Duration> parse(String value) {
        try {
            Duration wait = value.matches("\\d+")
                    ? Duration.ofSeconds(value.length() > 9 ? ABSURD : Long.parseLong(value))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
