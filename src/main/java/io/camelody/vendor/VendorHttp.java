package io.camelody.vendor;

import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * How the vendors' files call their vendor, whatever the estate has set for its own HTTP calls: a call is made once, goes
 * where it was sent, keeps no cookies and ends.
 *
 * <p>HttpClient by itself sends a POST again on 429 and 503, and a repeated paid call is a second bill. A redirect would
 * carry the key to another host.
 */
public final class VendorHttp implements HttpClientConfigurer {

    private static final Timeout CONNECT = Timeout.ofSeconds(10);

    private final Timeout answer;

    public VendorHttp() {
        this(Duration.ofSeconds(60));
    }

    /** @param answer how long a vendor may be silent before its answer counts as lost */
    public VendorHttp(Duration answer) {
        this.answer = Timeout.of(answer);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries();
        client.disableRedirectHandling();
        client.disableCookieManagement();
        client.disableAuthCaching();
        // a vendor closes a kept connection when it likes: a paid call that is written to it just then would be in
        // doubt
        client.setConnectionReuseStrategy((request, response, context) -> false);
        client.setDefaultRequestConfig(config());
    }

    @SuppressWarnings("deprecation") // the connect timeout of the connection manager is the estate's to set
    private RequestConfig config() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT)
                .setConnectTimeout(CONNECT)
                .setResponseTimeout(answer)
                .build();
    }
}
