package io.camelody.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * {@code GET /health}, {@code /health/live} and {@code /health/ready}: 200 or 503, for whoever asks. They stand before the door,
 * since who asks whether the program is up asks while it starts and stops as well. None holds a thread.
 */
public final class HealthPages {

    private static final int BEFORE_THE_DOOR = -1;

    private final Health health;

    public HealthPages(Health health) {
        this.health = health;
    }

    public void install(Router router) {
        serve(router, "/health", health::all);
        serve(router, "/health/ready", health::ready);
        serve(router, "/health/live", () -> CompletableFuture.completedFuture(health.live()));
    }

    private static void serve(Router router, String path, Supplier<CompletionStage<ObjectNode>> look) {
        router.route(path)
                .order(BEFORE_THE_DOOR)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(call -> look.get().whenComplete((answer, failure) -> {
                    if (failure == null) {
                        answer(call, answer);
                    } else {
                        call.fail(failure);
                    }
                }));
    }

    private static void answer(RoutingContext call, ObjectNode answer) {
        call.response()
                .setStatusCode(Health.isUp(answer) ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Json.write(answer));
    }
}
