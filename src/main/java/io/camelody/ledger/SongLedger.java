package io.camelody.ledger;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable record of every song, one row each, from acceptance to delivery.
 *
 * <p>A worker claims a song for a limited time before it works on it; one that dies lets its claim run out. Every change
 * names the claim it is made under, so a worker that was slow or cut off cannot overwrite the work of the one that took
 * over. One process at a time works on a ledger file, and others may look and steer beside it; any number work on one in
 * PostgreSQL.
 *
 * <p>Thread-safe. Each method is one transaction: durable when it returns, and without effect when it throws, but for an
 * {@link UnknownOutcomeException}.
 */
public final class SongLedger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SongLedger.class);

    /**
     * Which songs a worker takes.
     *
     * @param sandbox songs of the sandbox, or real ones; never both, since their tasks are at different vendors
     * @param batch the songs of this batch alone; empty for all
     */
    public record Scope(boolean sandbox, Optional<String> batch) {}

    private static final String BEAT =
            "INSERT INTO pulse (number, beat_at) VALUES (1, ?) ON CONFLICT (number) DO UPDATE SET beat_at = excluded.beat_at";

    private final Database database;
    private final Clock clock;
    private final Optional<WorkLock> lock;
    private final boolean works;
    private final Acceptance acceptance;
    private final Claims claims;
    private final ChangeWriter changes;
    private final Doubts doubts;
    private final Handover handover;
    private final Listeners listeners = new Listeners();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Optional<Wakes> wakes = Optional.empty();

    SongLedger(Database database, Clock clock, Optional<WorkLock> lock, boolean works) {
        this.database = database;
        this.clock = clock;
        this.lock = lock;
        this.works = works;
        this.acceptance = new Acceptance(database, clock);
        this.claims = new Claims(database, clock);
        this.changes = new ChangeWriter(database, clock, listeners);
        this.doubts = new Doubts(database, clock);
        this.handover = new Handover(database, clock, doubts);
    }

    /**
     * Opens the ledger to work on it: up to date, in a file alone, and with the claims of dead workers taken back; in
     * PostgreSQL, once they have run out. A paid call that was under way when its worker died is in doubt from there on; in
     * PostgreSQL half a minute later, see {@link Doubts#letAllRenew}. Where there is no ledger a new one is begun.
     *
     * @throws LedgerBusyException if another process works on it
     * @throws LedgerException if it is damaged, which every page is read for, or cannot be written; it is left as it is
     */
    public static SongLedger openForWork(LedgerSource source, Clock clock) {
        return LedgerOpening.forWork(source, clock);
    }

    /** The same, by the time that all who work on it have. */
    public static SongLedger openForWork(LedgerSource source) {
        return openForWork(source, source.clock());
    }

    /** The same, for one in a file of its own. */
    public static SongLedger openForWork(String url, Clock clock) {
        return openForWork(LedgerSource.of(url), clock);
    }

    /**
     * Opens the ledger to look and steer, also beside a process that works on it.
     *
     * @throws LedgerException if there is none
     */
    public static SongLedger openBeside(String url, Clock clock) {
        LedgerSource source = LedgerSource.of(url);
        return findBeside(source, clock)
                .orElseThrow(() -> new LedgerException("There is no ledger. (ledger: %s)".formatted(source.place())));
    }

    /** The same; empty if there is none. */
    public static Optional<SongLedger> findBeside(LedgerSource source, Clock clock) {
        return LedgerOpening.beside(source, clock);
    }

    /** The same, by the time that all who work on it have. */
    public static Optional<SongLedger> findBeside(LedgerSource source) {
        return findBeside(source, source.clock());
    }

    /** Takes over from those before it, and hears from here on of what others do. */
    void beginWork(LedgerSource source) {
        handover.takeOver();
        wakes = source.hearOthers(listeners);
    }

    /**
     * Writes requests down, all in one transaction. An id that is there already is not accepted again: its receipt says
     * so, and the song joins the batch of the request, unless it was made of another one.
     */
    public List<Receipt> accept(List<NewSong> songs, boolean sandbox) {
        List<Receipt> receipts = acceptance.accept(songs, sandbox);
        listeners.steered(SongState.ACCEPTED);
        return receipts;
    }

    /** Where it has gone, without any secret: nothing is written to it any more then, and what is read is as it was. */
    public Optional<String> movedTo() {
        return database.dialect().isShared() ? Optional.empty() : database.read(Moved::to);
    }

    /** @throws LedgerException if it has gone elsewhere */
    public void demandHere() {
        Moved.demandHere(movedTo(), database.place());
    }

    /** What songs are due and claimed by. */
    public Clock clock() {
        return clock;
    }

    /** From here on no paid call is intended that would go beyond the budget. */
    public void keepWithin(Budget limits) {
        changes.keepWithin(limits);
    }

    /**
     * @throws ClaimLostException with nothing changed, if the change's claim no longer holds
     * @throws BudgetReachedException with nothing changed, if an intended call would go beyond the budget
     */
    public void make(Change change) {
        changes.make(change);
    }

    /**
     * The same, of what became of a paid call: what its answer says of the vendor all nodes go by from then on, also where the
     * change's claim no longer holds, of which nothing is made then.
     */
    public PaidAnswer.Noted make(Change change, PaidAnswer answer) {
        return changes.make(change, answer);
    }

    /** Makes several changes in one transaction, leaving out those whose claim is lost, which it answers. */
    public List<Claim> makeAll(List<? extends Change> all) {
        return changes.makeAll(all);
    }

    /**
     * Writes, durably, what nobody reads.
     *
     * @throws LedgerException if nothing can be written now
     */
    public void beat() {
        database.write(session -> session.update(BEAT, clock.millis()));
    }

    /** The version of its tables: how many migrations it has seen. */
    public int version() {
        return database.read(Migrations::version);
    }

    /** What is due, for those who work on it. */
    public Claims claims() {
        return claims;
    }

    /** What is asked about meanwhile. */
    public InFlight inFlight() {
        return new InFlight(database, clock);
    }

    /** Paid calls that nobody heard of again. */
    public Doubts doubts() {
        return doubts;
    }

    /** What files have been asked for anew. */
    public Generations generations() {
        return new Generations(database);
    }

    /** Ends of songs that nobody has been told yet. */
    public Announcements announcements() {
        return new Announcements(database, clock);
    }

    /** Files that were dropped into an inbox. */
    public Drops drops() {
        return new Drops(database, clock);
    }

    /** What receivers of webhooks are to be told. */
    public Notices notices() {
        return new Notices(database, clock);
    }

    /** Looks at songs. */
    public SongCatalog catalog() {
        return new SongCatalog(database, clock);
    }

    /** What vendors call back about. */
    public Callbacks callbacks() {
        return new Callbacks(database, clock, listeners::wake);
    }

    /** What happened to songs, for those who follow them. */
    public Happenings happenings() {
        return new Happenings(database, listeners::onHappening);
    }

    /** Looks for songs. */
    public SongSearch search() {
        return new SongSearch(database);
    }

    /** The bill. */
    public Costs costs() {
        return new Costs(database);
    }

    /** Steers songs. */
    public Steering steering() {
        return new Steering(database, clock, listeners::steered);
    }

    /** Vendors that take no songs for now. */
    public VendorPauses pauses() {
        return new VendorPauses(database, clock);
    }

    /** Calls {@code wake} whenever a song may have become due in a state. It must not block. */
    public void onDue(SongState state, Runnable wake) {
        listeners.onDue(state, wake);
    }

    /** Calls {@code ending} with the id of each song that ends in this process. It must not block. */
    public void onEnd(Consumer<String> ending) {
        listeners.onEnd(ending);
    }

    /** Tells nobody any more of those whom it told so far: they have been stopped, and others take their place. */
    public void forgetListeners() {
        listeners.forget();
        database.onWrite((took, written) -> {});
    }

    /** Tells of each write from here on, instead of whom it told before. */
    public void onWrite(WriteListener listener) {
        database.onWrite(listener);
    }

    /**
     * Hands this worker's claims back. A paid call that is still under way is in doubt: nobody will hear its answer. Closed
     * again, it does nothing.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        wakes.ifPresent(Wakes::close);
        try (database) {
            if (works) {
                handover.handBack();
            }
        } catch (LedgerException e) {
            LOG.warn("The next start clears up as after a crash: {}", e.getMessage());
        } finally {
            lock.ifPresent(WorkLock::close);
        }
    }
}
