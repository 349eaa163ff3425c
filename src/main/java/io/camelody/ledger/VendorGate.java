package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.pace.Closing;
import io.camelody.pace.Gate;
import io.camelody.pace.Heard;
import io.camelody.pace.Pace;
import io.camelody.request.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gate for one vendor's paid calls, in one transaction: its row, what is under way, and what all nodes go by. The rules are
 * {@link Gate}'s. Who changes it has {@link #lock} from the transaction's begin.
 */
final class VendorGate {

    private static final String FIND =
            """
            SELECT speed, tokens, filled_at, failures, closed_at, closed_ms, trial_song, trial_claim, claimed
            FROM vendor_pace WHERE vendor = ? AND sandbox = ?
            """;

    private static final String KEEP =
            """
            INSERT INTO vendor_pace (
                vendor, sandbox, speed, tokens, filled_at, failures, closed_at, closed_ms, trial_song, trial_claim, claimed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (vendor, sandbox) DO UPDATE
            SET speed = excluded.speed, tokens = excluded.tokens, filled_at = excluded.filled_at,
                failures = excluded.failures, closed_at = excluded.closed_at, closed_ms = excluded.closed_ms,
                trial_song = excluded.trial_song, trial_claim = excluded.trial_claim, claimed = excluded.claimed
            """;

    /** What a clock that was ahead has begun begins now, and lasts no longer. */
    private static final String BEGIN_NOW =
            """
            UPDATE vendor_pace
            SET filled_at = CASE WHEN filled_at > ? THEN ? ELSE filled_at END,
                closed_at = CASE WHEN closed_at > ? THEN ? ELSE closed_at END,
                rest_at = CASE WHEN rest_at > ? THEN ? ELSE rest_at END
            """;

    /** Whatever became of it, the trial is over once its song is not claimed so any more. */
    private static final String IS_TRIED = "SELECT 1 FROM song WHERE id = ? AND claimed_by = ? AND claimed_until >= ?";

    /** A task whose time is over is not counted: nobody may be asking about it, and it would be in the way for ever. */
    private static final String SUBMITTED =
            "SELECT COUNT(*) FROM song WHERE state = 'submitted' AND step_vendor = ? AND sandbox = ? AND timeout_at > ?";

    /** By the tasks, as {@link Doubts#ABANDONED}. */
    static final String INTENDED_ELSEWHERE =
            """
            SELECT COUNT(*) FROM task
            WHERE outcome = 'intended' AND (
                SELECT step_vendor = ? AND sandbox = ? AND claimed_by NOT LIKE ?
                FROM song WHERE id = song_id AND intended_at IS NOT NULL)
            """;

    /**
     * Claims have no index, which each of them would have to be written to: the row knows which songs to look at. One by one, or a plan
     * of an empty ledger reads all that wait.
     */
    static final String NOT_YET_INTENDED =
            """
            SELECT claimed.id, begun.claimed_by
            FROM json_array_elements_text(?::json) AS claimed (id), LATERAL (
                SELECT claimed_by FROM song
                WHERE id = claimed.id AND state || '' = 'accepted' AND intended_at IS NULL AND claimed_until >= ? LIMIT 1) AS begun
            """;

    /** For what nobody says when it ends: the answer to another node's call. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private record Claimed(String songId, boolean isOwn) {}

    private final Session session;
    private final String vendor;
    private final boolean sandbox;
    private final Instant now;
    private final List<String> claimed = new ArrayList<>();
    private Gate gate;

    VendorGate(Session session, String vendor, boolean sandbox, long now) throws SQLException {
        this.session = session;
        this.vendor = vendor;
        this.sandbox = sandbox;
        this.now = Instant.ofEpochMilli(now);
        this.gate = session.find(this::read, FIND, vendor, sandbox).orElse(Gate.OPEN);
    }

    /** Of the transactions that change the gate for a vendor. */
    static String lock(String vendor) {
        return "pace." + vendor;
    }

    /** A process that starts. @param isAlone whoever starts one again has looked after the vendor, and it is tried at once */
    static void takeOver(Session session, boolean isAlone, long now) throws SQLException {
        if (isAlone) {
            session.update("DELETE FROM vendor_pace");
        } else {
            session.update(BEGIN_NOW, now, now, now, now, now, now);
        }
    }

    private Gate read(ResultSet row) throws SQLException {
        for (JsonNode songId : Json.parse(row.getString(9))) {
            claimed.add(songId.asText());
        }
        return new Gate(
                new Pace(row.getDouble(1), row.getDouble(2), Instant.ofEpochMilli(row.getLong(3))),
                row.getInt(4),
                new Closing(Instant.ofEpochMilli(row.getLong(5)), Duration.ofMillis(row.getLong(6))),
                row.getString(7) == null
                        ? Optional.empty()
                        : Optional.of(new Gate.Call(row.getString(7), row.getString(8))));
    }

    /** How many songs this node may claim to submit them, and when it is to look again. */
    Claims.Room room(Claims.Together limit, String node) throws SQLException {
        boolean isTried = isTried();
        int ready = gate.room(limit.aSecond(), now, isTried);
        Instant opens = gate.opensAt(limit.aSecond(), now, isTried);
        if (ready <= 0) {
            return new Claims.Room(0, opens);
        }
        int elsewhere = session.dialect().isShared() ? underWayElsewhere(node) : 0;
        int running = countSubmitted(session, vendor, sandbox, now.toEpochMilli()) + limit.own() + elsewhere;
        if (running >= limit.running()) {
            // a task that ends wakes whoever waits
            return new Claims.Room(0, elsewhere > 0 ? now.plus(LOOK_AGAIN) : Instant.MAX);
        }
        return new Claims.Room(Math.min(ready, limit.running() - running), opens);
    }

    static int countSubmitted(Session session, String vendor, boolean sandbox, long now) throws SQLException {
        return session.find(row -> row.getInt(1), SUBMITTED, vendor, sandbox, now)
                .orElseThrow();
    }

    private boolean isTried() throws SQLException {
        return gate.trial().isPresent()
                && session.find(
                                row -> true,
                                IS_TRIED,
                                gate.trial().get().songId(),
                                gate.trial().get().claim(),
                                now.toEpochMilli())
                        .isPresent();
    }

    private int underWayElsewhere(String node) throws SQLException {
        String own = node + ":";
        List<Claimed> begun = claimed.isEmpty()
                ? List.of()
                : session.list(
                        row -> new Claimed(row.getString(1), row.getString(2).startsWith(own)),
                        NOT_YET_INTENDED,
                        ids(),
                        now.toEpochMilli());
        claimed.clear();
        begun.forEach(each -> claimed.add(each.songId()));
        int intended = session.find(row -> row.getInt(1), INTENDED_ELSEWHERE, vendor, sandbox, own + "%")
                .orElseThrow();
        return intended + (int) begun.stream().filter(each -> !each.isOwn()).count();
    }

    /** These were claimed to be submitted. @return when more may be at the earliest */
    Instant left(Claims.Together limit, List<ClaimedSong> songs) throws SQLException {
        if (songs.isEmpty()) {
            return now.plus(LOOK_AGAIN);
        }
        if (session.dialect().isShared()) {
            songs.forEach(each -> claimed.add(each.song().id()));
        }
        gate = gate.left(call(songs.get(0).claim()), songs.size(), limit.aSecond(), now);
        keep();
        return gate.opensAt(limit.aSecond(), now, gate.trial().isPresent());
    }

    /** Whether the gate stays as it is: so it does with an ordinary good answer, for which nobody has to wait. */
    boolean isCalmAbout(Claim claim, Heard heard) {
        return gate.heard(heard, call(claim), now).gate().equals(gate);
    }

    Gate.Turn hear(Claim claim, Heard heard) throws SQLException {
        Gate.Turned turned = gate.heard(heard, call(claim), now);
        gate = turned.gate();
        keep();
        return turned.turn();
    }

    private static Gate.Call call(Claim claim) {
        return new Gate.Call(claim.songId(), claim.by());
    }

    private void keep() throws SQLException {
        session.update(
                KEEP,
                vendor,
                sandbox,
                gate.pace().speed(),
                gate.pace().tokens(),
                gate.pace().filledAt().toEpochMilli(),
                gate.failures(),
                gate.closed().since().toEpochMilli(),
                gate.closed().length().toMillis(),
                gate.trial().map(Gate.Call::songId),
                gate.trial().map(Gate.Call::claim),
                ids());
    }

    private String ids() {
        return Json.write(Json.MAPPER.valueToTree(claimed));
    }
}
