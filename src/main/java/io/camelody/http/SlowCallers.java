package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cuts connections on which no whole request comes in time, head and body, however steadily its bytes drip: a timeout that each
 * byte begins anew would let a caller hold a connection for ever. While a call is answered its connection may stay silent.
 * Connections above a number are cut at once, so that files can still be opened however many there are.
 */
final class SlowCallers implements Handler<RoutingContext> {

    private final Vertx vertx;
    private final long millis;
    private final int most;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    /** @param most connections at a time */
    SlowCallers(Vertx vertx, long millis, int most) {
        this.vertx = vertx;
        this.millis = millis;
        this.most = most;
    }

    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> {
            connections.decrementAndGet();
            disarm(connection);
        });
        if (connections.incrementAndGet() > most) {
            connection.close();
        } else {
            arm(connection);
        }
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
