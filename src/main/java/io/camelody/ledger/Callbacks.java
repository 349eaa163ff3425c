package io.camelody.ledger;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What vendors call back about. Nothing that a callback says is believed: it makes the next status call due, which brings
 * the truth. Of a song in doubt it proves one thing, that the vendor has taken the paid call; the song stays in doubt, as a
 * callback does not name the task, and is not submitted once more by itself.
 */
public final class Callbacks {

    /** Callbacks and status calls about a song that are nearer to each other count as one. */
    static final long AT_MOST_EVERY_MS = 1_000;

    private static final String FIND =
            """
            SELECT song.id, task.called_back_at FROM task JOIN song ON song.id = task.song_id
            WHERE task.callback = ? AND task.vendor = ? AND song.finished_at IS NULL
            """;

    private static final String NOTE = "UPDATE task SET called_back_at = ? WHERE callback = ?";

    private static final String BRING_FORWARD =
            """
            UPDATE song
            SET due_at = CASE WHEN COALESCE(polled_at, 0) + ? > ? THEN COALESCE(polled_at, 0) + ? ELSE ? END
            WHERE id = ? AND state = 'submitted' AND due_at > ? AND due_at > COALESCE(polled_at, 0) + ?
            """;

    private static final String NOTE_PROOF =
            """
            UPDATE song
            SET message = COALESCE(message || ' ', '') || step_vendor || ' has called back about the call: its task exists.'
                || ' Find its id at the vendor; to resubmit would buy the song twice.'
            WHERE id = ? AND state = 'in-doubt' AND EXISTS (
                SELECT 1 FROM task
                WHERE song_id = song.id AND outcome = 'unknown' AND superseded = 0 AND called_back_at IS NOT NULL)
            """;

    private static final String INTENT_CALLED_BACK =
            "SELECT 1 FROM task WHERE song_id = ? AND outcome = 'intended' AND called_back_at IS NOT NULL";

    private final Database database;
    private final Clock clock;
    private final Consumer<SongState> wake;

    private record Found(String songId, Optional<Long> calledBackAt) {}

    Callbacks(Database database, Clock clock, Consumer<SongState> wake) {
        this.database = database;
        this.clock = clock;
        this.wake = wake;
    }

    /**
     * Takes a callback. Called as often as anybody likes, it writes once a second and a song, and brings about no more status
     * calls than that.
     *
     * @return whether the token is that of a paid call to this vendor for a song that has not ended
     */
    public boolean heard(String vendor, CallbackToken token) {
        String hash = token.hash();
        Optional<Found> found = database.read(session -> session.find(
                row -> new Found(
                        row.getString(1),
                        Optional.ofNullable((Number) row.getObject(2)).map(Number::longValue)),
                FIND,
                hash,
                vendor));
        long now = clock.millis();
        boolean counts = found.isPresent()
                && found.get()
                        .calledBackAt()
                        .filter(at -> now < at + AT_MOST_EVERY_MS)
                        .isEmpty();
        if (counts) {
            String id = found.get().songId();
            boolean isFirst = found.get().calledBackAt().isEmpty();
            database.write(session -> {
                session.update(NOTE, now, hash);
                if (isFirst) {
                    noteProof(session, id);
                }
                return session.update(
                        BRING_FORWARD, AT_MOST_EVERY_MS, now, AT_MOST_EVERY_MS, now, id, now, AT_MOST_EVERY_MS);
            });
            wake.accept(SongState.SUBMITTED);
        }
        return found.isPresent();
    }

    /** Tells the operator, in the message of a song that has come into doubt, where the vendor has called back about it. */
    static Update proof(String songId) {
        return new Update(NOTE_PROOF, songId);
    }

    static void noteProof(Session session, String songId) throws SQLException {
        session.update(NOTE_PROOF, songId);
    }

    /** Whether the vendor has called back about the paid call that is under way: whatever its answer was, it was taken. */
    static boolean proveIntent(Session session, String songId) throws SQLException {
        return session.find(row -> true, INTENT_CALLED_BACK, songId).isPresent();
    }
}
