package io.camelody.http;

import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Callbacks;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /callbacks/{vendor}/{token}}: where vendors call back. What a callback says is not read, since nothing in it is
 * believed: it is a hint to ask the vendor now. A token that is unknown, or whose song has ended, is answered as any path is
 * at which there is nothing, after the same look into the ledger.
 */
public final class CallbackDoor {

    /** A body is let pass by up to here; who sends more is cut. */
    private static final int MOST_BYTES = 64 << 10;

    private final Callbacks callbacks;

    public CallbackDoor(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    /** Whether a call is one of a vendor, whose body nobody wants. */
    static boolean isFor(RoutingContext call) {
        return call.normalizedPath().startsWith("/callbacks/");
    }

    public void install(Router router) {
        router.post("/callbacks/:vendor/:token").handler(this::hear);
    }

    private void hear(RoutingContext call) {
        long[] passed = {0};
        call.request().handler(bytes -> {
            passed[0] += bytes.length();
            if (passed[0] > MOST_BYTES) {
                call.request().connection().close();
            }
        });
        CallbackToken token = new CallbackToken(call.pathParam("token"));
        call.vertx()
                .executeBlocking(() -> callbacks.heard(call.pathParam("vendor"), token), false)
                .onFailure(call::fail)
                .onSuccess(known -> {
                    if (known) {
                        call.response().setStatusCode(204).end();
                    } else {
                        call.fail(404);
                    }
                });
    }
}
