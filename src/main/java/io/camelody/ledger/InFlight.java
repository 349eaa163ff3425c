package io.camelody.ledger;

import io.camelody.request.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Submitted songs that a process asks about by itself, without a claim, until there is news of one: they are due at a later
 * moment for as long as nobody makes them due sooner.
 */
public final class InFlight {

    /** For so long a song is postponed at most: see {@link #postpone}. */
    public static final Duration AT_MOST = Duration.ofMinutes(2);

    /**
     * Whoever has a claim in force knows more of the song than who asks for it by its name. One song each: of a list of ids beside
     * a state SQLite takes the state, and reads through all songs that are in flight.
     */
    static final String CLAIM =
            """
            UPDATE song
            SET claimed_by = ?, claimed_until = ?{rows}
            WHERE id = ? AND state || '' = 'submitted' AND step_vendor = ? AND sandbox = ?
                AND (claimed_until IS NULL OR claimed_until < ?)
            """;

    static final String CLAIMED_NOW = "SELECT * FROM song WHERE id %s AND claimed_by = ?";

    static final String POSTPONE =
            """
            UPDATE song
            SET due_at = ?, polled_at = ?{rows}
            WHERE id = ? AND state || '' = 'submitted' AND due_at = ? AND claimed_by IS NULL
            """;

    private static final AtomicLong CLAIMED = new AtomicLong();

    private final Database database;
    private final Clock clock;
    private final String worker;

    InFlight(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.worker = database.node();
    }

    /**
     * Claims songs of which a vendor has news, due or not. What has gone on, perhaps to another vendor that knows nothing of the
     * task, or has a claim in force, is missing.
     */
    public List<ClaimedSong> claim(String vendor, boolean sandbox, List<String> songIds, Duration lease) {
        long until = clock.millis() + lease.toMillis();
        String by = worker + ":news-" + CLAIMED.incrementAndGet();
        return database.write(session -> {
            long now = clock.millis();
            session.updateEach(
                    CLAIM,
                    songIds.stream()
                            .map(id -> new Object[] {by, until, id, vendor, sandbox, now})
                            .toList());
            return Rows.songs(
                            session,
                            CLAIMED_NOW.formatted(session.dialect().isOneOf),
                            Json.write(Json.MAPPER.valueToTree(songIds)),
                            by)
                    .stream()
                    .map(song -> new ClaimedSong(new Claim(song.id(), by, until), song))
                    .toList();
        });
    }

    /**
     * Has submitted songs due at another moment, {@link #AT_MOST} from now at the latest. A process that begins to work on a
     * file, which it does alone, has them due at once.
     *
     * @return those that are; the others are claimed, have gone on, or were made due by somebody
     */
    public Set<Postponed> postpone(List<Postponed> songs) {
        return database.write(session -> {
            int[] rows = session.updateEach(
                    POSTPONE,
                    songs.stream()
                            .map(each -> new Object[] {each.later(), each.polledAt(), each.songId(), each.dueAt()})
                            .toList());
            return IntStream.range(0, rows.length)
                    .filter(i -> rows[i] > 0)
                    .mapToObj(songs::get)
                    .collect(Collectors.toSet());
        });
    }
}
