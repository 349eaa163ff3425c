package io.camelody.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Songs that have ended, until everybody who listens has been told. */
public final class Announcements {

    private static final String UNANNOUNCED =
            """
            SELECT * FROM song
            WHERE finished_at IS NOT NULL AND announced_at IS NULL AND sandbox = ? AND untold_until <= ?
            ORDER BY untold_until, finished_at LIMIT ?
            """;

    /** Not a song that was retried while its end was told: its next end is told too. */
    private static final String ANNOUNCE = "UPDATE song SET announced_at = ? WHERE id = ? AND finished_at = ?";

    private static final String ANNOUNCE_LATER = "UPDATE song SET untold_until = ? WHERE id = ? AND finished_at = ?";

    /** What another node has taken since it was seen is that node's. */
    private static final String TAKE =
            "UPDATE song SET untold_until = ? WHERE id = ? AND finished_at = ? AND announced_at IS NULL AND untold_until <= ?";

    private static final Duration TAKEN_FOR = Duration.ofMinutes(5);

    private final Database database;
    private final Clock clock;

    Announcements(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * The same to tell them: where several nodes work on the ledger, they are this one's for five minutes, and then another
     * node tells those that are not {@link #told}.
     */
    public List<Song> take(boolean sandbox, int max) {
        List<Song> due = due(sandbox, max);
        if (due.isEmpty() || !database.dialect().isShared()) {
            return due;
        }
        long now = clock.millis();
        return database.write(session -> {
            List<Song> taken = new ArrayList<>();
            for (Song ended : due) {
                if (session.update(TAKE, now + TAKEN_FOR.toMillis(), ended.id(), finishedAt(ended), now) > 0) {
                    taken.add(ended);
                }
            }
            return taken;
        });
    }

    /** Songs that have ended and whose end is due to be told: first those never told, oldest first. */
    public List<Song> due(boolean sandbox, int max) {
        return database.read(session -> Rows.songs(session, UNANNOUNCED, sandbox, clock.millis(), max));
    }

    /** Puts a song's end that was not taken behind the others, until then. */
    public void later(Song ended, Instant due) {
        database.write(session -> session.update(ANNOUNCE_LATER, due.toEpochMilli(), ended.id(), finishedAt(ended)));
    }

    /** Notes that everybody has been told of a song's end; not of one that it comes to later. */
    public void told(Song ended) {
        database.write(session -> session.update(ANNOUNCE, clock.millis(), ended.id(), finishedAt(ended)));
    }

    private static Long finishedAt(Song ended) {
        return ended.finishedAt().map(Instant::toEpochMilli).orElse(null);
    }
}
