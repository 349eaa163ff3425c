package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at songs, also beside a process that works on them. Changes nothing. */
public final class SongCatalog {

    /**
     * How a batch stands.
     *
     * @param price what its tasks cost by the settings, in micro-dollars
     * @param unpriced tasks for which the settings had no price
     */
    public record Counts(Map<SongState, Integer> byState, Map<Reason, Integer> failedBy, long price, int unpriced) {

        public int of(SongState state) {
            return byState.getOrDefault(state, 0);
        }

        public int total() {
            return byState.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** Songs that will go on by themselves. */
        public int open() {
            return of(SongState.ACCEPTED) + of(SongState.SUBMITTED) + of(SongState.GENERATED);
        }
    }

    /**
     * Songs whose clips are here, of which a sink is to be called again.
     *
     * @param next the one that is due first
     */
    public record SinkWait(int songs, Song next) {}

    /** Where a page of a list ended: the next begins after it. */
    public record Cursor(Instant acceptedAt, String id) {
        public static final Cursor START = new Cursor(Instant.EPOCH, "");
    }

    private static final String STATE = "SELECT state FROM song WHERE id = ?";

    private static final String PAGE =
            """
            SELECT * FROM song
            WHERE (CAST(? AS TEXT) IS NULL OR state = ?) AND (CAST(? AS TEXT) IS NULL OR vendor = ?) AND (accepted_at, id) > (?, ?)
            ORDER BY accepted_at, id LIMIT ?
            """;

    /** By the songs in the state, which may be few among the many of the batch: the empty text keeps the batch's index out. */
    private static final String PAGE_OF_BATCH =
            """
            SELECT * FROM song
            WHERE batch || '' = ? AND state = ? AND (accepted_at, id) > (?, ?)
            ORDER BY accepted_at, id LIMIT ?
            """;

    private static final String COUNT = "SELECT state, COUNT(*) FROM song WHERE batch = ? GROUP BY state";

    private static final String COUNT_FAILED =
            "SELECT reason, COUNT(*) FROM song WHERE batch = ? AND state = 'failed' GROUP BY reason";

    /** A disk or a sink in trouble is tried again sooner; who waits longer has named its own wait, of hours or days. */
    private static final Duration WORTH_WAITING = Duration.ofMinutes(10);

    private static final String BEING_DELIVERED =
            """
            SELECT 1 FROM song
            WHERE batch = ? AND state = 'generated' AND step_vendor = ? AND (due_at <= ? OR sinks = '{}') LIMIT 1
            """;

    private static final String COUNT_SINK_WAITS =
            "SELECT COUNT(*) FROM song WHERE batch = ? AND state = 'generated' AND sinks <> '{}'";

    private static final String NEXT_SINK_WAIT =
            "SELECT * FROM song WHERE batch = ? AND state = 'generated' AND sinks <> '{}' ORDER BY due_at LIMIT 1";

    private static final String ANY = "SELECT 1 FROM song WHERE batch = ? AND state = ? AND step_vendor = ? LIMIT 1";

    /** A vendor may have been paused while other calls to it were on their way: their answers are waited for. */
    private static final String BEING_SUBMITTED =
            "SELECT 1 FROM song WHERE batch = ? AND state = 'accepted' AND claimed_until > ? LIMIT 1";

    private static final String COST =
            """
            SELECT COALESCE(SUM(price), 0), COUNT(*) FILTER (WHERE price = 0)
            FROM task WHERE outcome = 'made' AND song_id IN (SELECT id FROM song WHERE batch = ?)
            """;

    private static final String OPEN_BY_VENDOR =
            """
            SELECT step_vendor, COUNT(*) FROM song
            WHERE batch = ? AND state IN ('accepted', 'submitted', 'generated') GROUP BY step_vendor
            """;

    private static final String COUNT_BY_VENDOR =
            "SELECT state, step_vendor, COUNT(*) FROM song WHERE sandbox = ? GROUP BY state, step_vendor";

    private final Database database;
    private final Clock clock;

    SongCatalog(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    public Optional<Song> find(String id) {
        return database.read(session -> Rows.song(session, id));
    }

    /** The same for who needs no more of it: what a song is made of is much to read. */
    public Optional<SongState> findState(String id) {
        return database.read(
                session -> session.find(row -> SongState.of(row.getString(1)).orElseThrow(), STATE, id));
    }

    /** The next page of songs in the order of acceptance. */
    public List<Song> page(Optional<SongState> state, Optional<String> vendor, Cursor after, int max) {
        Optional<String> word = state.map(SongState::word);
        return database.read(session -> Rows.songs(
                session, PAGE, word, word, vendor, vendor, after.acceptedAt().toEpochMilli(), after.id(), max));
    }

    /** The next page of a batch's songs in one state. */
    public List<Song> pageOfBatch(String batch, SongState state, Cursor after, int max) {
        return database.read(session -> Rows.songs(
                session, PAGE_OF_BATCH, batch, state.word(), after.acceptedAt().toEpochMilli(), after.id(), max));
    }

    public Counts count(String batch) {
        return database.read(session -> {
            Map<SongState, Integer> byState = new EnumMap<>(SongState.class);
            Map<Reason, Integer> failedBy = new EnumMap<>(Reason.class);
            session.list(row -> byState.put(SongState.of(row.getString(1)).orElseThrow(), row.getInt(2)), COUNT, batch);
            session.list(row -> failedBy.put(Reason.of(row.getString(1)), row.getInt(2)), COUNT_FAILED, batch);
            return session.find(row -> new Counts(byState, failedBy, row.getLong(1), row.getInt(2)), COST, batch)
                    .orElseThrow();
        });
    }

    /**
     * Whether no song of a batch goes on by itself soon: all have ended or are in doubt, wait for vendors that are not in use
     * or take nothing, or have their clips here and wait for sinks alone, for more than ten minutes.
     *
     * @param paused the vendors that take nothing for now; tasks that they have are still asked about
     */
    public boolean isStill(String batch, Collection<String> inUse, Collection<String> paused) {
        return database.read(session -> {
            for (String vendor : inUse) {
                if (has(session, batch, SongState.SUBMITTED, vendor)
                        || !paused.contains(vendor) && has(session, batch, SongState.ACCEPTED, vendor)
                        || isBeingDelivered(session, batch, vendor)) {
                    return false;
                }
            }
            return session.find(row -> true, BEING_SUBMITTED, batch, clock.millis())
                    .isEmpty();
        });
    }

    private static boolean has(Session session, String batch, SongState state, String vendor) throws SQLException {
        return session.find(row -> true, ANY, batch, state.word(), vendor).isPresent();
    }

    private boolean isBeingDelivered(Session session, String batch, String vendor) throws SQLException {
        long soon = clock.instant().plus(WORTH_WAITING).toEpochMilli();
        return session.find(row -> true, BEING_DELIVERED, batch, vendor, soon).isPresent();
    }

    /** What a batch's songs wait for that wait for sinks alone; empty if none does. */
    public Optional<SinkWait> findSinkWait(String batch) {
        return database.read(session -> {
            int songs =
                    session.find(row -> row.getInt(1), COUNT_SINK_WAITS, batch).orElseThrow();
            return Rows.songs(session, NEXT_SINK_WAIT, batch).stream()
                    .findFirst()
                    .map(next -> new SinkWait(songs, next));
        });
    }

    /** How many of a batch's songs have not ended and are not in doubt, by the vendor of their step. */
    public Map<String, Integer> openByVendor(String batch) {
        return database.read(session -> {
            Map<String, Integer> open = new TreeMap<>();
            session.list(row -> open.put(row.getString(1), row.getInt(2)), OPEN_BY_VENDOR, batch);
            return open;
        });
    }

    /** How many songs each vendor has, by their state; a song is the vendor's that its step is asked of. */
    public Map<String, Map<SongState, Integer>> countByVendor(boolean sandbox) {
        Map<String, Map<SongState, Integer>> counts = new TreeMap<>();
        database.read(session -> session.list(
                row -> counts.computeIfAbsent(row.getString(2), vendor -> new EnumMap<>(SongState.class))
                        .put(SongState.of(row.getString(1)).orElseThrow(), row.getInt(3)),
                COUNT_BY_VENDOR,
                sandbox));
        return counts;
    }
}
