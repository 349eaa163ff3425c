package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what all calls bring together within the memory that there is: those that it has no room for are to come later. */
final class BodyRoom implements Handler<RoutingContext> {

    /** Calls of the largest size at a time. */
    private static final int CALLS = 4;

    private final long mostOfOne;
    private final AtomicLong taken = new AtomicLong();

    BodyRoom(long mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    @Override
    public void handle(RoutingContext call) {
        long size = size(call.request());
        if (size > mostOfOne) {
            call.fail(413);
        } else if (taken.addAndGet(size) > CALLS * mostOfOne) {
            taken.addAndGet(-size);
            HttpProblem.retryLater("busy", "Too many large requests at once.").answer(call);
        } else {
            call.addEndHandler(ended -> taken.addAndGet(-size));
            call.next();
        }
    }

    /** What may come: without a length, anything up to the limit. */
    private long size(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length != null) {
            return Long.parseLong(length);
        }
        return request.getHeader("Transfer-Encoding") == null ? 0 : mostOfOne;
    }
}
