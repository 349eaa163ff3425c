package io.camelody.ledger;

import io.camelody.ledger.SongLedger.Scope;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Paid calls that nobody heard the outcome of. */
public final class Doubts {

    private static final String ABANDONED =
            "SELECT id FROM song WHERE intended_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until < ?)";

    private static final String DOUBT_ABANDONED =
            """
            UPDATE song
            SET state = 'in-doubt', state_at = ?, intended_at = NULL, claimed_by = NULL, claimed_until = NULL,
                message = 'Nobody heard the answer of the paid call: the process ended, or the vendor took too long.'
            WHERE id = ? AND intended_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until < ?)
            """;

    private static final String DOUBT_TASK =
            "UPDATE task SET outcome = 'unknown' WHERE song_id = ? AND outcome = 'intended'";

    private static final String ONCE_IN_DOUBT =
            """
            SELECT id FROM song
            WHERE state = 'in-doubt' AND step_vendor = ? AND sandbox = ? AND (CAST(? AS TEXT) IS NULL OR batch = ?)
                AND NOT EXISTS (
                    SELECT 1 FROM task
                    WHERE song_id = song.id AND task.step = song.step AND outcome = 'unknown'
                        AND (superseded = 1 OR called_back_at IS NOT NULL))
            """;

    private final Database database;
    private final Clock clock;

    Doubts(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Puts in doubt every paid call whose worker let its claim run out. @return the songs */
    public List<String> noteAbandoned() {
        return noteAbandoned(clock.instant());
    }

    /**
     * The same as of a moment: who has slept hears of the time that has passed in the midst of this, and then its own claims
     * would seem to be over before it could renew them.
     */
    public List<String> noteAbandoned(Instant asOf) {
        long over = asOf.toEpochMilli();
        // mostly there is none, and then nothing waits for the one who writes
        if (database.read(session -> session.list(row -> row.getString(1), ABANDONED, over))
                .isEmpty()) {
            return List.of();
        }
        return database.write(session -> {
            long now = clock.millis();
            List<String> doubted = new ArrayList<>();
            for (String id : session.list(row -> row.getString(1), ABANDONED, over)) {
                // another node may have found it too, or its answer has come
                if (session.update(DOUBT_ABANDONED, now, id, over) > 0) {
                    session.update(DOUBT_TASK, id);
                    Callbacks.noteProof(session, id);
                    doubted.add(id);
                }
            }
            return doubted;
        });
    }

    /**
     * The songs whose paid call at a vendor nobody heard; not those whose step has been submitted once more already, nor those
     * that the vendor has called back about, which proves that it took the call.
     */
    public List<String> resubmittable(String vendor, Scope scope) {
        return database.read(session -> session.list(
                row -> row.getString(1), ONCE_IN_DOUBT, vendor, scope.sandbox(), scope.batch(), scope.batch()));
    }
}
