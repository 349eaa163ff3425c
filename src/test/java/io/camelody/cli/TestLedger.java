package io.camelody.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SinkDelivery;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A home's ledger with songs of FoxAI in the states that a test wants, made as the routes would make them. */
public final class TestLedger {

    private static final Scope ALL = new Scope(false, Optional.empty());
    private static final long PRICE = 35_000;

    private final String url;

    public TestLedger(Path home) {
        this.url = "jdbc:sqlite:" + home.resolve("data/ledger.db");
    }

    public void accepted(String... ids) {
        try (SongLedger ledger = open()) {
            accept(ledger, ids);
        }
    }

    void submitted(String id, String timeout) {
        try (SongLedger ledger = open()) {
            submit(ledger, id, timeout);
        }
    }

    public void inDoubt(String id) {
        doubt(id, Optional.empty());
    }

    /** @return what the vendor shows if it calls back */
    CallbackToken inDoubtUntilCalledBack(String id) {
        CallbackToken token = CallbackToken.make();
        doubt(id, Optional.of(token));
        return token;
    }

    private void doubt(String id, Optional<CallbackToken> callback) {
        try (SongLedger ledger = open()) {
            Claim claim = intend(ledger, id, "6m", callback);
            ledger.make(new Change.Doubted(claim, "The vendor answered with a 502.", Optional.of("<html>Bad Gateway")));
        }
    }

    public void failed(String id, Reason reason, String message) {
        try (SongLedger ledger = open()) {
            submit(ledger, id, "6m");
            boolean ended = reason != Reason.VENDOR_TIMEOUT;
            Change.TaskReport report = new Change.TaskReport(
                    1, ended ? "failed" : "running", Json.MAPPER.createArrayNode(), Optional.empty(), 0, ended);
            ledger.make(new Change.Failed(
                    claim(ledger, SongState.SUBMITTED), reason, message, List.of(report), Task.Outcome.MADE));
        }
    }

    public void delivered(String id) {
        try (SongLedger ledger = open()) {
            submit(ledger, id, "6m");
            ArrayNode clips = Json.MAPPER.createArrayNode();
            clips.addObject()
                    .put("file", "clip-1.mp3")
                    .put("seconds", 12.5)
                    .putObject("places")
                    .put("file", "/songs/" + id + "/clip-1.mp3");
            clips.addObject().put("error", "Expected 10 bytes, got: 5.").put("audioUrl", "http://127.0.0.1/2.mp3");
            ledger.make(new Change.Generated(claim(ledger, SongState.SUBMITTED), List.of(), clips));
            ledger.make(new Change.Delivered(claim(ledger, SongState.GENERATED), clips, List.of()));
        }
    }

    /** One sink has it, one has given up, and one is tried again in an hour. */
    void delivering(String id) {
        try (SongLedger ledger = open()) {
            submit(ledger, id, "6m");
            ArrayNode clips = Json.MAPPER.createArrayNode();
            clips.addObject().put("file", "clip-1.mp3").put("image", "cover-1.webp");
            ledger.make(new Change.Generated(claim(ledger, SongState.SUBMITTED), List.of(), clips));
            Instant now = Instant.now();
            Instant later = now.plus(Duration.ofHours(1));
            List<SinkDelivery> sinks = List.of(
                    SinkDelivery.due("file", now).delivered(now),
                    SinkDelivery.due("s3", now).failed(now, "Refused."),
                    SinkDelivery.due("webhook", now).later(later, "It did not answer."));
            ledger.make(new Change.DeliverLater(
                    claim(ledger, SongState.GENERATED), clips, sinks, 0, later, Optional.of("It did not answer.")));
        }
    }

    /** The vendor is sent no paid calls, since it refused the key. */
    public void paused(String vendor) {
        try (SongLedger ledger = open()) {
            Instant until = Instant.now().plus(Duration.ofMinutes(5));
            ledger.pauses().pause(new Pause(vendor, "auth", vendor + " refused the key.", until), false);
        }
    }

    Song song(String id) {
        try (SongLedger ledger = SongLedger.openBeside(url, Clock.systemUTC())) {
            return ledger.catalog().find(id).orElseThrow();
        }
    }

    SongLedger open() {
        return SongLedger.openForWork(url, Clock.systemUTC());
    }

    private static void submit(SongLedger ledger, String id, String timeout) {
        Claim claim = intend(ledger, id, timeout, Optional.empty());
        Instant now = Instant.now();
        ledger.make(new Change.Submitted(claim, 1, List.of("task-of-" + id), now, now.plusSeconds(360)));
    }

    private static Claim intend(SongLedger ledger, String id, String timeout, Optional<CallbackToken> callback) {
        ledger.accept(List.of(song(id, timeout)), false);
        Claim claim = claim(ledger, SongState.ACCEPTED);
        ledger.make(new Change.Intended(claim, 1, PRICE, callback));
        return claim;
    }

    private static void accept(SongLedger ledger, String... ids) {
        ledger.accept(List.of(ids).stream().map(id -> song(id, "6m")).toList(), false);
    }

    private static NewSong song(String id, String timeout) {
        return new NewSong(
                id,
                "foxai",
                Optional.empty(),
                Json.object().put("prompt", "a song called " + id).put("timeout", timeout),
                List.of("The title is kept."),
                false,
                false,
                Optional.of("songs.jsonl:1"),
                Optional.of("batch-1"));
    }

    private static Claim claim(SongLedger ledger, SongState state) {
        return ledger.claims()
                .claimDue(state, "foxai", ALL, 1, Duration.ofMinutes(5))
                .get(0)
                .claim();
    }
}
