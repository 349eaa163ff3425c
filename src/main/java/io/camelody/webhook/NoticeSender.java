package io.camelody.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Notices;
import io.camelody.ledger.Notices.Notice;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.request.SongRequest;
import io.camelody.sink.SinkLaterException;
import io.camelody.sink.SinkRefusedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the ledger's notices through the route of the webhook sink, those of a receiver about in their order. A receiver has
 * two calls at a time at most, so a slow one holds no other up. What has not ended when this stops is sent after the next start.
 */
public final class NoticeSender extends ServiceSupport {

    private static final String ROUTE = "direct:camelody-webhook-sink";

    private static final int AT_ONCE = 8;
    private static final int OF_ONE_RECEIVER = 2;

    /** For what other processes did, and what is due again. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** How many times as long as a round took the next one waits: of many thousand receivers each takes its time. */
    private static final long RESTS = 4;

    /** For what fails before it comes to its receiver. */
    private static final Duration BROKEN_ROUTE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(NoticeSender.class);

    private final CamelContext context;
    private final SongLedger ledger;
    private final SongLedger.Scope scope;

    /** Of the rounds alone. What ends while one reads the ledger stays in it until the next, or it would be sent once more. */
    private final Set<Long> underWay = new HashSet<>();

    private final Queue<Long> ended = new ConcurrentLinkedQueue<>();
    private ProducerTemplate template;
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private volatile long rest;
    private ScheduledExecutorService rounds;
    private ExecutorService senders;

    /** @param scope whose notices are sent */
    public NoticeSender(CamelContext context, SongLedger ledger, SongLedger.Scope scope) {
        this.context = context;
        this.ledger = ledger;
        this.scope = scope;
    }

    @Override
    protected void doStart() {
        template = context.createProducerTemplate();
        var threads = context.getExecutorServiceManager();
        senders = threads.newFixedThreadPool(this, "camelody-notice", AT_ONCE);
        rounds = threads.newSingleThreadScheduledExecutor(this, "camelody-notices");
        rounds.scheduleWithFixedDelay(this::round, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        ledger.happenings().onHappening(this::wake);
    }

    /** Any number of calls before a round are one round. */
    private void wake() {
        if (isRunAllowed() && isAwake.compareAndSet(false, true)) {
            try {
                rounds.schedule(this::round, rest, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // stopped meanwhile
            }
        }
    }

    private void round() {
        isAwake.set(false);
        long start = System.nanoTime();
        for (Long number = ended.poll(); number != null; number = ended.poll()) {
            underWay.remove(number);
        }
        if (underWay.size() >= AT_ONCE) {
            // the end of one of them wakes the next round
            return;
        }
        try {
            for (Notice notice : ledger.notices().due(scope, OF_ONE_RECEIVER, AT_ONCE + underWay.size())) {
                if (underWay.add(notice.number())) {
                    senders.execute(() -> send(notice));
                }
            }
        } catch (RuntimeException e) {
            if (isRunAllowed()) {
                LOG.error("Nobody was told by webhook; will be tried again.", e);
            }
        } finally {
            rest = (System.nanoTime() - start) * RESTS;
        }
    }

    private void send(Notice notice) {
        try {
            Optional<Song> song = ledger.catalog().find(notice.songId()).filter(notice::isSo);
            if (song.isPresent()) {
                Exchange exchange = template.send(ROUTE, call -> prepare(call, notice, song.get()));
                record(notice, exchange);
            } else {
                ledger.notices().outdated(notice);
            }
        } catch (LedgerException e) {
            if (isRunAllowed()) {
                LOG.error("What became of a webhook was not recorded: {} (song: {})", e.getMessage(), notice.songId());
            }
        } finally {
            ended.add(notice.number());
            wake();
        }
    }

    private static void prepare(Exchange exchange, Notice notice, Song song) {
        ObjectNode document = SongDocument.of(song);
        if (song.clips().isEmpty()) {
            // those that stream
            song.stepTasks().forEach(task -> document.withArray("clips").addAll(task.clips()));
        }
        exchange.setVariable("songId", song.id());
        new SongRequest(song.request()).text("webhook").ifPresent(url -> exchange.setVariable("receiver", url));
        exchange.setVariable("event", notice.type());
        exchange.setVariable("eventAt", notice.happenedAt().toString());
        exchange.setVariable("sinkAttempt", notice.attempt() + 1);
        exchange.getMessage().setBody(document);
    }

    private void record(Notice notice, Exchange exchange) {
        Notices notices = ledger.notices();
        Exception failure = exchange.getException();
        SinkRefusedException refused = exchange.getException(SinkRefusedException.class);
        if (failure == null) {
            notices.sent(notice);
        } else if (!isRunAllowed()) {
            // the stop interrupts what is under way, which says nothing of the receiver
            LOG.info("A webhook is sent after the next start. (song: {}, event: {})", notice.songId(), notice.type());
        } else if (refused != null) {
            notices.gaveUp(notice, refused.getMessage());
            LOG.warn("{} (song: {}, event: {})", refused.getMessage(), notice.songId(), notice.type());
        } else {
            SinkLaterException later = exchange.getException(SinkLaterException.class);
            notices.later(
                    notice,
                    ledger.clock().instant().plus(later == null ? BROKEN_ROUTE : later.after()),
                    failure.getMessage());
        }
    }

    @Override
    protected void doStop() throws Exception {
        var threads = context.getExecutorServiceManager();
        threads.shutdownNow(rounds);
        threads.shutdownNow(senders);
        // so that what was taken is recorded before the ledger is closed
        threads.awaitTermination(senders, TimeUnit.SECONDS.toMillis(2));
        template.stop();
    }
}
