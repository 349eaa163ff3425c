package io.camelody.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes what calls bring into memory, and keeps all of it together within the memory that there is. Bytes count as they come,
 * until their call is answered or {@link #empty emptied}; a call that there is no room for is to come later.
 */
final class BodyRoom implements Handler<RoutingContext> {

    /** Calls of the largest size at a time. */
    private static final int CALLS = 4;

    /** What these bring means nothing, and is let pass by. */
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private static final String BODY = "body-room";

    private final long mostOfOne;
    private final AtomicLong taken = new AtomicLong();

    BodyRoom(long mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    @Override
    public void handle(RoutingContext call) {
        HttpServerRequest request = call.request();
        String length = request.getHeader("Content-Length");
        boolean isEmpty = length == null && request.getHeader("Transfer-Encoding") == null;
        if (length != null && Long.parseLong(length) > mostOfOne) {
            call.fail(413);
        } else if (isEmpty || LOOKING.contains(request.method()) || CallbackDoor.isFor(call)) {
            call.next();
        } else {
            new Body(call).read();
        }
    }

    /** Forgets what a call brought, all of which has been read by now, before the call is answered. */
    static void empty(RoutingContext call) {
        Body body = call.get(BODY);
        if (body != null) {
            body.drop();
            set(call, null);
        }
    }

    /** As Vert.x's own handler of bodies leaves it. */
    private static void set(RoutingContext call, Buffer bytes) {
        ((RoutingContextInternal) call).setBody(bytes);
    }

    /** Used in the context of its call alone. */
    private final class Body {

        private final RoutingContext call;
        private Buffer bytes = Buffer.buffer();

        Body(RoutingContext call) {
            this.call = call;
        }

        void read() {
            call.put(BODY, this);
            call.addEndHandler(ended -> drop());
            call.request().exceptionHandler(call::fail).handler(this::take).endHandler(whole -> {
                if (bytes != null) {
                    set(call, bytes);
                    call.next();
                }
            });
            if ("100-continue".equalsIgnoreCase(call.request().getHeader("Expect"))) {
                call.response().writeContinue();
            }
        }

        private void take(Buffer more) {
            if (bytes == null) {
                return;
            }
            bytes.appendBuffer(more);
            boolean hasRoom = taken.addAndGet(more.length()) <= CALLS * mostOfOne;
            if (bytes.length() > mostOfOne) {
                drop();
                call.fail(413);
            } else if (!hasRoom) {
                drop();
                HttpProblem.retryLater("busy", "Too many large requests at once.")
                        .answer(call);
            }
        }

        private void drop() {
            if (bytes != null) {
                taken.addAndGet(-bytes.length());
                bytes = null;
            }
        }
    }
}
