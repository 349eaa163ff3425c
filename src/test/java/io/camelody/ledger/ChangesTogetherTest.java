package io.camelody.ledger;

import static io.camelody.ledger.SongLedgerContract.clips;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.Task.Outcome;
import io.camelody.request.Json;
import io.camelody.testkit.PostgresServer;
import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In PostgreSQL, changes that are made together are one statement, and each must come out as it does alone. */
final class ChangesTogetherTest {

    private static final Scope REAL = new Scope(false, Optional.empty());
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final SettableClock CLOCK = new SettableClock();
    private static final String URL = PostgresServer.schema();

    private static SongLedger ledger;

    /** How a song comes to where a change is made of it, and the change, with all that it may have or with nothing more than it must. */
    private record Kind(
            String name,
            SongState from,
            boolean isIntended,
            Function<Claim, Change> full,
            Function<Claim, Change> bare) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() {
        ledger = SongLedger.openForWork(URL, CLOCK);
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    static Stream<Kind> kinds() {
        Instant now = CLOCK.instant();
        Optional<String> said = Optional.of("<html>");
        List<SinkDelivery> sinks = List.of(SinkDelivery.due("file", now));
        return Stream.of(
                new Kind(
                        "intended",
                        SongState.ACCEPTED,
                        false,
                        claim -> new Change.Intended(claim, 1, 35_000, Optional.of(CallbackToken.make())),
                        claim -> new Change.Intended(claim, 1, 0)),
                new Kind(
                        "submitted",
                        SongState.ACCEPTED,
                        true,
                        claim -> new Change.Submitted(claim, 1, List.of("t1", "t2", "t3"), now, now.plusSeconds(60)),
                        claim -> new Change.Submitted(claim, 1, List.of("t1"), now, now)),
                new Kind(
                        "accepted again",
                        SongState.ACCEPTED,
                        true,
                        claim -> new Change.AcceptedAgain(
                                claim, now.plusSeconds(9), "it's \"too\" fast, {you}\\", Outcome.NOT_MADE, said),
                        claim -> new Change.AcceptedAgain(claim, now, "", Outcome.UNKNOWN)),
                new Kind(
                        "moved on",
                        SongState.ACCEPTED,
                        true,
                        claim -> new Change.MovedOn(
                                claim,
                                "sunomusic",
                                Optional.of("foxai"),
                                List.of("one", "two"),
                                now,
                                Outcome.NOT_MADE,
                                said),
                        claim -> new Change.MovedOn(
                                claim, "senseaudio", Optional.empty(), List.of(), now, Outcome.NOT_MADE)),
                new Kind(
                        "doubted",
                        SongState.ACCEPTED,
                        true,
                        claim -> new Change.Doubted(claim, "reset", said),
                        claim -> new Change.Doubted(claim, "", Optional.empty())),
                new Kind(
                        "failed",
                        SongState.SUBMITTED,
                        true,
                        claim -> new Change.Failed(
                                claim, Reason.VENDOR_FAILED, "no", List.of(report("failed", said)), Outcome.MADE, said),
                        claim -> new Change.Failed(claim, Reason.VENDOR_TIMEOUT, "late", List.of(), Outcome.MADE)),
                new Kind(
                        "polled on",
                        SongState.SUBMITTED,
                        true,
                        claim -> new Change.PolledOn(claim, List.of(report("running", said)), now, Optional.of(now)),
                        claim -> new Change.PolledOn(claim, List.of(), now.plusSeconds(1), Optional.empty())),
                new Kind(
                        "lyrics written",
                        SongState.SUBMITTED,
                        true,
                        claim -> new Change.LyricsWritten(
                                claim,
                                List.of(report("succeeded", said)),
                                Json.object().put("lyrics", "la\nla"),
                                said),
                        claim -> new Change.LyricsWritten(claim, List.of(), Json.object())),
                new Kind(
                        "generated",
                        SongState.SUBMITTED,
                        true,
                        claim -> new Change.Generated(
                                claim, List.of(report("succeeded", said)), clips("c1", "c2"), said),
                        claim -> new Change.Generated(claim, List.of(), clips())),
                new Kind(
                        "deliver later",
                        SongState.GENERATED,
                        true,
                        claim -> new Change.DeliverLater(claim, clips("c1"), sinks, 2, now.plusSeconds(3), said),
                        claim -> new Change.DeliverLater(claim, clips(), List.of(), 0, now, Optional.empty())),
                new Kind(
                        "delivered",
                        SongState.GENERATED,
                        true,
                        claim -> new Change.Delivered(claim, clips("c1"), sinks),
                        claim -> new Change.Delivered(claim, clips(), List.of())),
                new Kind(
                        "undelivered",
                        SongState.GENERATED,
                        true,
                        claim -> new Change.Undelivered(claim, clips("c1"), sinks, Reason.SINK_FAILED, "403"),
                        claim -> new Change.Undelivered(claim, clips(), List.of(), Reason.SINK_FAILED, "")),
                new Kind("released", SongState.ACCEPTED, false, Change.Released::new, Change.Released::new));
    }

    private static TaskReport report(String status, Optional<String> answer) {
        return new TaskReport(1, status, clips("c1"), answer, 1, !status.equals("running"), answer);
    }

    @Test
    void thereIsOneOfEachKind() {
        Claim any = new Claim("any", "anybody", 0);

        assertThat(kinds().<Object>map(kind -> kind.full().apply(any).getClass()))
                .containsExactlyInAnyOrder((Object[]) Change.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void changesComeOutTogetherAsEachDoesAlone(Kind kind) {
        Map<String, Claim> claims = claims(kind, "full", "bare", "full-too", "bare-too", "bare-1", "bare-2", "lost");
        Claim lost = new Claim(kind.name() + " lost", "somebody else", 0);

        ledger.make(kind.full().apply(claims.get("full")));
        ledger.make(kind.bare().apply(claims.get("bare")));
        List<Claim> refused = ledger.makeAll(List.of(
                kind.full().apply(claims.get("full-too")),
                kind.full().apply(lost),
                kind.bare().apply(claims.get("bare-too"))));
        ledger.makeAll(
                List.of(kind.bare().apply(claims.get("bare-1")), kind.bare().apply(claims.get("bare-2"))));

        assertThat(refused).containsExactly(lost);
        assertThat(song(kind, "full-too")).isEqualTo(song(kind, "full"));
        assertThat(List.of(song(kind, "bare-too"), song(kind, "bare-1"), song(kind, "bare-2")))
                .containsOnly(song(kind, "bare"));
    }

    /** Songs in the state, each under a claim, by what comes behind the kind in their ids. */
    private static Map<String, Claim> claims(Kind kind, String... endings) {
        List<String> ids =
                Stream.of(endings).map(ending -> kind.name() + " " + ending).toList();
        ledger.accept(ids.stream().map(SongLedgerContract::request).toList(), false);
        if (kind.from() != SongState.ACCEPTED) {
            for (Claim claim : claims(SongState.ACCEPTED, ids)) {
                ledger.make(new Change.Intended(claim, 1, 35_000));
                ledger.make(new Change.Submitted(
                        claim,
                        1,
                        List.of("t1"),
                        CLOCK.instant(),
                        CLOCK.instant().plusSeconds(60)));
            }
        }
        if (kind.from() == SongState.GENERATED) {
            claims(SongState.SUBMITTED, ids)
                    .forEach(claim -> ledger.make(new Change.Generated(claim, List.of(), clips("c1"))));
        }
        List<Claim> claims = claims(kind.from(), ids);
        if (kind.from() == SongState.ACCEPTED && kind.isIntended()) {
            claims.forEach(claim -> ledger.make(new Change.Intended(claim, 1, 35_000)));
        }
        return claims.stream()
                .collect(Collectors.toMap(
                        claim -> claim.songId().substring(kind.name().length() + 1), Function.identity()));
    }

    private static List<Claim> claims(SongState state, List<String> ids) {
        List<Claim> claims = new ArrayList<>();
        for (ClaimedSong each : ledger.claims().claimDue(state, "foxai", REAL, 1_000, LEASE)) {
            if (ids.contains(each.song().id())) {
                claims.add(each.claim());
            } else {
                ledger.make(new Change.Released(each.claim()));
            }
        }
        assertThat(claims).hasSameSizeAs(ids);
        return claims;
    }

    private static String song(Kind kind, String ending) {
        Song song = ledger.catalog().find(kind.name() + " " + ending).orElseThrow();
        return song.toString().replace(song.id(), "the song");
    }
}
