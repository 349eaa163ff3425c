package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts connections on which no whole request comes in time, head and body, however steadily its bytes drip: a timeout that each
 * byte begins anew would let a caller hold a connection for ever. While a call is answered its connection may stay silent.
 */
final class SlowCallers implements Handler<RoutingContext> {

    private final Vertx vertx;
    private final long millis;
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    SlowCallers(Vertx vertx, long millis) {
        this.vertx = vertx;
        this.millis = millis;
    }

    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> disarm(connection));
        arm(connection);
    }

    @Override
    public void handle(RoutingContext call) {
        HttpConnection connection = call.request().connection();
        call.request().end().onSuccess(whole -> {
            // one that was answered before it was whole has the time of the next
            if (!call.response().ended()) {
                disarm(connection);
            }
        });
        call.addEndHandler(ended -> arm(connection));
        call.next();
    }

    private void arm(HttpConnection connection) {
        disarm(connection);
        timers.put(connection, vertx.setTimer(millis, over -> connection.close()));
    }

    private void disarm(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
