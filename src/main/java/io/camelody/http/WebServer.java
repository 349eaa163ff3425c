package io.camelody.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * The HTTP server: Camel's {@code platform-http} routes and what is streamed, behind one door that knows its callers.
 *
 * <p>It takes its port before Camel starts, so that a busy one stops the program before any work has begun, and answers 503
 * until it is opened, when all routes are there, and again from {@link #shut} on. Whatever a route or a page forgets, a
 * caller without a token comes no further than the door.
 */
public final class WebServer implements AutoCloseable {

    /** Under this name Camel looks for the router of an engine that has no server of its own, whatever the port. */
    public static final String ROUTER =
            VertxPlatformHttpRouter.getRouterNameFromPort(VertxPlatformHttpServerConfiguration.DEFAULT_BIND_PORT);

    private static final int SECONDS_TO_CLOSE = 5;

    /** At a time, beside those who follow the events; each is an open file. */
    private static final int CONNECTIONS = half();

    /** Before what stands before the door, too. */
    private static final int FIRST = -2;

    private final HttpSettings settings;
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setFileSystemOptions(
                    new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
    private final Router router = Router.router(vertx);
    private final HttpServer server;
    private volatile boolean open;

    /** @param pages what is served beside Camel's routes: each adds its own to the router */
    public WebServer(HttpSettings settings, List<Consumer<Router>> pages) {
        this.settings = settings;
        this.server = vertx.createHttpServer(options(settings)).requestHandler(router);
        SlowCallers slow =
                new SlowCallers(vertx, settings.requestTimeout().toMillis(), CONNECTIONS + settings.maxSubscribers());
        server.connectionHandler(slow::connected).invalidRequestHandler(WebServer::refuse);
        router.route().order(FIRST).handler(slow).failureHandler(WebServer::fail);
        router.route().handler(WebServer::demandPath);
        router.route().handler(this::awaitOpening);
        router.route().handler(new CrossOrigin(settings.corsOrigins()));
        router.route()
                .handler(
                        settings.tokens().isEmpty()
                                ? new BrowserGuard(settings.corsOrigins())
                                : new TokenGuard(settings.tokens()));
        router.route().handler(new BodyRoom(settings.maxBody()));
        pages.forEach(page -> page.accept(router));
        HttpProblem.answerFor(router);
    }

    /** Silence is cut too, but not that of a caller who waits for a song. */
    private static HttpServerOptions options(HttpSettings settings) {
        return new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setIdleTimeout(
                        (int) settings.maxWait().plus(settings.requestTimeout()).toSeconds())
                .setMaxInitialLineLength(4_096)
                .setMaxHeaderSize(8_192)
                .setMaxFormFields(0)
                .setMaxFormBufferedBytes(1_024)
                .setHttp2ClearTextEnabled(false);
    }

    /** Who has hung up is told nothing, and nobody of it. */
    private static void fail(RoutingContext call) {
        if (!call.response().closed() && !(call.failure() instanceof HttpClosedException)) {
            call.next();
        }
    }

    /** What is no HTTP, or too long to be read: no handler ever sees it. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = 400;
        if (cause instanceof TooLongFrameException) {
            status = cause.getMessage().contains("header") ? 431 : 414;
        }
        HttpProblem.of(status).answer(request);
        request.connection().close();
    }

    private static void demandPath(RoutingContext call) {
        try {
            call.normalizedPath();
            call.next();
        } catch (IllegalArgumentException e) {
            call.fail(400);
        }
    }

    /** Half of the files that this process may have open: a busy caller keeps its connections, and others come too. */
    private static int half() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(100_000, unix.getMaxFileDescriptorCount() / 2)
                : 4_000;
    }

    private void awaitOpening(RoutingContext call) {
        if (open) {
            call.next();
        } else {
            HttpProblem.retryLater("starting", "Camelody is starting or stopping.")
                    .answer(call);
        }
    }

    /** What Camel's routes are added to. To be bound in the registry as {@link #ROUTER}. */
    public VertxPlatformHttpRouter router() {
        return new VertxPlatformHttpRouter(null, vertx, router, ROUTER) {
            @Override
            public Handler<RoutingContext> bodyHandler() {
                // the door has read it
                return RoutingContext::next;
            }
        };
    }

    /**
     * Takes the port.
     *
     * @throws PortTakenException if it cannot be had
     */
    public void listen() {
        try {
            server.listen().toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new PortTakenException(settings, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PortTakenException(settings, e);
        }
    }

    /** From here on calls are served. */
    public void open() {
        open = true;
    }

    /** From here on calls are sent away, while those that are in go on. */
    public void shut() {
        open = false;
    }

    public String url() {
        String host = settings.host().contains(":") && !settings.host().startsWith("[")
                ? "[" + settings.host() + "]"
                : settings.host();
        return "http://%s:%d".formatted(host, server.actualPort());
    }

    /** Cuts what is still connected. */
    @Override
    public void close() {
        shut();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The HTTP server could not be closed", e);
        }
    }
}
