package io.camelody.outgoing;

import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls URLs that others gave: vendors for audio and covers, requests for webhooks. The addresses that a name leads to are
 * looked up once, here, and held against the {@link AddressRule}; the connection goes to one that passed, so no answer of a
 * name server that comes later can lead elsewhere.
 *
 * <p>A POST is made once, over a connection of its own. A GET may go over one that an earlier GET to the same host has left, to
 * the address that was looked at then: see {@link KeptConnections}.
 *
 * <p>Redirects are the caller's to follow, and are new calls. Neither credentials nor cookies are kept or sent, and an answer is
 * not unpacked. Thread-safe.
 *
 * <p>A proxy that the JVM was told of ({@code -Dhttps.proxyHost}) is used. It has to be allowed like any host. A URL is held
 * against the rule before it is handed on, and what its name means to the proxy is the proxy's to guard.
 */
public final class OutgoingHttp {

    /** The system's names, or a test's. */
    interface Names {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private static final int LONGEST_LINE = 1 << 15;
    private static final int MOST_HEADERS = 200;

    private static final ScheduledExecutorService CLEANING = daemon("camelody-outgoing-cleaning");
    private static final Watch WATCH = new Watch(daemon("camelody-outgoing-watch"));

    /** As many threads as there are names being looked up, which nothing breaks off. */
    private static final ExecutorService LOOKING_UP =
            Executors.newCachedThreadPool(each -> daemon("camelody-outgoing-names", each));

    private final AtomicBoolean cleans = new AtomicBoolean();
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;
    private final TimeValue idle;

    /** @param connectTimeout for each address of a host, and for TLS */
    public OutgoingHttp(AddressRule rule, Duration connectTimeout) {
        this(rule, connectTimeout, InetAddress::getAllByName, KeptConnections.IDLE);
    }

    OutgoingHttp(AddressRule rule, Duration connectTimeout, Names names, TimeValue idle) {
        DnsResolver resolver = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return rule.permitted(host, lookUp(host, names, connectTimeout));
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        connections = connections(resolver, connectTimeout);
        client = client(connections, resolver, idle);
        this.idle = idle;
    }

    /** @param headers names and values, by turns */
    public OutgoingCall get(URI uri, List<String> headers) {
        cleanLater();
        return start(new HttpUriRequestBase("GET", uri), headers);
    }

    /** @param headers names and values, by turns */
    public OutgoingCall post(URI uri, List<String> headers, byte[] body) {
        HttpUriRequestBase request = new HttpUriRequestBase("POST", uri);
        request.setEntity(new ByteArrayEntity(body, null));
        return start(request, headers);
    }

    private void cleanLater() {
        if (cleans.compareAndSet(false, true)) {
            CLEANING.schedule(this::clean, 2 * idle.toMilliseconds(), TimeUnit.MILLISECONDS);
        }
    }

    /** Goes on until no connection is left: also a call that ends late leaves one. */
    private void clean() {
        cleans.set(false);
        connections.closeExpired();
        PoolStats left = connections.getTotalStats();
        if (left.getLeased() + left.getAvailable() > 0) {
            cleanLater();
        }
    }

    private OutgoingCall start(HttpUriRequestBase request, List<String> headers) {
        for (int i = 0; i < headers.size(); i += 2) {
            request.setHeader(headers.get(i), headers.get(i + 1));
        }
        return new OutgoingCall(request, each -> client.executeOpen(null, each, HttpClientContext.create()), WATCH);
    }

    private static PoolingHttpClientConnectionManager connections(DnsResolver resolver, Duration connectTimeout) {
        Http1Config limits = Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(MOST_HEADERS)
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectTimeout))
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(limits)
                        .build())
                // callers bring their own limits
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .build();
    }

    private static CloseableHttpClient client(
            PoolingHttpClientConnectionManager connections, DnsResolver resolver, TimeValue idle) {
        HttpClientBuilder client = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setRoutePlanner(new Proxies())
                .addExecInterceptorFirst("camelody-proxy", (request, scope, chain) -> {
                    if (scope.route.getProxyHost() != null) {
                        resolver.resolve(scope.route.getTargetHost().getHostName());
                    }
                    return chain.proceed(request, scope);
                })
                .setUserAgent("camelody")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression();
        KeptConnections.keepIn(client, idle);
        return client.build();
    }

    /** The JVM's, which are asked for when another host is called than the last time: to find out that there is none takes a while. */
    private static final class Proxies extends SystemDefaultRoutePlanner {

        private record Found(HttpHost target, Optional<HttpHost> proxy) {}

        private volatile Found last;

        Proxies() {
            super(ProxySelector.getDefault());
        }

        @Override
        protected HttpHost determineProxy(HttpHost target, HttpContext context) throws HttpException {
            Found found = last;
            if (found == null || !found.target.equals(target)) {
                found = new Found(target, Optional.ofNullable(super.determineProxy(target, context)));
                last = found;
            }
            return found.proxy.orElse(null);
        }
    }

    /** Whoever waits for a name server can be interrupted, and waits for it no longer than for a connection. */
    private static InetAddress[] lookUp(String host, Names names, Duration atMost) throws UnknownHostException {
        Future<InetAddress[]> addresses = LOOKING_UP.submit(() -> names.addressesOf(host));
        try {
            return addresses.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownHostException unknown ? unknown : notFound(host, e.getCause());
        } catch (TimeoutException e) {
            throw notFound(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notFound(host, e);
        }
    }

    private static UnknownHostException notFound(String host, Throwable why) {
        UnknownHostException notFound = new UnknownHostException(host);
        notFound.initCause(why);
        return notFound;
    }

    private static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> daemon(name, work));
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
