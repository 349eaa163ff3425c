package io.camelody.component;

import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimLostException;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongState;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
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
 * suspended or stopped no more is claimed, and what has not begun is handed back; Camel waits for what is under way.
 */
abstract class ClaimingConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimingConsumer.class);

    private static final Duration NET = Duration.ofSeconds(1);

    /** A round that waits for a locked ledger takes half a minute. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    /** A stop is to take ten seconds in all, most of which Camel has waited by then. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    protected final SongRuntime runtime;
    protected final WorkListener listener;
    protected final Recorder recorder;
    protected final Leases leases;
    private final SongState state;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final AtomicBoolean roundIsDue = new AtomicBoolean();
    private volatile Instant turnedAt;

    /** Of the rounds' thread. */
    private Instant wakesAt = Instant.MAX;

    private boolean isListening;
    private boolean waitsForLedger;
    private ScheduledExecutorService rounds;
    private ExecutorService workers;

    ClaimingConsumer(SongEndpoint endpoint, Processor processor, SongState state) {
        super(endpoint, processor);
        this.runtime = endpoint.runtime();
        this.listener = endpoint.getComponent().listener();
        this.state = state;
        this.leases = new Leases(runtime);
        this.recorder = new Recorder(runtime, state, this::isStopped);
        for (VendorSettings vendor : runtime.vendors().all()) {
            lanes.put(vendor.name(), new Lane(vendor, endpoint.getConcurrency()));
        }
    }

    /**
     * Claims what is due for one vendor and has it worked on. It looks before it claims: most rounds find nothing for most
     * vendors, and looking waits for nobody, while a claim waits for those who write.
     *
     * @return when to look again at the latest
     */
    abstract Instant work(Lane lane);

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String name = "camelody-" + state.word();
        var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
        rounds = threads.newSingleThreadScheduledExecutor(this, name + "-rounds");
        workers = threads.newCachedThreadPool(this, name + "-worker");
        // a stop may have dropped the round that was due
        roundIsDue.set(false);
        wakesAt = Instant.MAX;
        turnedAt = runtime.clock().instant();
        setHealthCheck(new SongHealthCheck(name, true, this::stuck));
        if (!isListening) {
            isListening = true;
            runtime.ledger().onDue(state, this::hearOfWork);
        }
        rounds.scheduleWithFixedDelay(this::wake, 0, NET.toMillis(), TimeUnit.MILLISECONDS);
        long renewal = leases.interval().toMillis();
        rounds.scheduleWithFixedDelay(leases::renew, renewal, renewal, TimeUnit.MILLISECONDS);
    }

    /** Somebody has brought a song into the state, or made one due. */
    void hearOfWork() {
        wake();
    }

    /** Has a round made soon; many calls before it begins make one round. */
    final void wake() {
        if (roundIsDue.compareAndSet(false, true)) {
            schedule(this::round, 0);
        }
    }

    private Optional<String> stuck() {
        Duration since = Duration.between(turnedAt, runtime.clock().instant());
        return isStarted() && since.compareTo(STUCK_AFTER) > 0
                ? Optional.of("No songs have been looked for in %d s. (state: %s)".formatted(since.toSeconds(), state))
                : Optional.empty();
    }

    private void round() {
        boolean hasStoodStill = hasStoodStill(runtime.clock().instant());
        roundIsDue.set(false);
        if (hasStoodStill) {
            claimsMayBeOver();
        }
        try {
            // before anybody takes them for a dead node's
            if (waitsForLedger || hasStoodStill) {
                leases.renewNow();
            }
        } catch (LedgerException e) {
            ledgerFailed(e);
            return;
        }
        Instant next = Instant.MAX;
        for (Lane lane : lanes.values()) {
            if (!takesWork()) {
                return;
            }
            try {
                Instant again = work(lane);
                next = again.isBefore(next) ? again : next;
            } catch (LedgerException e) {
                ledgerFailed(e);
                return;
            } catch (RuntimeException e) {
                LOG.error(
                        "No songs were claimed; will be tried again. (state: {}, vendor: {})",
                        state,
                        lane.vendor().name(),
                        e);
            }
        }
        waitsForLedger = false;
        wakeAt(next);
    }

    private void ledgerFailed(LedgerException e) {
        if (!waitsForLedger) {
            LOG.error("No songs are claimed until the ledger can be written: {} (state: {})", e.getMessage(), state);
        }
        waitsForLedger = true;
        claimsMayBeOver();
    }

    /** This process was stopped, or its machine slept, for longer than claims go without being renewed. */
    private boolean hasStoodStill(Instant now) {
        boolean hasStoodStill = Duration.between(turnedAt, now).compareTo(leases.interval()) > 0;
        turnedAt = now;
        return hasStoodStill;
    }

    /** The ledger or this process was away, so claims may have run out under which somebody still works. */
    void claimsMayBeOver() {
        // whoever has them renews them
    }

    /** Not where an earlier one comes anyhow: Camel's executor refuses a thousandth task that waits, a round that is due too. */
    private void wakeAt(Instant next) {
        Instant now = runtime.clock().instant();
        if (next.isBefore(now.plus(NET)) && next.isBefore(wakesAt)) {
            wakesAt = next;
            // not a moment before it is due, or nothing is yet, and nobody comes again for it
            long millis = Math.max(0, Duration.between(now, next).toMillis()) + 1;
            schedule(() -> comeFor(next), millis);
        }
    }

    private void comeFor(Instant moment) {
        if (wakesAt.equals(moment)) {
            wakesAt = Instant.MAX;
        }
        wake();
    }

    private void schedule(Runnable what, long millis) {
        try {
            rounds.schedule(what, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            roundIsDue.set(false);
            LOG.debug("Stopping: no more rounds. (state: {})", state);
        }
    }

    private boolean takesWork() {
        return isRunAllowed() && !isSuspendingOrSuspended();
    }

    /**
     * Runs work in a worker thread; the lane has a place less, and the claims are kept, until {@link #done}. Once the route is to
     * stop, the claims are handed back instead.
     */
    final void dispatch(Lane lane, List<Claim> claims, Runnable work) {
        lane.enter();
        leases.hold(claims);
        try {
            workers.execute(() -> {
                if (takesWork()) {
                    work.run();
                } else {
                    giveUp(lane, claims);
                }
            });
        } catch (RejectedExecutionException e) {
            giveUp(lane, claims);
        }
    }

    private void giveUp(Lane lane, List<Claim> claims) {
        handBack(claims);
        leases.letGo(claims.stream().map(Claim::songId).toList());
        lane.leave();
    }

    /** Under which nothing has begun: the songs are due as they were. */
    void handBack(List<Claim> claims) {
        recorder.handBack(claims);
    }

    /** The work on these songs is over: gives the lane its place back and looks for more. */
    final void done(Lane lane, List<String> songIds) {
        leases.letGo(songIds);
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
                hear(outcome);
            } finally {
                releaseExchange(exchange, false);
            }
        });
    }

    /** Has an outcome recorded; what keeps it from that is told here, and stops nobody else. */
    final void hear(Runnable outcome) {
        try {
            outcome.run();
        } catch (ClaimLostException e) {
            // the song went on without this, as it does at a stop that waits no longer
            LOG.info("{}", e.getMessage());
        } catch (LedgerException e) {
            // after a stop the ledger is closed, and the next start finds what was under way
            if (!isStopped()) {
                LOG.error("What became of songs was not recorded: {} (state: {})", e.getMessage(), state);
            }
        } catch (RuntimeException e) {
            getExceptionHandler().handleException("An outcome could not be recorded", e);
        }
    }

    /** Ends with the round that may be under way; the next one sees it, and what has begun goes on. */
    @Override
    protected void doSuspend() throws ExecutionException {
        try {
            rounds.submit(() -> {}).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void doResume() {
        wake();
    }

    @Override
    protected void doStop() throws Exception {
        // a route that was loaded and never started is stopped too
        if (rounds != null) {
            var threads = getEndpoint().getCamelContext().getExecutorServiceManager();
            threads.shutdownNow(rounds);
            threads.shutdownNow(workers);
            awaitEnd();
        }
        super.doStop();
    }

    /** So that what was broken off is recorded before the ledger is closed. Camel interrupts a stop that is late itself. */
    private void awaitEnd() {
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        boolean interrupted = false;
        for (ExecutorService each : List.of(rounds, workers)) {
            boolean waits = true;
            while (waits) {
                try {
                    each.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    waits = false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    /** Camel waits for them, as far as it waits at all. */
    @Override
    public int getPendingExchangesSize() {
        return lanes.values().stream().mapToInt(Lane::taken).sum();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // the stop does it
    }
}
