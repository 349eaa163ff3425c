package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.SongState;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims songs that are due in one state and sends an exchange for them, as many at once as each vendor's lane has room.
 *
 * <p>One thread makes the rounds: at once when the ledger says that there may be work, at the moment when the next song is
 * due, and every second for what was missed. Workers hold a thread only while an exchange is under way. When the route is
 * suspended or stopped no more is claimed; Camel waits for what is under way.
 */
abstract class ClaimingConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimingConsumer.class);

    private static final Duration NET = Duration.ofSeconds(1);

    private static final Duration LAST_ROUND = Duration.ofSeconds(2);

    /** A worker that hangs in a call does not end by being told to. */
    private static final Duration LAST_WORDS = Duration.ofMillis(300);

    protected final SongRuntime runtime;
    private final SongState state;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final AtomicBoolean roundIsDue = new AtomicBoolean();
    private ScheduledExecutorService rounds;
    private ExecutorService workers;

    ClaimingConsumer(SongEndpoint endpoint, Processor processor, SongState state) {
        super(endpoint, processor);
        this.runtime = endpoint.runtime();
        this.state = state;
        for (VendorSettings vendor : runtime.vendors().all()) {
            lanes.put(vendor.name(), new Lane(vendor, endpoint.getConcurrency()));
        }
    }

    /**
     * Claims what is due for one vendor and has it worked on.
     *
     * @return when to look again at the latest
     */
    abstract Instant work(Lane lane);

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String name = "song:" + state.word();
        var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
        rounds = threads.newSingleThreadScheduledExecutor(this, name + "-rounds");
        workers = threads.newCachedThreadPool(this, name + "-worker");
        runtime.ledger().onDue(state, this::wake);
        rounds.scheduleWithFixedDelay(this::wake, 0, NET.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Has a round made soon; many calls before it begins make one round. */
    final void wake() {
        if (roundIsDue.compareAndSet(false, true)) {
            schedule(this::round, 0);
        }
    }

    private void round() {
        roundIsDue.set(false);
        for (Lane lane : lanes.values()) {
            if (!takesWork()) {
                return;
            }
            try {
                Instant next = work(lane);
                Instant now = runtime.clock().instant();
                if (next.isBefore(now.plus(NET))) {
                    schedule(this::wake, Math.max(1, Duration.between(now, next).toMillis()));
                }
            } catch (RuntimeException e) {
                // the ledger may be full or locked for a while: the next round tries again
                LOG.error(
                        "No songs were claimed; will be tried again. (state: {}, vendor: {})",
                        state,
                        lane.vendor().name(),
                        e);
            }
        }
    }

    /** Whether the route is neither suspended nor stopping. */
    final boolean takesWork() {
        return isRunAllowed() && !isSuspendingOrSuspended();
    }

    private void schedule(Runnable what, long millis) {
        try {
            rounds.schedule(what, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping: no more rounds. (state: {})", state);
        }
    }

    /**
     * Runs work on claimed songs in a worker thread; the lane has a place less until {@link Lane#leave}. Once the route takes
     * no more work the claims are given back instead: a call that would be cut off at once is better not begun.
     */
    final void dispatch(Lane lane, List<ClaimedSong> songs, Runnable work) {
        lane.enter();
        try {
            workers.execute(() -> {
                if (takesWork()) {
                    work.run();
                } else {
                    giveBack(lane, songs);
                }
            });
        } catch (RejectedExecutionException e) {
            lane.leave();
            LOG.debug("Stopping: a claim is left to the next start. (state: {})", state);
        }
    }

    private void giveBack(Lane lane, List<ClaimedSong> songs) {
        try {
            runtime.ledger()
                    .makeAll(songs.stream()
                            .map(song -> new Change.Released(song.claim()))
                            .toList());
        } finally {
            lane.leave();
        }
    }

    /** Gives the lane its place back and looks for more work. */
    final void done(Lane lane) {
        lane.leave();
        wake();
    }

    final Exchange newExchange(String vendor) {
        Exchange exchange = createExchange(false);
        exchange.setVariable("vendor", vendor);
        return exchange;
    }

    /** Sends an exchange through the route, and has its outcome heard exactly once. */
    final void send(Exchange exchange, Runnable outcome) {
        getAsyncProcessor().process(exchange, doneSync -> {
            try {
                outcome.run();
            } catch (ClaimLostException e) {
                LOG.info("{}", e.getMessage());
            } catch (RuntimeException e) {
                getExceptionHandler().handleException("The outcome of an exchange could not be recorded", exchange, e);
            } finally {
                releaseExchange(exchange, false);
            }
        });
    }

    @Override
    protected void doSuspend() {
        // the next round sees it; what is under way goes on
    }

    @Override
    protected void doResume() {
        wake();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    /** What a stop waits for: also what has been claimed and is not an exchange yet, or not an outcome yet. */
    @Override
    public int getPendingExchangesSize() {
        return lanes.values().stream().mapToInt(Lane::taken).sum();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // no more is claimed from the suspension on
    }

    @Override
    protected void doStop() throws Exception {
        // a route that was loaded and never started is stopped too
        if (rounds != null) {
            var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
            threads.shutdownNow(rounds);
            threads.shutdownNow(workers);
            // who stops this closes the ledger next: what is in the middle of a transaction ends it before
            threads.awaitTermination(rounds, LAST_ROUND.toMillis());
            threads.awaitTermination(workers, LAST_WORDS.toMillis());
        }
        super.doStop();
    }
}
