package io.camelody.http;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.DefaultExchange;

/**
 * {@code POST /songs} with {@code Prefer: wait=30}: the answer comes when the song has ended, as its document with 200, or
 * else after that time as the receipt with 202. A caller that waits is an entry here and a connection, never a thread; Camel's
 * own consumer would hold one. The request goes the way of all others, through {@link #ROUTE}.
 */
public final class WaitForEnd {

    static final String ROUTE = "direct:camelody-intake-http-accept";

    private static final Pattern WAIT = Pattern.compile("(?i)(?:.*,)?\\s*wait\\s*=\\s*(\\d{1,6})\\s*(?:[,;].*)?");

    /** A song that somebody cancels ends without a word. */
    private static final long LOOK_MILLIS = 2_000;

    private final SongLedger ledger;
    private final Supplier<CamelContext> camel;
    private final Duration most;
    private ProducerTemplate template;
    private final Map<String, Set<Caller>> waiting = new ConcurrentHashMap<>();
    private volatile boolean released;

    /** @param camel has the routes, once calls are served */
    public WaitForEnd(SongLedger ledger, HttpSettings settings, Supplier<CamelContext> camel) {
        this.ledger = ledger;
        this.camel = camel;
        this.most = settings.maxWait();
    }

    /** To come before the routes. */
    public void install(Router router) {
        ledger.onEnd(id -> waiting.getOrDefault(id, Set.of()).forEach(Caller::look));
        router.post("/songs").handler(call -> wish(call).ifPresentOrElse(wish -> accept(call, wish), call::next));
    }

    private Optional<Duration> wish(RoutingContext call) {
        String prefer = String.join(",", call.request().headers().getAll("Prefer"));
        Matcher wait = WAIT.matcher(prefer);
        return wait.matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(wait.group(1))))
                        .map(wish -> wish.compareTo(most) > 0 ? most : wish)
                : Optional.empty();
    }

    private void accept(RoutingContext call, Duration wish) {
        call.vertx()
                .executeBlocking(() -> send(call), false)
                .onFailure(call::fail)
                .onSuccess(accepted -> {
                    BodyRoom.empty(call);
                    String song = accepted.getVariable(SongRequests.SONG, String.class);
                    if (song == null || wish.isZero()) {
                        answer(call, accepted);
                    } else {
                        new Caller(call, accepted, song, wish).await();
                    }
                });
    }

    private Exchange send(RoutingContext call) {
        Exchange exchange = new DefaultExchange(camel.get());
        HttpMessage message = new HttpMessage(exchange, call.request(), call.response());
        message.setBody(call.body().buffer());
        exchange.setMessage(message);
        return template().send(ROUTE, exchange);
    }

    private synchronized ProducerTemplate template() {
        if (template == null) {
            template = camel.get().createProducerTemplate();
        }
        return template;
    }

    /** As the route left it. */
    private static void answer(RoutingContext call, Exchange exchange) {
        if (exchange.getException() != null) {
            call.fail(exchange.getException());
            return;
        }
        HttpServerResponse response = call.response();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (!CallerHeaders.isHidden(name)) {
                response.putHeader(name, value.toString());
            }
        });
        response.setStatusCode(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class));
        response.end(exchange.getMessage().getBody(String.class));
    }

    /** How many wait now. */
    int waiting() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    /** Nobody waits from here on: those who did are answered with the receipts that they hold, as on a stop. */
    public void release() {
        released = true;
        waiting.values().forEach(callers -> callers.forEach(Caller::release));
    }

    /** One that waits. Used in the context of its call alone, but where it says otherwise. */
    private final class Caller {

        private final RoutingContext call;
        private final Exchange accepted;
        private final String song;
        private final Duration wish;
        private final Context context;
        private long timer;
        private long net;

        Caller(RoutingContext call, Exchange accepted, String song, Duration wish) {
            this.call = call;
            this.accepted = accepted;
            this.song = song;
            this.wish = wish;
            this.context = call.vertx().getOrCreateContext();
        }

        void await() {
            if (call.response().closed()) {
                // its end handlers have run: one added now never would
                return;
            }
            waiting.compute(song, (id, before) -> {
                Set<Caller> all = before == null ? ConcurrentHashMap.newKeySet() : before;
                all.add(this);
                return all;
            });
            timer = call.vertx().setTimer(wish.toMillis(), over -> answerIfEnded(true));
            net = call.vertx().setPeriodic(LOOK_MILLIS, again -> answerIfEnded(false));
            call.addEndHandler(ended -> forget());
            if (released) {
                release();
            } else {
                // it may have ended before, or between its receipt and this line
                answerIfEnded(false);
            }
        }

        private void forget() {
            call.vertx().cancelTimer(timer);
            call.vertx().cancelTimer(net);
            waiting.computeIfPresent(song, (id, all) -> all.remove(this) && all.isEmpty() ? null : all);
        }

        /** In any thread. */
        void look() {
            context.runOnContext(now -> answerIfEnded(false));
        }

        /** In any thread. */
        void release() {
            context.runOnContext(now -> {
                if (!isGone()) {
                    answer(call, accepted);
                }
            });
        }

        private boolean isGone() {
            return call.response().ended() || call.response().closed();
        }

        private void answerIfEnded(boolean isOver) {
            call.vertx()
                    .executeBlocking(
                            () -> ledger.catalog().find(song).filter(found -> found.state()
                                    .isFinal()),
                            false)
                    .onComplete(read -> {
                        Optional<Song> ended = read.succeeded() ? read.result() : Optional.empty();
                        if (isGone()) {
                            forget();
                        } else if (ended.isPresent() || isOver) {
                            forget();
                            call.response().putHeader("Preference-Applied", "wait=" + wish.toSeconds());
                            ended.ifPresentOrElse(this::answerWith, () -> answer(call, accepted));
                        }
                    });
        }

        private void answerWith(Song ended) {
            call.response()
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Content-Location", Songs.path(song))
                    .end(Json.write(Songs.document(ended)));
        }
    }
}
