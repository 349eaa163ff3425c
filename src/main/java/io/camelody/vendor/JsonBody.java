package io.camelody.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.camelody.request.Json;
import java.io.File;
import java.io.InputStream;
import java.io.Reader;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/** What a route leaves as body, as JSON, whether it is a tree, text, a map, a list or a bean. */
public final class JsonBody {

    private JsonBody() {}

    /**
     * @return a missing node where there is no body
     * @throws IllegalArgumentException if it is text that is not JSON
     */
    public static JsonNode of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            return MissingNode.getInstance();
        }
        if (body instanceof JsonNode node) {
            return node;
        }
        return isText(body) ? Json.parse(exchange.getMessage().getBody(String.class)) : Json.MAPPER.valueToTree(body);
    }

    /** What a vendor sent, or null's node where that is no JSON, or nothing. */
    static JsonNode ofText(String text) {
        try {
            JsonNode body = Json.parse(text == null ? "" : text);
            return body.isMissingNode() ? NullNode.getInstance() : body;
        } catch (IllegalArgumentException e) {
            return NullNode.getInstance();
        }
    }

    private static boolean isText(Object body) {
        return body instanceof CharSequence
                || body instanceof byte[]
                || body instanceof InputStream
                || body instanceof Reader
                || body instanceof StreamCache
                || body instanceof WrappedFile
                || body instanceof File;
    }
}
