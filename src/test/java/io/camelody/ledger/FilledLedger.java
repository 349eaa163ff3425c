package io.camelody.ledger;

import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.Task.Outcome;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Brings every kind of row into a ledger, each column with a value in one of them at least. */
final class FilledLedger {

    /** What a text may have in it that a database takes for something else. */
    static final String ODD =
            "a\tb\nc\rd\\e\\N\\.\n\\.\n'f'\"g\"\bh\fi\u000bj \u00fc \u4e2d \ud83c\udfb5 \u0001 \u007f \u0085 ;--";

    private static final Scope REAL = new Scope(false, Optional.empty());

    private final SongLedger ledger;
    private final Clock clock;

    FilledLedger(SongLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    void fill() {
        delivered();
        failed();
        withLyrics();
        inDoubt();
        ledger.accept(List.of(song("cancelled", Optional.empty())), false);
        ledger.steering().cancel("cancelled");
        submitted("submitted");
        Claim intended = claim("intended", SongState.ACCEPTED);
        ledger.make(new Change.Intended(intended, 1, 35_000));
        besides();
        // more than come along in one statement
        for (int from = 0; from < 10_500; from += 500) {
            ledger.accept(
                    IntStream.range(from, from + 500)
                            .mapToObj(i -> song("many" + i, Optional.empty()))
                            .toList(),
                    false);
        }
        ledger.accept(List.of(song("sandbox", Optional.empty())), true);
    }

    private void delivered() {
        Claim claim = submitted("delivered");
        ledger.make(new Change.PolledOn(
                claim, List.of(report("streaming", false)), clock.instant(), Optional.of(clock.instant())));
        claim = claim("delivered", SongState.SUBMITTED);
        ledger.make(new Change.Generated(claim, List.of(report("succeeded", true)), SongLedgerContract.clips("c1")));
        claim = claim("delivered", SongState.GENERATED);
        SinkDelivery sink = SinkDelivery.due("file", clock.instant()).delivered(clock.instant());
        ledger.make(new Change.Delivered(claim, SongLedgerContract.clips("c1"), List.of(sink)));
        ledger.announcements().due(false, 1).forEach(ledger.announcements()::told);
    }

    private void failed() {
        Claim claim = submitted("failed");
        TaskReport report = new TaskReport(1, "failed", SongLedgerContract.clips(), Optional.of("No voice."), 0, true);
        ledger.make(new Change.Failed(
                claim, Reason.VENDOR_FAILED, ODD, List.of(report), Outcome.MADE, Optional.of("{\"error\": 1}")));
        Notices.Notice notice = ledger.notices().due(REAL, 10, 10).get(0);
        ledger.notices().later(notice, clock.instant().plusSeconds(60), "It was answered with 500.");
    }

    private void withLyrics() {
        ledger.accept(List.of(song("lyrics", Optional.of("foxai"))), false);
        Claim claim = claim("lyrics", SongState.ACCEPTED);
        ledger.make(new Change.Intended(claim, 1, 0));
        ledger.make(new Change.LyricsWritten(claim, List.of(), Json.object().put("lyrics", ODD)));
    }

    private void inDoubt() {
        CallbackToken token = CallbackToken.make();
        Claim claim = claim("in-doubt", SongState.ACCEPTED);
        ledger.make(new Change.Intended(claim, 1, 35_000, Optional.of(token)));
        ledger.make(new Change.Doubted(claim, "reset", Optional.of("<html>")));
        ledger.callbacks().heard("foxai", token);
        ledger.notices().due(REAL, 10, 10);
    }

    private void besides() {
        Instant later = clock.instant().plus(Duration.ofMinutes(5));
        ledger.pauses().pause(new Pause("senseaudio", "auth", "Refused the key.", later), false);
        ledger.generations().raise(List.of("/requests/" + ODD));
        Drops drops = ledger.drops();
        Drops.Taken drop = drops.take("inbox", "a.jsonl", false).orElseThrow();
        drops.read(drop, "done/a.jsonl", 1, 2);
        drops.moved(drop, true);
        drops.reported(drops.take(drop.drop()).orElseThrow());
        drops.take("inbox", "b.jsonl", false);
        ledger.beat();
    }

    private Claim submitted(String id) {
        Claim claim = claim(id, SongState.ACCEPTED);
        ledger.make(new Change.Intended(claim, 1, 35_000));
        Instant now = clock.instant();
        ledger.make(new Change.Submitted(claim, 1, List.of("task-" + id), now, now.plusSeconds(360)));
        return claim(id, SongState.SUBMITTED);
    }

    /** Of the one song that is due in the state, which is new where it is to be accepted. */
    private Claim claim(String id, SongState state) {
        if (state == SongState.ACCEPTED && !id.equals("lyrics")) {
            ledger.accept(List.of(song(id, Optional.empty())), false);
        }
        return ledger.claims().claimDue(state, "foxai", REAL, 100, Duration.ofMinutes(5)).stream()
                .map(ClaimedSong::claim)
                .filter(claim -> claim.songId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static TaskReport report(String status, boolean ended) {
        return new TaskReport(1, status, SongLedgerContract.clips("c1"), Optional.empty(), 0, ended);
    }

    static NewSong song(String id, Optional<String> lyricsVendor) {
        return new NewSong(
                id,
                "foxai",
                lyricsVendor,
                Json.object().put("prompt", ODD).put("title", "Tango"),
                List.of("The title is kept."),
                true,
                true,
                Optional.of("songs.jsonl:1"),
                Optional.of("batch-1"));
    }
}
