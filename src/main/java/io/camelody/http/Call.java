package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** What a caller asks for, taken from the call itself: none of it is in the exchange's headers. */
final class Call {

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final Map<String, String> query;

    private Call(Exchange exchange, HttpServerRequest request, Map<String, String> query) {
        this.exchange = exchange;
        this.request = request;
        this.query = query;
    }

    /**
     * @param known the query parameters that it may have, each once
     * @throws ProblemException if it has another
     */
    static Call of(Exchange exchange, String... known) {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        return new Call(exchange, request, query(request.query(), new TreeSet<>(List.of(known))));
    }

    private static Map<String, String> query(String raw, Set<String> known) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decoded(parts[0]);
            if (!known.contains(name)) {
                throw bad("Unknown query parameter. Expected %s."
                        .formatted(known.isEmpty() ? "none" : "one of " + String.join(", ", known)));
            }
            if (query.put(name, parts.length == 1 ? "" : decoded(parts[1])) != null) {
                throw bad("Expected the query parameter %s once.".formatted(name));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad("The query is not well encoded.");
        }
    }

    static ProblemException bad(String detail) {
        return new ProblemException(400, "invalid-request", detail);
    }

    /** Empty also where it has no value. */
    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** @throws ProblemException if it is not a whole number from 1 to {@code most} */
    int count(String name, int most, int absent) {
        return query(name)
                .map(value -> {
                    if (!value.matches("[1-9]\\d{0,8}") || Integer.parseInt(value) > most) {
                        throw bad("Expected %s to be a whole number from 1 to %d.".formatted(name, most));
                    }
                    return Integer.parseInt(value);
                })
                .orElse(absent);
    }

    /** The part of the path that the route calls {@code {id}}. */
    String id() {
        return exchange.getMessage().getHeader("id", String.class);
    }

    /** @throws ProblemException if it is there more than once */
    Optional<String> header(String name) {
        List<String> all = request.headers().getAll(name);
        if (all.size() > 1) {
            throw bad("Expected the header %s once.".formatted(name));
        }
        return all.stream().findFirst().map(String::strip);
    }

    /** The type of what it brings, without its parameters and in lower case. */
    String type() {
        return header("Content-Type").orElse("").replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
    }

    /** What it brings as text, without a mark of its encoding. */
    String text() {
        byte[] bytes = exchange.getMessage().getBody(byte[].class);
        try {
            String text = bytes == null
                    ? ""
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw bad("Expected the body to be UTF-8.");
        }
    }

    /**
     * The object that it brings; an empty one if it brings nothing.
     *
     * @throws ProblemException if it is none, or has a field that is not known
     */
    ObjectNode fields(String... known) {
        String text = text();
        JsonNode json;
        try {
            json = text.isBlank() ? Json.object() : Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad("Expected the body to be a JSON object.");
        }
        if (!(json instanceof ObjectNode object)) {
            throw bad("Expected the body to be a JSON object.");
        }
        if (!text.isBlank() && !type().equals("application/json")) {
            throw new ProblemException(415, "unsupported-media-type", "Send application/json.");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!List.of(known).contains(name)) {
                throw bad("Unknown field. Expected %s.".formatted(String.join(", ", known)));
            }
        });
        return object;
    }
}
