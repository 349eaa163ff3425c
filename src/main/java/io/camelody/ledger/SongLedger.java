package io.camelody.ledger;

import io.camelody.request.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable record of every song, one row each, from acceptance to delivery.
 *
 * <p>A worker claims a song for a limited time before it works on it; one that dies lets its claim run out. Every change
 * names the claim it is made under, so a worker that was slow or cut off cannot overwrite the work of the one that took
 * over. One process at a time works on a ledger file; others may look and steer beside it.
 *
 * <p>Thread-safe. Each method is one transaction: durable when it returns, and without effect when it throws.
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

    private static final String INSERT =
            """
            INSERT INTO song (id, state, vendor, lyrics_vendor, step, step_vendor, due_at, accepted_at, sandbox, batch, source, notes, movable, request)
            VALUES (?, 'accepted', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """;

    private static final String STANDING = "SELECT state, batch, sandbox, request FROM song WHERE id = ?";

    /** What was tried in the sandbox does not keep a request from being made. */
    private static final String FORGET_TASKS =
            "DELETE FROM task WHERE song_id IN (SELECT id FROM song WHERE id = ? AND sandbox = 1)";

    private static final String FORGET_SONG = "DELETE FROM song WHERE id = ? AND sandbox = 1";

    private static final String JOIN_BATCH = "UPDATE song SET batch = ? WHERE id = ? AND sandbox = ?";

    /** An open intent without a claim in force is a paid call that nobody hears: see {@link #doubtAbandoned}. */
    private static final String FREE =
            "state = ? AND step_vendor = ? AND sandbox = ? AND {batch} AND intended_at IS NULL"
                    + " AND (claimed_until IS NULL OR claimed_until < ?)";

    private static final String CLAIM =
            "UPDATE song SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM song WHERE " + FREE
                    + " AND due_at <= ? ORDER BY due_at LIMIT ?) RETURNING *";

    /** Songs whose next status call is near, to fill a call that is made anyway. */
    private static final String CLAIM_SOON =
            "UPDATE song SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM song WHERE " + FREE
                    + " AND due_at <= ? AND polled_at IS NOT NULL ORDER BY due_at LIMIT ?) RETURNING *";

    private static final String CLAIM_MOVABLE =
            "UPDATE song SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM song WHERE " + FREE
                    + " AND due_at <= ? AND movable = 1 ORDER BY due_at LIMIT ?) RETURNING *";

    private static final String CLAIM_OVER =
            "UPDATE song SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM song WHERE " + FREE
                    + " AND timeout_at <= ? LIMIT ?) RETURNING *";

    private static final String NEXT_DUE = "SELECT MIN(due_at) FROM song WHERE " + FREE;

    private static final String COUNT_DUE =
            "SELECT COUNT(*) FROM (SELECT 1 FROM song WHERE " + FREE + " AND due_at <= ? LIMIT ?)";

    /** A task whose time is over is not counted: nobody may be asking about it, and it would be in the way for ever. */
    private static final String COUNT_SUBMITTED =
            "SELECT COUNT(*) FROM song WHERE state = 'submitted' AND step_vendor = ? AND sandbox = ? AND timeout_at > ?";

    private static final String ABANDONED =
            "SELECT id FROM song WHERE intended_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until < ?)";

    private static final String DOUBT_ABANDONED =
            """
            UPDATE song
            SET state = 'in-doubt', intended_at = NULL, claimed_by = NULL, claimed_until = NULL,
                message = 'Nobody heard the answer of the paid call: the process ended, or the vendor took too long.'
            WHERE id = ?
            """;

    private static final String DOUBT_TASK =
            "UPDATE task SET outcome = 'unknown' WHERE song_id = ? AND outcome = 'intended'";

    private static final String IN_DOUBT =
            """
            SELECT id FROM song
            WHERE state = 'in-doubt' AND step_vendor = ? AND sandbox = ? AND (? IS NULL OR batch = ?)
            """;

    private static final String UNANNOUNCED =
            """
            SELECT * FROM song
            WHERE finished_at IS NOT NULL AND announced_at IS NULL AND sandbox = ?
            ORDER BY finished_at LIMIT ?
            """;

    /** Not a song that was retried while its end was told: its next end is told too. */
    private static final String ANNOUNCE = "UPDATE song SET announced_at = ? WHERE id = ? AND finished_at = ?";

    private static final String END_CLAIMS = "UPDATE song SET claimed_until = 0 WHERE claimed_until IS NOT NULL";

    /** A task that nobody asked about while no process was there, or by a clock that was set, may have ended well. */
    private static final String GIVE_TIME =
            "UPDATE song SET timeout_at = ? WHERE state = 'submitted' AND timeout_at < ?";

    /** What every song gets of a process that takes over, however late that comes: some status calls, that may fail. */
    private static final Duration TO_BE_ASKED_ABOUT = Duration.ofMinutes(2);

    private static final String LET_RUN_OUT = "UPDATE song SET claimed_until = 0 WHERE claimed_by = ?";

    private static final String HAND_BACK =
            "UPDATE song SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ? AND intended_at IS NULL";

    private static final String GENERATION = "SELECT generation FROM source WHERE path = ?";

    private static final String NEXT_GENERATION =
            """
            INSERT INTO source (path, generation) VALUES (?, 1)
            ON CONFLICT (path) DO UPDATE SET generation = source.generation + 1
            """;

    private final Database database;
    private final Clock clock;
    private final Optional<WorkLock> lock;
    private final String worker = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private final Map<SongState, List<Runnable>> wakes = new ConcurrentHashMap<>();
    private volatile Budget budget = Budget.NONE;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Consumer<String>> endings = new CopyOnWriteArrayList<>();

    private SongLedger(Database database, Clock clock, Optional<WorkLock> lock) {
        this.database = database;
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * Opens the ledger to work on it: alone, up to date, and with the claims of dead workers taken back. A paid call that
     * was under way when its worker died is in doubt from here on. Where there is no ledger a new one is begun.
     *
     * @throws LedgerBusyException if another process works on it
     * @throws LedgerException if it is damaged, which every page is read for, or cannot be written; it is left as it is
     */
    public static SongLedger openForWork(String url, Clock clock) {
        Path file = LedgerFile.of(url);
        WorkLock lock = WorkLock.take(file);
        try {
            if (LedgerFile.isThere(file)) {
                LedgerFile.demandWhole(file);
            } else {
                LedgerFile.create(file);
            }
            SongLedger ledger = open(url, clock, Optional.of(lock));
            ledger.takeOver();
            ledger.doubtAbandoned();
            return ledger;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void takeOver() {
        long atLeast = clock.instant().plus(TO_BE_ASKED_ABOUT).toEpochMilli();
        database.write(session -> {
            session.update(END_CLAIMS);
            return session.update(GIVE_TIME, atLeast, atLeast);
        });
    }

    /**
     * Opens the ledger to look and steer, also beside a process that works on it.
     *
     * @throws LedgerException if there is none
     */
    public static SongLedger openBeside(String url, Clock clock) {
        return findBeside(url, clock)
                .orElseThrow(
                        () -> new LedgerException("There is no ledger. (ledger: %s)".formatted(LedgerFile.of(url))));
    }

    /** The same; empty if there is none. */
    public static Optional<SongLedger> findBeside(String url, Clock clock) {
        return LedgerFile.isThere(LedgerFile.of(url))
                ? Optional.of(open(url, clock, Optional.empty()))
                : Optional.empty();
    }

    private static SongLedger open(String url, Clock clock, Optional<WorkLock> lock) {
        Database database = new Database(url);
        try {
            Migrations.update(database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return new SongLedger(database, clock, lock);
    }

    /**
     * Writes requests down, all in one transaction. An id that is there already is not accepted again: its receipt says
     * so, and the song joins the batch of the request, unless it was made of another one.
     */
    public List<Receipt> accept(List<NewSong> songs, boolean sandbox) {
        List<Receipt> receipts = database.write(session -> {
            List<Receipt> made = new ArrayList<>(songs.size());
            for (NewSong song : songs) {
                made.add(accept(session, song, sandbox));
            }
            return made;
        });
        wake(SongState.ACCEPTED);
        return receipts;
    }

    private Receipt accept(Session session, NewSong song, boolean sandbox) throws SQLException {
        long now = clock.millis();
        if (!sandbox) {
            session.update(FORGET_TASKS, song.id());
            session.update(FORGET_SONG, song.id());
        }
        Step first = song.lyricsVendor().isPresent() ? Step.LYRICS : Step.SONG;
        int inserted = session.update(
                INSERT,
                song.id(),
                song.vendor(),
                song.lyricsVendor(),
                first.word(),
                song.lyricsVendor().orElse(song.vendor()),
                now,
                now,
                sandbox,
                song.batch(),
                song.source(),
                Json.write(Json.MAPPER.valueToTree(song.notes())),
                song.isMovable(),
                Json.write(song.request()));
        if (inserted == 1) {
            return new Receipt(song.id(), SongState.ACCEPTED, true, false, sandbox, false);
        }
        Receipt standing = session.find(
                        row -> new Receipt(
                                song.id(),
                                SongState.of(row.getString(1)).orElseThrow(),
                                false,
                                song.batch().equals(Optional.ofNullable(row.getString(2))),
                                row.getBoolean(3),
                                differs(row.getString(4), Json.write(song.request()))),
                        STANDING,
                        song.id())
                .orElseThrow();
        if (song.batch().isPresent() && !standing.sameBatch() && !standing.differs()) {
            session.update(JOIN_BATCH, song.batch(), song.id(), sandbox);
        }
        return standing;
    }

    /** The order of fields is nobody's wish. */
    private static boolean differs(String standing, String request) {
        return !standing.equals(request) && !Json.parse(standing).equals(Json.parse(request));
    }

    /**
     * Claims up to {@code max} songs in {@code state} that are due at a vendor, oldest first.
     *
     * @param lease how long before another may take over: longer than the slowest call made under the claim
     * @return the claimed songs, empty if none is due
     */
    public List<ClaimedSong> claimDue(SongState state, String vendor, Scope scope, int max, Duration lease) {
        return database.write(session -> claim(session, CLAIM, state, vendor, scope, clock.instant(), max, lease));
    }

    /**
     * Claims songs for status calls of {@code batch} songs each: those that are due, and to fill the last call, those that
     * have been asked about before and are due by {@code soon}.
     */
    public List<ClaimedSong> claimForPoll(
            String vendor, Scope scope, int max, int batch, Instant soon, Duration lease) {
        return database.write(session -> {
            List<ClaimedSong> due =
                    claim(session, CLAIM, SongState.SUBMITTED, vendor, scope, clock.instant(), max, lease);
            int room = Math.floorMod(-due.size(), batch);
            if (due.isEmpty() || room == 0) {
                return due;
            }
            List<ClaimedSong> all = new ArrayList<>(due);
            all.addAll(claim(session, CLAIM_SOON, SongState.SUBMITTED, vendor, scope, soon, room, lease));
            return all;
        });
    }

    /** Claims accepted songs that are due at a vendor and that others may take over. */
    public List<ClaimedSong> claimMovable(String vendor, Scope scope, int max, Duration lease) {
        return database.write(session ->
                claim(session, CLAIM_MOVABLE, SongState.ACCEPTED, vendor, scope, clock.instant(), max, lease));
    }

    /** Claims submitted songs whose time is over, due or not. */
    public List<ClaimedSong> claimOver(String vendor, Scope scope, Duration lease) {
        return database.write(session ->
                claim(session, CLAIM_OVER, SongState.SUBMITTED, vendor, scope, clock.instant(), 1_000, lease));
    }

    private List<ClaimedSong> claim(
            Session session,
            String sql,
            SongState state,
            String vendor,
            Scope scope,
            Instant dueBy,
            int max,
            Duration lease)
            throws SQLException {
        long until = clock.millis() + lease.toMillis();
        return session.list(
                row -> {
                    Song song = Rows.song(session, row);
                    return new ClaimedSong(new Claim(song.id(), worker, until), song);
                },
                within(scope, sql),
                worker,
                until,
                state.word(),
                vendor,
                scope.sandbox(),
                scope.batch(),
                clock.millis(),
                dueBy.toEpochMilli(),
                max);
    }

    /** Two statements, so that a batch finds its songs by their index, and not behind all those of others that wait. */
    private static String within(Scope scope, String sql) {
        return sql.replace("{batch}", scope.batch().isPresent() ? "batch = ?" : "? IS NULL");
    }

    /** When the next song in a state is due at a vendor; empty if none waits. */
    public Optional<Instant> nextDue(SongState state, String vendor, Scope scope) {
        return database.read(session -> session.find(
                        row -> Optional.ofNullable((Number) row.getObject(1)),
                        within(scope, NEXT_DUE),
                        state.word(),
                        vendor,
                        scope.sandbox(),
                        scope.batch(),
                        clock.millis())
                .flatMap(due -> due)
                .map(due -> Instant.ofEpochMilli(due.longValue())));
    }

    /** How many songs in a state are due at a vendor now, counted up to {@code limit}. */
    public int countDue(SongState state, String vendor, Scope scope, int limit) {
        return database.read(session -> session.find(
                        row -> row.getInt(1),
                        within(scope, COUNT_DUE),
                        state.word(),
                        vendor,
                        scope.sandbox(),
                        scope.batch(),
                        clock.millis(),
                        clock.millis(),
                        limit)
                .orElseThrow());
    }

    /** How many songs a vendor has under way whose time is not over. */
    public int countSubmitted(String vendor, boolean sandbox) {
        return database.read(
                session -> session.find(row -> row.getInt(1), COUNT_SUBMITTED, vendor, sandbox, clock.millis())
                        .orElseThrow());
    }

    /** What songs are due and claimed by. */
    public Clock clock() {
        return clock;
    }

    /** From here on no paid call is intended that would go beyond the budget. */
    public void keepWithin(Budget limits) {
        budget = limits;
    }

    /**
     * @throws ClaimLostException with nothing changed, if the change's claim no longer holds
     * @throws BudgetReachedException with nothing changed, if an intended call would go beyond the budget
     */
    public void make(Change change) {
        database.write(session -> {
            new Changes(session, clock.millis(), budget).make(change);
            return null;
        });
        tell(change);
    }

    /** Makes several changes in one transaction, leaving out those whose claim is lost, which it answers. */
    public List<Claim> makeAll(List<? extends Change> changes) {
        List<Claim> lost = database.write(session -> {
            List<Claim> without = new ArrayList<>();
            Changes table = new Changes(session, clock.millis(), budget);
            for (Change change : changes) {
                try {
                    table.make(change);
                } catch (ClaimLostException e) {
                    without.add(change.claim());
                }
            }
            return without;
        });
        changes.stream().filter(change -> !lost.contains(change.claim())).forEach(this::tell);
        return lost;
    }

    /** Puts in doubt every paid call whose worker let its claim run out. @return the songs */
    public List<String> doubtAbandoned() {
        // mostly there is none, and then nothing waits for the one who writes
        if (database.read(session -> session.list(row -> row.getString(1), ABANDONED, clock.millis()))
                .isEmpty()) {
            return List.of();
        }
        return database.write(session -> {
            List<String> ids = session.list(row -> row.getString(1), ABANDONED, clock.millis());
            for (String id : ids) {
                session.update(DOUBT_ABANDONED, id);
                session.update(DOUBT_TASK, id);
            }
            return ids;
        });
    }

    /** The songs whose paid call at a vendor nobody heard. */
    public List<String> inDoubt(String vendor, Scope scope) {
        return database.read(session ->
                session.list(row -> row.getString(1), IN_DOUBT, vendor, scope.sandbox(), scope.batch(), scope.batch()));
    }

    /** Songs that have ended and that nobody has been told of, oldest first. */
    public List<Song> unannounced(boolean sandbox, int max) {
        return database.read(session -> session.list(row -> Rows.song(session, row), UNANNOUNCED, sandbox, max));
    }

    /** Notes that everybody has been told of a song's end; not of one that it comes to later. */
    public void announced(Song ended) {
        database.write(session -> session.update(
                ANNOUNCE,
                clock.millis(),
                ended.id(),
                ended.finishedAt().map(Instant::toEpochMilli).orElse(null)));
    }

    /** How often a file has been asked for anew; 0 at first. */
    public int generation(String source) {
        return database.read(session ->
                session.find(row -> row.getInt(1), GENERATION, source).orElse(0));
    }

    /** From here on, each of these files makes new songs: all of them, or none. */
    public void nextGeneration(Collection<String> sources) {
        database.write(session -> {
            for (String source : sources) {
                session.update(NEXT_GENERATION, source);
            }
            return null;
        });
    }

    /** The version of its tables: how many migrations it has seen. */
    public int version() {
        return database.read(Migrations::version);
    }

    /** Looks at songs. */
    public SongCatalog catalog() {
        return new SongCatalog(database, clock);
    }

    /** The bill. */
    public Costs costs() {
        return new Costs(database);
    }

    /** Steers songs. */
    public Steering steering() {
        return new Steering(database, clock, this::wake);
    }

    /** Vendors that take no songs for now. */
    public VendorPauses pauses() {
        return new VendorPauses(database, clock);
    }

    /** Calls {@code wake} whenever a song may have become due in a state. It must not block. */
    public void onDue(SongState state, Runnable wake) {
        wakes.computeIfAbsent(state, any -> new CopyOnWriteArrayList<>()).add(wake);
    }

    /** Calls {@code ending} with the id of each song that ends in this process. It must not block. */
    public void onEnd(Consumer<String> ending) {
        endings.add(ending);
    }

    /** The change stands by now, whatever those who hear of it do. */
    private void tell(Change change) {
        if (change instanceof Change.LyricsWritten
                || change instanceof Change.MovedOn
                || change instanceof Change.AcceptedAgain
                // a task less is under way, which others may have waited for
                || change instanceof Change.Generated
                || change instanceof Change.Failed) {
            wake(SongState.ACCEPTED);
        }
        if (change instanceof Change.Submitted) {
            wake(SongState.SUBMITTED);
        } else if (change instanceof Change.Generated || change instanceof Change.DeliverLater) {
            wake(SongState.GENERATED);
        } else if (change instanceof Change.Delivered || change instanceof Change.Failed) {
            for (Consumer<String> ending : endings) {
                try {
                    ending.accept(change.claim().songId());
                } catch (RuntimeException e) {
                    LOG.warn(
                            "Somebody who waits for songs failed. (song: {})",
                            change.claim().songId(),
                            e);
                }
            }
        }
    }

    private void wake(SongState state) {
        wakes.getOrDefault(state, List.of()).forEach(Runnable::run);
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
        try (WorkLock held = lock.orElse(null);
                database) {
            if (held != null) {
                handBack();
            }
        } catch (LedgerException e) {
            LOG.warn("The next start clears up as after a crash: {}", e.getMessage());
        }
    }

    private void handBack() {
        database.write(session -> {
            session.update(HAND_BACK, worker);
            return session.update(LET_RUN_OUT, worker);
        });
        doubtAbandoned();
    }
}
