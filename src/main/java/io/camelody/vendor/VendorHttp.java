package io.camelody.vendor;

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
    private static final Timeout ANSWER = Timeout.ofSeconds(60);

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries();
        client.disableRedirectHandling();
        client.disableCookieManagement();
        client.disableAuthCaching();
        client.setDefaultRequestConfig(config());
    }

    @SuppressWarnings("deprecation") // the connect timeout of the connection manager is the estate's to set
    private static RequestConfig config() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT)
                .setConnectTimeout(CONNECT)
                .setResponseTimeout(ANSWER)
                .build();
    }
}
