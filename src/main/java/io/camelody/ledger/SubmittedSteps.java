package io.camelody.ledger;

/** What the answer to a paid call is in the tables, be it in time or late. */
final class SubmittedSteps {

    /** A task that the vendor has called back about already is asked about at once. */
    private static final String SUBMIT_SONG =
            """
            UPDATE song
            SET state = 'submitted', state_at = ?, intended_at = NULL, submitted_at = ?,
                due_at = CASE WHEN EXISTS (
                    SELECT 1 FROM task
                    WHERE song_id = song.id AND outcome IN ('intended', 'unknown') AND called_back_at IS NOT NULL)
                    THEN ? ELSE ? END,
                timeout_at = ?, polled_at = NULL,
                settling_at = NULL, streaming_at = NULL, attempt = 0, message = NULL, claimed_by = NULL, claimed_until = NULL
            """;

    /** There is what is named then. */
    private static final String WITH_INTENT = " AND EXISTS (SELECT 1 FROM task WHERE song_id = song.id AND number = ?)";

    /**
     * A paid call's own answer ends the doubt about it, however late it comes: also where the call was to be made once
     * more, as long as that has not begun.
     */
    private static final String DOUBT_IS_ABOUT =
            """
             WHERE id = ? AND (state = 'in-doubt' OR state = 'accepted' AND intended_at IS NULL)
                AND EXISTS (
                    SELECT 1 FROM task
                    WHERE song_id = song.id AND number = ? AND outcome = 'unknown' AND task.step = song.step)
            """;

    private SubmittedSteps() {}

    static ChangeSteps underClaim(Change.Submitted submitted, long now) {
        Claim claim = submitted.claim();
        return steps(
                submitted,
                now,
                ChangeSteps.UNDER_CLAIM + WITH_INTENT,
                claim.songId(),
                claim.by(),
                submitted.taskNumber());
    }

    /** Where the claim is lost, and nobody knew what had become of the call. */
    static ChangeSteps late(Change.Submitted late, long now) {
        return steps(late, now, DOUBT_IS_ABOUT, late.claim().songId(), late.taskNumber());
    }

    private static ChangeSteps steps(Change.Submitted submitted, long now, String where, Object... condition) {
        Object[] values = ChangeSteps.with(
                condition,
                now,
                now,
                now,
                submitted.firstPollAt().toEpochMilli(),
                submitted.timeoutAt().toEpochMilli());
        return new ChangeSteps(new Update(SUBMIT_SONG + where, values), TaskChanges.name(submitted));
    }
}
