package io.camelody.component;

import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Song;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.SongRequest;
import io.camelody.vendor.Planner;
import io.camelody.vendor.Planner.Plan;
import io.camelody.vendor.SubmitAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands a song to the next vendor of its request, and only after an answer that is certainly a no. What a vendor refused for
 * what the song is about goes on only where the request says so; what may have been bought never does.
 */
final class NextVendor {

    private final SongRuntime runtime;
    private final Planner planner;

    NextVendor(SongRuntime runtime) {
        this.runtime = runtime;
        this.planner = runtime.planner();
    }

    /** @return empty if the song stays where it is, or ends there */
    Optional<Change> after(ClaimedSong claimed, SubmitAnswer answer) {
        if (!(answer instanceof SubmitAnswer.NotTaken no)) {
            return Optional.empty();
        }
        SongRequest request = new SongRequest(claimed.song().request());
        return switch (no.error().errorClass()) {
            case RATE, TRANSIENT, CREDITS, AUTH -> move(claimed, request, notTaken(no), no.rawAnswer());
            case CONTENT, INVALID ->
                request.goesOnWhenRefused()
                        ? move(claimed, request, notTaken(no), no.rawAnswer())
                                .filter(moved -> isBehind(claimed, request, moved))
                        : Optional.empty();
            case UNKNOWN -> Optional.empty();
        };
    }

    /** For a song that waits for a vendor that takes nothing for now. */
    Optional<Change> whilePaused(ClaimedSong claimed, Pause pause) {
        return move(
                claimed,
                new SongRequest(claimed.song().request()),
                "is paused (%s)".formatted(pause.cause()),
                Optional.empty());
    }

    private static String notTaken(SubmitAnswer.NotTaken no) {
        return "did not take it (%s)".formatted(no.error().errorClass().word());
    }

    private boolean isBehind(ClaimedSong claimed, SongRequest request, Change moved) {
        return planner.isBehind(request, claimed.song().vendor(), ((Change.MovedOn) moved).vendor());
    }

    private Optional<Change> move(ClaimedSong claimed, SongRequest request, String why, Optional<String> answer) {
        Song song = claimed.song();
        Optional<Plan> next = planner.after(
                request,
                song.vendor(),
                name -> runtime.ledger().pauses().of(name, runtime.sandbox()).isEmpty());
        return next.map(plan -> {
            Instant now = runtime.clock().instant();
            Duration wait = planner.isBehind(request, song.vendor(), plan.vendor())
                    ? Duration.ZERO
                    : Backoff.SUBMIT.after(song.attempt() + 1, runtime.time().random());
            List<String> notes = new ArrayList<>(plan.notes());
            notes.add("%s %s; it went on to %s.".formatted(song.stepVendor(), why, plan.vendor()));
            return new Change.MovedOn(
                    claimed.claim(),
                    plan.vendor(),
                    plan.lyricsVendor(),
                    notes,
                    now.plus(wait),
                    Task.Outcome.NOT_MADE,
                    answer);
        });
    }
}
