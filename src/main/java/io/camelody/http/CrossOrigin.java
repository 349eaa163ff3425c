package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Lets pages of the origins that are set, and no others, read answers (CORS). An origin is compared to the letter. */
final class CrossOrigin implements Handler<RoutingContext> {

    private final List<String> allowed;

    CrossOrigin(List<String> allowed) {
        this.allowed = allowed;
    }

    @Override
    public void handle(RoutingContext call) {
        String origin = call.request().getHeader("Origin");
        HttpServerResponse response = call.response();
        if (!allowed.isEmpty()) {
            response.putHeader("Vary", "Origin");
        }
        if (!allowed.contains(origin)) {
            call.next();
            return;
        }
        response.putHeader("Access-Control-Allow-Origin", origin)
                .putHeader("Access-Control-Expose-Headers", "Location, Retry-After, Preference-Applied, ETag");
        boolean asksFirst = call.request().method().equals(HttpMethod.OPTIONS)
                && call.request().headers().contains("Access-Control-Request-Method");
        if (asksFirst) {
            response.putHeader("Access-Control-Allow-Methods", "GET, POST, DELETE")
                    .putHeader(
                            "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, Idempotency-Key, Prefer, Last-Event-ID, Range")
                    .putHeader("Access-Control-Max-Age", "600")
                    .setStatusCode(204)
                    .end();
        } else {
            call.next();
        }
    }
}
