package io.camelody.vendor;

import io.camelody.outgoing.KeptConnections;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * How the vendors' files call their vendor, whatever the estate has set for its own HTTP calls: a call is made once, goes
 * where it was sent, keeps no cookies, and ends, in time and in bytes.
 *
 * <p>HttpClient by itself sends a POST again on 429 and 503, and a repeated paid call is a second bill. A redirect would
 * carry the key to another host.
 */
public final class VendorHttp implements HttpClientConfigurer {

    private static final Timeout CONNECT = Timeout.ofSeconds(10);

    private final Timeout silence;
    private final BoundedCall bound;
    private final boolean keeps;

    public VendorHttp() {
        this(Duration.ofSeconds(60), Duration.ofMinutes(2), 8 << 20);
    }

    /**
     * @param silence how long a vendor may send nothing before its answer counts as lost
     * @param longest how long a call may take as a whole, to the last byte of its answer
     * @param most bytes of an answer
     */
    public VendorHttp(Duration silence, Duration longest, long most) {
        this(Timeout.of(silence), new BoundedCall(longest, most), false);
    }

    private VendorHttp(Timeout silence, BoundedCall bound, boolean keeps) {
        this.silence = silence;
        this.bound = bound;
        this.keeps = keeps;
    }

    /** The same for an endpoint whose GETs buy nothing: they go over kept connections, and may be repeated for it once. */
    public VendorHttp keeping() {
        return new VendorHttp(silence, bound, true);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries();
        client.disableRedirectHandling();
        client.disableCookieManagement();
        client.disableAuthCaching();
        if (keeps) {
            KeptConnections.keepAndCleanIn(client);
        } else {
            // a vendor closes a kept connection when it likes: a paid call that is written to it just then would be in
            // doubt
            client.setConnectionReuseStrategy((request, response, context) -> false);
        }
        client.setDefaultRequestConfig(config());
        client.addExecInterceptorFirst("camelody-bound", bound);
        client.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "camelody-sent", BoundedCall::markSent);
    }

    @SuppressWarnings("deprecation") // the connect timeout of the connection manager is the estate's to set
    private RequestConfig config() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT)
                .setConnectTimeout(CONNECT)
                .setResponseTimeout(silence)
                .build();
    }
}
