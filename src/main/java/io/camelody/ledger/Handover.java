package io.camelody.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What a process finds of those before it when it begins to work on the ledger, and what it leaves to others when it ends. */
final class Handover {

    private static final String END_CLAIMS = "UPDATE song SET claimed_until = 0 WHERE claimed_until IS NOT NULL";

    /** What a process asked about by itself until it died; see {@link InFlight#postpone}. */
    private static final String DUE_AGAIN =
            "UPDATE song SET due_at = ? WHERE state = 'submitted' AND polled_at IS NOT NULL AND due_at > ? AND due_at <= ?";

    /** Of nodes that are gone; one that is idle makes its own anew. */
    private static final String FORGET_MARKS = "DELETE FROM node_mark WHERE marked_at < now() - interval '1 day'";

    /** A task that nobody asked about while no process was there, or by a clock that was set, may have ended well. */
    private static final String GIVE_TIME =
            "UPDATE song SET timeout_at = ? WHERE state = 'submitted' AND timeout_at < ?";

    /** Where other nodes may have asked about it: the start of one gives no time to what had it. */
    private static final String UNASKED = " AND COALESCE(polled_at, submitted_at) < ?";

    /** What every song gets of a process that takes over, however late that comes: some status calls, that may fail. */
    private static final Duration TO_BE_ASKED_ABOUT = Duration.ofMinutes(2);

    /** What is due later was made so by a clock that was ahead, or waits for a sink, which may be tried once more. */
    private static final Duration LATEST = Duration.ofHours(1);

    private static final String BRING_FORWARD = "UPDATE song SET due_at = ? WHERE finished_at IS NULL AND due_at > ?";

    private static final String TELL =
            "UPDATE song SET untold_until = 0 WHERE finished_at IS NOT NULL AND announced_at IS NULL AND untold_until > ?";

    private static final String LET_RUN_OUT = "UPDATE song SET claimed_until = 0 WHERE claimed_by LIKE ?";

    private static final String HAND_BACK =
            "UPDATE song SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by LIKE ? AND intended_at IS NULL";

    private final Database database;
    private final Clock clock;
    private final Doubts doubts;

    Handover(Database database, Clock clock, Doubts doubts) {
        this.database = database;
        this.clock = clock;
        this.doubts = doubts;
    }

    /**
     * Ends the claims of those who worked on the ledger before, where there can be one process alone; elsewhere they run out.
     * Gives their songs the time to be asked about, and lets none wait for what was the time by another clock. A paid call
     * that one before it had under way is in doubt; where there may be others, once they had the time to renew its claim.
     */
    void takeOver() {
        boolean isAlone = !database.dialect().isShared();
        Instant now = clock.instant();
        long atLeast = now.plus(TO_BE_ASKED_ABOUT).toEpochMilli();
        long latest = now.plus(LATEST).toEpochMilli();
        long unasked = now.minus(TO_BE_ASKED_ABOUT).toEpochMilli();
        database.write(session -> {
            if (isAlone) {
                session.update(END_CLAIMS);
                session.update(Drops.END_CLAIMS);
                session.update(
                        DUE_AGAIN,
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        now.plus(InFlight.AT_MOST).toEpochMilli());
            } else {
                session.update(FORGET_MARKS);
            }
            VendorGate.takeOver(session, isAlone, now.toEpochMilli());
            session.update(BRING_FORWARD, now.toEpochMilli(), latest);
            session.update(TELL, latest);
            return isAlone
                    ? session.update(GIVE_TIME, atLeast, atLeast)
                    : session.update(GIVE_TIME + UNASKED, atLeast, atLeast, unasked);
        });
        doubts.noteAbandoned();
    }

    /** Hands this process's claims back. A paid call that is under way is in doubt: nobody will hear its answer. */
    void handBack() {
        long now = clock.millis();
        String own = database.node() + ":%";
        database.write(session -> {
            session.update(Drops.HAND_BACK, now - 1, now, database.node());
            session.update(HAND_BACK, own);
            return session.update(LET_RUN_OUT, own);
        });
        doubts.noteOwn();
    }
}
