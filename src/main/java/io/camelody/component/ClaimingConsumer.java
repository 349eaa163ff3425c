package io.camelody.component;

import io.camelody.ledger.Claim;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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

    protected final SongRuntime runtime;
    protected final WorkListener listener;
    protected final Recorder recorder;
    protected final Leases leases;
    private final SongState state;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Rounds rounds;
    private boolean isListening;
    private boolean waitsForLedger;
    private Crew crew;

    ClaimingConsumer(SongEndpoint endpoint, Processor processor, SongState state) {
        super(endpoint, processor);
        this.runtime = endpoint.runtime();
        this.listener = endpoint.getComponent().listener();
        this.state = state;
        this.leases = new Leases(runtime);
        this.recorder = new Recorder(runtime, state, this::isStopped);
        this.rounds = new Rounds(runtime.clock(), this::round);
        for (VendorSettings vendor : runtime.vendors().all()) {
            lanes.put(vendor.name(), new Lane(vendor, endpoint.getConcurrency()));
        }
    }

    /**
     * A round begins.
     *
     * @param began what the time that passed since the last one was reckoned by: who stands still in the midst of this round hears of
     *     it in the next one
     */
    void begin(Instant began) {
        // most have nothing to do but to claim
    }

    /**
     * Looks when songs are due at these vendors, in one transaction: most rounds find nothing, and to begin and end one is most of
     * what a look costs. It waits for nobody, while a claim waits for those who write.
     *
     * @return those that have songs
     */
    Map<String, Instant> look(List<Lane> vendors) {
        return runtime.ledger()
                .claims()
                .nextDue(state, vendors.stream().map(Lane::name).toList(), runtime.scope());
    }

    /**
     * Claims what is due for one vendor and has it worked on.
     *
     * @param due when the next song is or was, as the round has found it
     * @return when to look again at the latest
     */
    abstract Instant work(Lane lane, Instant due);

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String name = "camelody-" + state.word();
        crew = new Crew(getEndpoint().getCamelContext().getExecutorServiceManager(), this, name);
        rounds.start(crew.lookout());
        setHealthCheck(new SongHealthCheck(name, true, this::stuck));
        if (!isListening) {
            isListening = true;
            runtime.ledger().onDue(state, this::hearOfWork);
        }
        long renewal = leases.interval().toMillis();
        crew.lookout().scheduleWithFixedDelay(leases::renew, renewal, renewal, TimeUnit.MILLISECONDS);
    }

    /** Somebody has brought a song into the state, or made one due. */
    void hearOfWork() {
        wake();
    }

    /** Has a round made soon; many calls before it begins make one round. */
    final void wake() {
        rounds.wake();
    }

    private Optional<String> stuck() {
        return rounds.stuck()
                .filter(since -> isStarted())
                .map(since -> "No songs have been looked for in %d s. (state: %s)".formatted(since.toSeconds(), state));
    }

    /**
     * @param since the last one
     * @return when to look again at the latest
     */
    private Instant round(Instant began, Duration since) {
        boolean hasStoodStill = since.compareTo(leases.interval()) > 0;
        if (hasStoodStill) {
            claimsMayBeOver();
        }
        try {
            // before anybody takes them for a dead node's
            if (waitsForLedger || hasStoodStill) {
                leases.renewNow();
            }
            Instant next = workOnAll(began);
            waitsForLedger = false;
            return next;
        } catch (LedgerException e) {
            ledgerFailed(e);
        } catch (RuntimeException e) {
            LOG.error("No songs were claimed; will be tried again. (state: {})", state, e);
        }
        return Instant.MAX;
    }

    private Instant workOnAll(Instant began) {
        if (takesWork()) {
            begin(began);
        }
        // a lane that has no room has a round made when it has
        List<Lane> vendors =
                lanes.values().stream().filter(lane -> lane.room() > 0).toList();
        Map<String, Instant> due = vendors.isEmpty() || !takesWork() ? Map.of() : look(vendors);
        Instant next = Instant.MAX;
        for (Lane lane : lanes.values()) {
            if (!takesWork()) {
                return Instant.MAX;
            }
            try {
                Instant again = work(lane, due.getOrDefault(lane.name(), Instant.MAX));
                next = again.isBefore(next) ? again : next;
            } catch (LedgerException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.error(
                        "No songs were claimed; will be tried again. (state: {}, vendor: {})",
                        state,
                        lane.vendor().name(),
                        e);
            }
        }
        return next;
    }

    private void ledgerFailed(LedgerException e) {
        if (!waitsForLedger) {
            LOG.error("No songs are claimed until the ledger can be written: {} (state: {})", e.getMessage(), state);
        }
        waitsForLedger = true;
        claimsMayBeOver();
    }

    /** The ledger or this process was away, so claims may have run out under which somebody still works. */
    void claimsMayBeOver() {
        // whoever has them renews them
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
            crew.workers().execute(() -> {
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
        if (lane.isHalfFree()) {
            wake();
        } else {
            // a claim costs the ledger nearly the same for one song as for several
            rounds.wakeSoon();
        }
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
                recorder.hear(outcome, getExceptionHandler());
            } finally {
                releaseExchange(exchange, false);
            }
        });
    }

    /** Ends with the round that may be under way; the next one sees it, and what has begun goes on. */
    @Override
    protected void doSuspend() throws ExecutionException {
        rounds.await();
    }

    @Override
    protected void doResume() {
        wake();
    }

    @Override
    protected void doStop() throws Exception {
        // a route that was loaded and never started is stopped too
        if (crew != null) {
            crew.stop();
        }
        super.doStop();
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
