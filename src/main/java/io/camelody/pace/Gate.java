package io.camelody.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many paid calls may leave for one vendor now, and what its answers change about that. All nodes go by the same one.
 *
 * <p>Calls a second follow {@code submit-rate}; each answer that means too fast halves the pace for everybody, and each call
 * that is taken brings a twentieth of it back. After {@value #BREAKS_AFTER} calls in a row that the vendor did not answer
 * sensibly the gate closes, for longer each time, and opens for a single call, the trial: a vendor in trouble must not put a
 * whole batch in doubt.
 *
 * @param failures in a row
 * @param trial the call that tries a vendor in trouble, or tried it last
 */
public record Gate(Pace pace, int failures, Closing closed, Optional<Call> trial) {

    /** A paid call, by its song and the claim that it is made under. */
    public record Call(String songId, String claim) {}

    /** What an answer has changed for the calls after it. */
    public enum Turn {
        NONE,
        /** The vendor wants no calls for a time worth saying. */
        LEFT_ALONE,
        /** The gate has closed for a vendor that does not answer sensibly. */
        BROKEN,
        /** Such a vendor has answered sensibly, and the gate is open for all. */
        MENDED
    }

    /** The gate as an answer leaves it. */
    public record Turned(Gate gate, Turn turn) {}

    public static final Gate OPEN = new Gate(Pace.FULL, 0, Closing.NONE, Optional.empty());

    public static final int BREAKS_AFTER = 5;

    private static final Duration WORTH_SAYING = Duration.ofSeconds(10);

    private static final Duration CLOSED_AT_FIRST = Duration.ofSeconds(10);

    private static final Duration CLOSED_AT_MOST = Duration.ofMinutes(5);

    /** @param isTried whether the trial is under way */
    public int room(int most, Instant now, boolean isTried) {
        if (!closed.isOver(now) || isBroken() && isTried) {
            return 0;
        }
        int ready = pace.ready(most, now);
        return isBroken() ? Math.min(ready, 1) : ready;
    }

    /** When there may be room again; never, for now, while the trial is under way. */
    public Instant opensAt(int most, Instant now, boolean isTried) {
        if (isBroken() && isTried) {
            return Instant.MAX;
        }
        Instant ready = pace.nextReady(most, now);
        Instant open = closed.end(now);
        return ready.isAfter(open) ? ready : open;
    }

    /** So many calls leave, the first of them {@code first}. */
    public Gate left(Call first, int calls, int most, Instant now) {
        return new Gate(pace.without(calls, most, now), failures, closed, isBroken() ? Optional.of(first) : trial);
    }

    /** @param call what the vendor has answered */
    public Turned heard(Heard heard, Call call, Instant now) {
        return switch (heard.kind()) {
            case TAKEN -> new Turned(new Gate(pace.quickened(), 0, closed, Optional.empty()), mended());
            case REFUSED -> new Turned(new Gate(pace, 0, closed, Optional.empty()), mended());
            case TOO_FAST -> tooFast(heard.leaveAlone(), now);
            case TROUBLE -> failed(call, now);
        };
    }

    private Turn mended() {
        return isBroken() ? Turn.MENDED : Turn.NONE;
    }

    private Turned tooFast(Duration wait, Instant now) {
        Gate slower = new Gate(pace.halved(), 0, closed.lasting(now, wait), Optional.empty());
        boolean isNews = closed.isOver(now) && wait.compareTo(WORTH_SAYING) >= 0;
        return new Turned(slower, isNews ? Turn.LEFT_ALONE : mended());
    }

    private Turned failed(Call call, Instant now) {
        if (isBroken() && !trial.equals(Optional.of(call))) {
            // it left before the gate closed, and says nothing new
            return new Turned(this, Turn.NONE);
        }
        int more = failures + 1;
        if (more < BREAKS_AFTER) {
            return new Turned(new Gate(pace, more, closed, trial), Turn.NONE);
        }
        return new Turned(new Gate(pace, more, closed.lasting(now, closedFor(more)), Optional.empty()), Turn.BROKEN);
    }

    /** Twice as long with each trial that fails. There is one gate for all, so chance need not keep any apart. */
    private static Duration closedFor(int failures) {
        Duration doubled = CLOSED_AT_FIRST.multipliedBy(1L << Math.min(failures - BREAKS_AFTER, 10));
        return doubled.compareTo(CLOSED_AT_MOST) < 0 ? doubled : CLOSED_AT_MOST;
    }

    private boolean isBroken() {
        return failures >= BREAKS_AFTER;
    }
}
