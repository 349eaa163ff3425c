package io.camelody.http;

import io.camelody.ledger.Happening;
import io.camelody.ledger.Happenings;
import io.camelody.request.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /events}: each change of a song's state as a server-sent event, from now on, or from where {@code Last-Event-ID}
 * says. A subscriber misses none and hears none twice, over breaks of its connection and of this process too.
 *
 * <p>The ledger is the queue: a subscriber is a connection and the number of the last event that it was sent, no thread and no
 * list. One that does not read is sent nothing more, until the server cuts it for its silence; it comes back where it was.
 * Those who are at the same event share one look into the ledger, ten times a second at most while songs move, and once a
 * second for what other processes did.
 */
public final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Sent at a time to a subscriber who is behind: with what its connection holds, all the memory that it takes. */
    private static final int PAGE = 200;

    private static final int MOST_UNREAD_BYTES = 64 << 10;

    private static final long ROUND_MS = 100;

    private static final long NET_MS = 1_000;

    private final Happenings happenings;
    private final int most;
    private final Duration heartbeat;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private Context rounds;
    private boolean roundIsDue;

    /**
     * @param most subscribers at a time
     * @param heartbeat how long there may be nothing to tell before a sign of life: less than the server's silence
     */
    public EventStream(Happenings happenings, int most, Duration heartbeat) {
        this.happenings = happenings;
        this.most = most;
        this.heartbeat = heartbeat;
    }

    public void install(Router router) {
        router.get("/events").handler(this::subscribe);
    }

    /** How many follow now. */
    int subscribers() {
        return subscribers.size();
    }

    private void subscribe(RoutingContext call) {
        begin(call.vertx());
        Optional<Long> asked;
        try {
            asked = Optional.ofNullable(call.request().getHeader("Last-Event-ID"))
                    .filter(id -> !id.isBlank())
                    .map(EventStream::number);
        } catch (NumberFormatException e) {
            HttpProblem.of(400, "invalid-request", "Expected Last-Event-ID to be the id of an event.")
                    .answer(call);
            return;
        }
        call.vertx()
                .executeBlocking(happenings::last, false)
                .onFailure(call::fail)
                .onSuccess(last -> rounds.runOnContext(now -> admit(call, Math.min(asked.orElse(last), last))));
    }

    private static long number(String id) {
        long number = Long.parseLong(id.strip());
        if (number < 0) {
            throw new NumberFormatException();
        }
        return number;
    }

    private synchronized void begin(Vertx vertx) {
        if (rounds == null) {
            rounds = vertx.getOrCreateContext();
            vertx.setPeriodic(NET_MS, net -> rounds.runOnContext(now -> round()));
            happenings.onHappening(this::wake);
        }
    }

    private void admit(RoutingContext call, long seen) {
        HttpServerResponse response = call.response();
        if (response.closed()) {
            return;
        }
        if (subscribers.size() >= most) {
            HttpProblem.retryLater("too-many-subscribers", "There are %d subscribers already.".formatted(most))
                    .answer(call);
            return;
        }
        response.putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true)
                .setWriteQueueMaxSize(MOST_UNREAD_BYTES);
        Subscriber subscriber = new Subscriber(response, seen);
        subscribers.add(subscriber);
        call.addEndHandler(ended -> subscribers.remove(subscriber));
        subscriber.write(Buffer.buffer("retry: 2000\n\n"));
        round();
    }

    /** In any thread, after any commit. */
    private void wake() {
        if (!subscribers.isEmpty()) {
            rounds.runOnContext(now -> {
                if (!roundIsDue) {
                    roundIsDue = true;
                    rounds.owner().setTimer(ROUND_MS, due -> rounds.runOnContext(then -> round()));
                }
            });
        }
    }

    private void round() {
        roundIsDue = false;
        Map<Long, List<Subscriber>> bySeen = subscribers.stream()
                .filter(Subscriber::isReady)
                .collect(Collectors.groupingBy(subscriber -> subscriber.seen));
        bySeen.forEach(this::tell);
    }

    private void tell(long seen, List<Subscriber> same) {
        same.forEach(subscriber -> subscriber.isBeingTold = true);
        Future<List<Happening>> page = rounds.owner().executeBlocking(() -> happenings.after(seen, PAGE), false);
        page.onComplete(read -> rounds.runOnContext(now -> {
            same.forEach(subscriber -> subscriber.isBeingTold = false);
            if (read.failed()) {
                LOG.debug("What happened could not be read, and is told later.", read.cause());
            } else if (!read.result().isEmpty()) {
                Buffer events = events(read.result());
                long last = read.result().get(read.result().size() - 1).number();
                same.forEach(subscriber -> subscriber.tell(events, last));
                if (read.result().size() == PAGE) {
                    round();
                }
            }
        }));
    }

    private static Buffer events(List<Happening> happenings) {
        Buffer events = Buffer.buffer();
        for (Happening each : happenings) {
            events.appendString(
                    "id: %d\nevent: song\ndata: %s\n\n".formatted(each.number(), Json.write(each.document())));
        }
        return events;
    }

    /** Used in the context of the rounds alone. */
    private final class Subscriber {

        private final HttpServerResponse response;
        private long seen;
        private boolean isBeingTold;
        private long writtenAt;

        Subscriber(HttpServerResponse response, long seen) {
            this.response = response;
            this.seen = seen;
        }

        /** Lets one hear from us that has not for a while. One that does not read is the server's to cut, by its silence. */
        boolean isReady() {
            if (response.writeQueueFull()) {
                return false;
            }
            if (System.nanoTime() - writtenAt > heartbeat.toNanos()) {
                write(Buffer.buffer(":\n\n"));
            }
            return !isBeingTold;
        }

        void tell(Buffer events, long last) {
            seen = last;
            write(events);
        }

        void write(Buffer bytes) {
            writtenAt = System.nanoTime();
            response.write(bytes).onFailure(gone -> {
                // its end handler never runs where it went before it had one
                subscribers.remove(this);
                LOG.debug("A subscriber has gone: {}", gone.getMessage());
            });
        }
    }
}
