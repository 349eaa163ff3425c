package io.camelody.ledger;

import io.camelody.ledger.SongLedger.Scope;
import io.camelody.pace.Closing;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Paid calls that nobody heard the outcome of. */
public final class Doubts {

    /** Found by the tasks: an index on the songs would have each intent written to all that they have. And in no other order. */
    static final String ABANDONED =
            """
            SELECT song_id FROM task
            WHERE outcome = 'intended' AND (
                SELECT (claimed_until IS NULL OR claimed_until < ?) AND COALESCE(claimed_by, '') LIKE ?
                FROM song WHERE id = song_id AND intended_at IS NOT NULL)
            """;

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

    /** Longer than a round that waits for a connection takes. */
    private static final Duration FOR_ALL_TO_RENEW = Duration.ofSeconds(30);

    private final Database database;
    private final Clock clock;

    /** Guarded by this: several routes may look for what is in doubt. */
    private Closing renewing = Closing.NONE;

    Doubts(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        if (database.dialect().isShared()) {
            // who has not been there cannot know whether the ledger was
            letAllRenew();
        }
    }

    /**
     * The ledger was not there, or this process stood still, and claims may have run out: each node has half a minute to renew its
     * own, and to read what lies in its sockets, before a call is put in doubt.
     */
    public synchronized void letAllRenew() {
        renewing = renewing.lasting(clock.instant(), FOR_ALL_TO_RENEW);
    }

    /**
     * Puts in doubt every paid call whose worker let its claim run out; none while {@linkplain #letAllRenew all may renew}, as in
     * the first half minute of a node that is not alone.
     *
     * @return the songs
     */
    public List<String> noteAbandoned() {
        return noteAbandoned(clock.instant());
    }

    /**
     * The same as of a moment: who has slept hears of the time that has passed in the midst of this, and then its own claims
     * would seem to be over before it could renew them.
     */
    public List<String> noteAbandoned(Instant asOf) {
        return mayRenew(asOf) ? List.of() : note("%", asOf.toEpochMilli());
    }

    private synchronized boolean mayRenew(Instant asOf) {
        renewing = renewing.asOf(asOf);
        return !renewing.isOver(asOf);
    }

    /** Does so with the calls of this node alone, which ends. */
    void noteOwn() {
        note(database.node() + ":%", clock.millis());
    }

    private List<String> note(String worker, long asOf) {
        // mostly there is none, and then nothing waits for the one who writes
        if (database.read(session -> abandoned(session, asOf, worker)).isEmpty()) {
            return List.of();
        }
        return database.write(session -> {
            long now = clock.millis();
            List<String> doubted = new ArrayList<>();
            for (String id : abandoned(session, asOf, worker)) {
                // another node may have found it too, or its answer has come
                if (session.update(DOUBT_ABANDONED, now, id, asOf) > 0) {
                    session.update(DOUBT_TASK, id);
                    Callbacks.noteProof(session, id);
                    doubted.add(id);
                }
            }
            return doubted;
        });
    }

    private static List<String> abandoned(Session session, long asOf, String worker) throws SQLException {
        return session.list(row -> row.getString(1), ABANDONED, asOf, worker);
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
