package io.camelody.ledger;

import io.camelody.ledger.SongLedger.Scope;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** What is due, and one worker's claims on it. */
public final class Claims {

    /** An open intent without a claim in force is a paid call that nobody hears: see {@link Doubts#noteAbandoned}. */
    private static final String FREE =
            "state = ? AND step_vendor = ? AND sandbox = ? AND {batch} AND intended_at IS NULL"
                    + " AND (claimed_until IS NULL OR claimed_until < ?)";

    private static final String CLAIM = claiming(" AND due_at <= ? ORDER BY due_at LIMIT ?");

    /** Songs whose next status call is near, to fill a call that is made anyway. */
    private static final String CLAIM_SOON =
            claiming(" AND due_at <= ? AND polled_at IS NOT NULL ORDER BY due_at LIMIT ?");

    private static final String CLAIM_MOVABLE = claiming(" AND due_at <= ? AND movable = 1 ORDER BY due_at LIMIT ?");

    private static final String CLAIM_OVER = claiming(" AND timeout_at <= ? LIMIT ?");

    /** That of a paid call may last longer already. */
    private static final String RENEW =
            "UPDATE song SET claimed_until = CASE WHEN claimed_until < ? THEN ? ELSE claimed_until END{rows} WHERE id = ? AND claimed_by = ?";

    private static final String NEXT_DUE = "SELECT MIN(due_at) FROM song WHERE " + FREE;

    private static final String COUNT_DUE =
            "SELECT COUNT(*) FROM (SELECT 1 FROM song WHERE " + FREE + " AND due_at <= ? LIMIT ?) AS found";

    /** So that each claim has a name of its own, by which it is known also when it is renewed. */
    private static final AtomicLong CLAIMED = new AtomicLong();

    private final Database database;
    private final Clock clock;
    private final String worker;

    Claims(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.worker = database.node();
    }

    /**
     * Claims up to {@code max} songs in {@code state} that are due at a vendor, oldest first.
     *
     * @param lease how long before another may take over, if the claim is not renewed
     * @return the claimed songs, empty if none is due
     */
    public List<ClaimedSong> claimDue(SongState state, String vendor, Scope scope, int max, Duration lease) {
        return database.claim(
                List.of(), session -> claim(session, CLAIM, state, vendor, scope, clock.instant(), max, lease));
    }

    /**
     * What all nodes together keep to.
     *
     * @param running tasks and paid calls under way at most, {@code own} the calls of this node that are
     * @param aSecond paid calls at most
     */
    public record Together(String vendor, int running, int own, int aSecond) {}

    /** How many calls may leave now, and when to look again. */
    public record Room(int calls, Instant next) {}

    /** @param next when more may be claimed at the earliest, as far as others go */
    public record Claimed(List<ClaimedSong> songs, Instant next) {}

    /** How many accepted songs might be claimed now to submit them. It waits for nobody. */
    public Room roomToSubmit(Together limit, Scope scope) {
        return database.read(session -> gate(session, limit, scope).room(limit, worker));
    }

    /** Claims accepted songs that are due, to submit them: {@code max} at most, and as many as all nodes together may. */
    public Claimed claimToSubmit(Together limit, Scope scope, int max, Duration lease) {
        return database.claim(List.of(VendorGate.lock(limit.vendor())), session -> {
            VendorGate gate = gate(session, limit, scope);
            Room room = gate.room(limit, worker);
            int calls = Math.min(max, room.calls());
            if (calls <= 0) {
                return new Claimed(List.of(), room.next());
            }
            List<ClaimedSong> songs =
                    claim(session, CLAIM, SongState.ACCEPTED, limit.vendor(), scope, clock.instant(), calls, lease);
            return new Claimed(songs, gate.left(limit, songs));
        });
    }

    private VendorGate gate(Session session, Together limit, Scope scope) throws SQLException {
        return new VendorGate(session, limit.vendor(), scope.sandbox(), clock.millis());
    }

    /** Has nobody claim songs for status calls of a vendor for so long, which may want a longer rest already. */
    public void rest(String vendor, boolean sandbox, Duration length) {
        database.write(
                List.of(VendorGate.lock(vendor)),
                session -> VendorRest.begin(session, vendor, sandbox, length, clock.instant()));
    }

    /**
     * Claims songs for status calls of {@code batch} songs each: those that are due, and to fill the last call, those that
     * have been asked about before and are due by {@code soon}. None while the vendor is to rest.
     */
    public Claimed claimForPoll(String vendor, Scope scope, int max, int batch, Instant soon, Duration lease) {
        return database.claim(List.of(), session -> {
            Instant now = clock.instant();
            Instant rested = VendorRest.find(session, vendor, scope.sandbox()).end(now);
            if (rested.isAfter(now)) {
                return new Claimed(List.of(), rested);
            }
            List<ClaimedSong> due =
                    claim(session, CLAIM, SongState.SUBMITTED, vendor, scope, clock.instant(), max, lease);
            int room = Math.floorMod(-due.size(), batch);
            if (due.isEmpty() || room == 0) {
                return new Claimed(due, Instant.MIN);
            }
            List<ClaimedSong> all = new ArrayList<>(due);
            all.addAll(claim(session, CLAIM_SOON, SongState.SUBMITTED, vendor, scope, soon, room, lease));
            return new Claimed(all, Instant.MIN);
        });
    }

    /** Claims accepted songs that are due at a vendor and that others may take over. */
    public List<ClaimedSong> claimMovable(String vendor, Scope scope, int max, Duration lease) {
        return database.claim(
                List.of(),
                session ->
                        claim(session, CLAIM_MOVABLE, SongState.ACCEPTED, vendor, scope, clock.instant(), max, lease));
    }

    /** Claims submitted songs whose time is over, due or not. */
    public List<ClaimedSong> claimOver(String vendor, Scope scope, Duration lease) {
        return database.claim(
                List.of(),
                session ->
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
        String by = worker + ":" + CLAIMED.incrementAndGet();
        List<Song> songs = Rows.songs(
                session,
                within(scope, sql).replace("{free}", session.dialect().forUpdateOfFree),
                state.word(),
                vendor,
                scope.sandbox(),
                scope.batch(),
                clock.millis(),
                dueBy.toEpochMilli(),
                max,
                by,
                until);
        return songs.stream()
                .map(song -> new ClaimedSong(new Claim(song.id(), by, until), song))
                .toList();
    }

    /** What another node takes at this moment is left to it, and nobody waits; looked for once, so that no more is taken. */
    private static String claiming(String due) {
        return "WITH free AS MATERIALIZED (SELECT id FROM song WHERE " + FREE + due + "{free})"
                + " UPDATE song SET claimed_by = ?, claimed_until = ? WHERE id IN (SELECT id FROM free) RETURNING *";
    }

    /** Two statements, so that a batch finds its songs by their index, and not behind all those of others that wait. */
    private static String within(Scope scope, String sql) {
        return sql.replace("{batch}", scope.batch().isPresent() ? "batch = ?" : "CAST(? AS TEXT) IS NULL");
    }

    /** Makes claims last for another {@code lease} from now on. @return them so; those that are lost are missing */
    public List<Claim> renew(List<Claim> claims, Duration lease) {
        return database.write(session -> {
            long until = clock.millis() + lease.toMillis();
            int[] rows = session.updateEach(
                    RENEW,
                    claims.stream()
                            .map(claim -> new Object[] {until, until, claim.songId(), claim.by()})
                            .toList());
            return IntStream.range(0, rows.length)
                    .filter(i -> rows[i] > 0)
                    .mapToObj(claims::get)
                    .map(claim -> new Claim(claim.songId(), claim.by(), until))
                    .toList();
        });
    }

    /** When the next song in a state is due at each of these vendors; those are missing for which none waits. */
    public Map<String, Instant> nextDue(SongState state, Collection<String> vendors, Scope scope) {
        return database.read(session -> nextDue(session, state, vendors, scope));
    }

    /**
     * @param due when the next song is to be asked about at each vendor; those are missing of which none is
     * @param restsUntil when a vendor may be asked again, as it told any node, if it may not now
     */
    public record NextPolls(Map<String, Instant> due, Map<String, Instant> restsUntil) {}

    /** When the next songs are to be asked about at these vendors. */
    public NextPolls nextPolls(Collection<String> vendors, Scope scope) {
        return database.read(session -> new NextPolls(
                nextDue(session, SongState.SUBMITTED, vendors, scope),
                VendorRest.standing(session, scope.sandbox(), clock.instant())));
    }

    private Map<String, Instant> nextDue(Session session, SongState state, Collection<String> vendors, Scope scope)
            throws SQLException {
        Map<String, Instant> next = new HashMap<>();
        for (String vendor : vendors) {
            session.find(
                            row -> Optional.ofNullable((Number) row.getObject(1)),
                            within(scope, NEXT_DUE),
                            state.word(),
                            vendor,
                            scope.sandbox(),
                            scope.batch(),
                            clock.millis())
                    .flatMap(due -> due)
                    .ifPresent(due -> next.put(vendor, Instant.ofEpochMilli(due.longValue())));
        }
        return next;
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
        return database.read(session -> VendorGate.countSubmitted(session, vendor, sandbox, clock.millis()));
    }
}
