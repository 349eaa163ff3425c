package io.camelody.outgoing;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.TimeValue;

/**
 * Has a GET go over a connection that an earlier GET of the same client to the same host has left: ten seconds ago at most, and it
 * was opened in the last minute, so that a name that has got another address is followed. All other calls have a connection of
 * their own, which nobody gets after them.
 *
 * <p>A host may close a kept connection just when it is used again. Where one was kept and nothing of an answer came, the GET is
 * repeated once, over a new connection, and its caller never hears of it. Thread-safe.
 */
public final class KeptConnections implements ExecChainHandler {

    /** Less than hosts keep theirs. */
    static final TimeValue IDLE = TimeValue.ofSeconds(10);

    private static final long AT_MOST = TimeUnit.MINUTES.toNanos(1);

    /** What a pool keeps a connection under: it gives it to no call that has another mark, or none. */
    private record Mark(long from) {}

    private Mark mark = new Mark(System.nanoTime());

    private KeptConnections() {}

    /** The same for a client that is closed in the end: until then a thread of its own closes what nobody came for again. */
    public static void keepAndCleanIn(HttpClientBuilder client) {
        keepAndCleanIn(client, IDLE);
    }

    static void keepAndCleanIn(HttpClientBuilder client, TimeValue idle) {
        keepIn(client, idle);
        client.evictIdleConnections(idle);
    }

    /** What is put first in the client's chain after this sees a call once, and what was before, each of its tries. */
    static void keepIn(HttpClientBuilder client, TimeValue idle) {
        client.setConnectionReuseStrategy(
                (request, response, context) -> HttpClientContext.cast(context).getUserToken() instanceof Mark
                        && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context));
        client.setKeepAliveStrategy((response, context) -> {
            TimeValue theirs = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            return TimeValue.isPositive(theirs) ? theirs.min(idle) : idle;
        });
        client.addExecInterceptorFirst("camelody-kept", new KeptConnections());
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpClientContext context = scope.clientContext;
        if (!request.getMethod().equals("GET")) {
            context.setUserToken(null);
            return chain.proceed(request, scope);
        }
        context.setUserToken(mark());
        try {
            return chain.proceed(request, scope);
        } catch (NoHttpResponseException | SocketException e) {
            EndpointDetails connection = context.getEndpointDetails();
            boolean wasKept = connection != null && connection.getResponseCount() > 0;
            if (!wasKept || scope.execRuntime.isExecutionAborted()) {
                throw e;
            }
            context.setUserToken(null);
            return chain.proceed(
                    ClassicRequestBuilder.copy(scope.originalRequest).build(), scope);
        }
    }

    private synchronized Mark mark() {
        long now = System.nanoTime();
        if (now - mark.from > AT_MOST) {
            mark = new Mark(now);
        }
        return mark;
    }
}
