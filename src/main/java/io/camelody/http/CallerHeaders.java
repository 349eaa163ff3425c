package io.camelody.http;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Keeps what a caller sends out of a route's headers, where a name such as {@code CamelHttpPath} would steer it: neither the
 * headers of a call nor its query parameters come in, only the parts of the path that the route's uri names. Of what a route
 * leaves, the headers of an answer go out, and no others.
 */
public final class CallerHeaders implements HeaderFilterStrategy {

    private static final Set<String> ANSWER = Set.of(
            "content-type",
            "location",
            "retry-after",
            "allow",
            "www-authenticate",
            "preference-applied",
            "cache-control");

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return isHidden(name);
    }

    static boolean isHidden(String name) {
        return !ANSWER.contains(name.toLowerCase(Locale.ROOT));
    }
}
