package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.Claims.NextPolls;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.Task.Outcome;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import io.camelody.testkit.AtOnce;
import io.camelody.testkit.ChildJvm;
import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for the ledger whatever database it is in. A subclass says which. */
abstract class SongLedgerContract {

    static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration SIX_MINUTES = Duration.ofMinutes(6);

    private static final Scope REAL = new Scope(false, Optional.empty());

    final SettableClock clock = new SettableClock();

    SongLedger ledger;

    /** The database of this test, which nobody has used before. */
    abstract String url();

    /** When the next worker may take over what one that dies now has. */
    Instant afterADeath() {
        return Instant.now();
    }

    /** The next worker has been at it for as long as it leaves others to renew their claims. */
    void awaitDoubts() {}

    @BeforeEach
    void open() {
        ledger = SongLedger.openForWork(url(), clock);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    // ---- looking for songs

    @Test
    void aLookForSongsCostsNoMoreThanItsLimitAndSaysWhereToGoOn() {
        List<NewSong> many = new ArrayList<>();
        many.add(request("first"));
        for (int i = 0; i < SongSearch.LOOKED_AT; i++) {
            many.add(request("s" + i));
        }
        ledger.accept(many, false);
        SongSearch.Wish wish = new SongSearch.Wish(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("FIRST"), Optional.empty());

        // the ids of one moment go back in their order, and "first" is behind all others
        SongSearch.Page first = ledger.search().newest(wish, Optional.empty(), 10);
        SongSearch.Page second = ledger.search().newest(wish, first.next(), 10);

        assertThat(first.songs()).isEmpty();
        assertThat(second.songs()).extracting(Song::id).containsExactly("first");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void aFullPageIsTheLastWhereNoneFollows() {
        ledger.accept(List.of(request("a"), request("b")), false);
        SongSearch.Wish all = new SongSearch.Wish(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(ledger.search().newest(all, Optional.empty(), 2).next()).isEmpty();
        assertThat(ledger.search().newest(all, Optional.empty(), 1).next()).isPresent();
    }

    @Test
    void songsOfTheSandboxAreLookedForApart() {
        ledger.accept(List.of(request("real")), false);
        ledger.accept(List.of(request("toy")), true);

        for (boolean sandbox : List.of(true, false)) {
            SongSearch.Wish kind = new SongSearch.Wish(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(sandbox));
            String id = sandbox ? "toy" : "real";
            assertThat(ledger.search().newest(kind, Optional.empty(), 10).songs())
                    .extracting(Song::id)
                    .containsExactly(id);
            assertThat(ledger.happenings().ofKind(sandbox).after(0, 10))
                    .extracting(Happening::songId)
                    .containsExactly(id);
            assertThat(ledger.happenings().ofKind(sandbox).of("toy")).hasSize(1);
        }
        assertThat(ledger.happenings().after(0, 10)).hasSize(2);
    }

    // ---- accepting

    @Test
    void acceptsARequestOnceThatComesTwiceInOnePortion() {
        List<Receipt> receipts = ledger.accept(List.of(request("s1"), request("s2"), request("s1")), false);

        assertThat(receipts).extracting(Receipt::isNew).containsExactly(true, true, false);
        assertThat(ledger.happenings().after(0, 10))
                .extracting(Happening::songId)
                .containsExactly("s1", "s2");
    }

    @Test
    void acceptsARequestOnce() {
        List<Receipt> first = ledger.accept(List.of(request("s1")), false);
        List<Receipt> second = ledger.accept(List.of(request("s1")), false);

        assertThat(first).containsExactly(new Receipt("s1", SongState.ACCEPTED, true, false, false, false));
        assertThat(second).containsExactly(new Receipt("s1", SongState.ACCEPTED, false, true, false, false));
        assertThat(ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 10))
                .hasSize(1);
    }

    @Test
    void acceptsAnIdOnceWithinOneList() {
        List<Receipt> receipts = ledger.accept(List.of(request("s1"), request("s1")), false);

        assertThat(receipts).extracting(Receipt::isNew).containsExactly(true, false);
    }

    @Test
    void saysOfAnIdThatItsSongIsOfAnotherRequestAndLeavesThatSongAsItIs() {
        ledger.accept(List.of(request("s1", "monday")), false);
        NewSong same = request("s1", "tuesday");
        NewSong other = of(same, Json.object().put("prompt", "a waltz"));

        Receipt differing = ledger.accept(List.of(other), false).get(0);

        assertThat(differing).isEqualTo(new Receipt("s1", SongState.ACCEPTED, false, false, false, true));
        assertThat(song("s1").request().path("prompt").textValue()).isEqualTo("a tango");
        assertThat(ledger.catalog().count("monday").total()).isOne();
        assertThat(ledger.accept(List.of(same), false).get(0).differs()).isFalse();
    }

    @Test
    void orderOfFieldsMakesNoOtherRequest() {
        NewSong first = request("s1");
        ObjectNode fields =
                Json.object().put("title", "T").put("prompt", "a tango").put("styleWeight", 0.5f);
        ObjectNode others =
                Json.object().put("styleWeight", 0.5d).put("prompt", "a tango").put("title", "T");

        ledger.accept(List.of(of(first, fields)), false);

        assertThat(ledger.accept(List.of(of(first, others)), false).get(0).differs())
                .isFalse();
    }

    private static NewSong of(NewSong like, ObjectNode request) {
        return new NewSong(
                like.id(),
                like.vendor(),
                like.lyricsVendor(),
                request,
                like.notes(),
                like.isMovable(),
                like.hasWebhook(),
                like.source(),
                like.batch());
    }

    @Test
    void acceptsAllOrNothing() {
        NewSong broken = song("s2", null, Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> ledger.accept(List.of(request("s1"), broken), false))
                .isInstanceOf(LedgerException.class);

        assertThat(ledger.catalog().find("s1")).isEmpty();
    }

    @Test
    void keepsWhatWasAcceptedOverARestart() {
        ledger.accept(List.of(request("s1")), false);
        Song before = song("s1");

        reopen();

        assertThat(song("s1")).isEqualTo(before);
        assertThat(before.request().path("prompt").textValue()).isEqualTo("a tango");
        assertThat(before.acceptedAt()).isEqualTo(SettableClock.START);
    }

    @Test
    void tellsTheStateOfASongThatIsThere() {
        submitted("s1", "t1");

        Receipt again = ledger.accept(List.of(request("s1")), true).get(0);

        assertThat(again).isEqualTo(new Receipt("s1", SongState.SUBMITTED, false, true, false, false));
    }

    @Test
    void aSongJoinsTheNewestBatchThatAsksForIt() {
        ledger.accept(List.of(request("s1", "monday")), false);

        Receipt same = ledger.accept(List.of(request("s1", "monday")), false).get(0);
        Receipt other = ledger.accept(List.of(request("s1", "tuesday")), false).get(0);

        assertThat(same.sameBatch()).isTrue();
        assertThat(other.sameBatch()).isFalse();
        assertThat(ledger.catalog().count("monday").total()).isZero();
        assertThat(ledger.catalog().count("tuesday").total()).isOne();
    }

    @Test
    void aSongDoesNotJoinABatchOfTheOtherSide() {
        ledger.accept(List.of(request("s1", "real")), false);

        Receipt receipt = ledger.accept(List.of(request("s1", "sandbox")), true).get(0);

        assertThat(receipt.sandbox()).isFalse();
        assertThat(ledger.catalog().count("sandbox").total()).isZero();
    }

    @Test
    void aSongWithWordsToWriteBeginsAtItsWriter() {
        ledger.accept(List.of(song("s1", "foxai", Optional.of("senseaudio"), Optional.empty())), false);

        assertThat(claim(SongState.ACCEPTED, "foxai")).isEmpty();
        assertThat(claim(SongState.ACCEPTED, "senseaudio")).hasSize(1);
        assertThat(song("s1").step()).isEqualTo(Step.LYRICS);
        assertThat(song("s1").stepVendor()).isEqualTo("senseaudio");
    }

    // ---- claims

    @Test
    void aClaimHidesASongUntilItsLeaseEnds() {
        accepted("s1");
        Claim first = claim(SongState.ACCEPTED).get(0).claim();

        clock.forward(LEASE);
        assertThat(claim(SongState.ACCEPTED)).isEmpty();
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, List.of("foxai"), REAL))
                .isEmpty();
        assertThat(ledger.claims().countDue(SongState.ACCEPTED, "foxai", REAL, 10))
                .isZero();

        clock.forward(Duration.ofMillis(1));
        try (SongLedger other = SongLedger.openBeside(url(), clock)) {
            Claim second = other.claims()
                    .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, LEASE)
                    .get(0)
                    .claim();
            assertThat(second.by()).isNotEqualTo(first.by());
            assertThatThrownBy(() -> ledger.make(new Change.Released(first))).isInstanceOf(ClaimLostException.class);
            other.make(new Change.Released(second));
        }
    }

    @Test
    void aClaimThatRanOutStillCountsWhileNobodyTookOver() {
        accepted("s1");
        Claim claim = claim(SongState.ACCEPTED).get(0).claim();
        clock.forward(LEASE.multipliedBy(2));

        ledger.make(new Change.AcceptedAgain(claim, now(), "too fast", Outcome.NOT_MADE));

        assertThat(song("s1").attempt()).isOne();
    }

    @Test
    void aRenewedClaimLastsLongerAndIsTheSame() {
        accepted("s1");
        Claim claim = claim(SongState.ACCEPTED).get(0).claim();
        clock.forward(LEASE.minusSeconds(1));

        List<Claim> renewed = ledger.claims().renew(List.of(claim), LEASE);

        assertThat(renewed)
                .containsExactly(new Claim("s1", claim.by(), now().plus(LEASE).toEpochMilli()));
        clock.forward(LEASE);
        assertThat(claim(SongState.ACCEPTED)).isEmpty();
        ledger.make(new Change.Released(claim));
        assertThat(claim(SongState.ACCEPTED)).hasSize(1);
    }

    @Test
    void aClaimIsRenewedInTimeForAPaidCall() {
        accepted("s1");
        Claim claim = claim(SongState.ACCEPTED).get(0).claim();
        clock.forward(LEASE.minusSeconds(1));

        ledger.claims().renew(List.of(claim), LEASE);

        ledger.make(new Change.Intended(claim, 1, 35_000));
    }

    @Test
    void aClaimThatIsLostIsNotRenewed() {
        accepted("s1", "s2");
        List<Claim> claims =
                claim(SongState.ACCEPTED).stream().map(ClaimedSong::claim).toList();
        ledger.steering().cancel("s1");
        clock.forward(LEASE.plusMillis(1));
        Claim taken = claim(SongState.ACCEPTED).get(0).claim();

        assertThat(ledger.claims().renew(claims, LEASE)).isEmpty();

        clock.forward(LEASE);
        assertThat(ledger.claims().renew(List.of(taken), LEASE)).hasSize(1);
    }

    @Test
    void everyChangeIsRefusedUnderALostClaimAndChangesNothing() {
        accepted("s1");
        Claim lost = claim(SongState.ACCEPTED).get(0).claim();
        clock.forward(LEASE.plusMillis(1));
        ClaimedSong taken = claim(SongState.ACCEPTED).get(0);
        ledger.make(new Change.Intended(taken.claim(), 1, 35_000));
        Song before = song("s1");
        List<Change> changes = List.of(
                new Change.Intended(lost, 2, 35_000),
                new Change.Submitted(lost, 1, List.of("t1"), now(), now()),
                new Change.AcceptedAgain(lost, now(), "rate", Outcome.NOT_MADE),
                new Change.MovedOn(lost, "sunomusic", Optional.empty(), List.of(), now(), Outcome.NOT_MADE),
                new Change.Doubted(lost, "reset", Optional.of("<html>")),
                new Change.PolledOn(lost, List.of(report(1, "running", false)), now(), Optional.of(now())),
                new Change.LyricsWritten(lost, List.of(report(1, "succeeded", true)), Json.object()),
                new Change.Generated(lost, List.of(report(1, "succeeded", true)), clips("c1")),
                new Change.DeliverLater(lost, clips("c1"), List.of(), 1, now(), Optional.of("cut")),
                new Change.Delivered(lost, clips("c1"), List.of()),
                new Change.Undelivered(lost, clips("c1"), List.of(), Reason.SINK_FAILED, "403"),
                new Change.Failed(lost, Reason.VENDOR_FAILED, "no", List.of(report(1, "failed", true)), Outcome.MADE),
                new Change.Released(lost));
        assertThat(changes.stream().map(Change::getClass))
                .as("every kind of change")
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(changeClasses()));

        for (Change change : changes) {
            assertThatThrownBy(() -> ledger.make(change))
                    .as(change.toString())
                    .isInstanceOf(ClaimLostException.class)
                    .hasMessageContaining("s1");
            assertThat(song("s1")).as(change.toString()).isEqualTo(before);
        }

        ledger.make(new Change.Submitted(taken.claim(), 1, List.of("t1"), now(), now()));
        assertThat(song("s1").state()).isEqualTo(SongState.SUBMITTED);
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends Change>[] changeClasses() {
        return (Class<? extends Change>[]) Change.class.getPermittedSubclasses();
    }

    @Test
    void makesTheRestOfWhatIsUnderLostClaims() {
        accepted("s1", "s2", "s3");
        List<Claim> claims =
                claim(SongState.ACCEPTED).stream().map(ClaimedSong::claim).toList();
        ledger.steering().cancel("s2");

        List<Claim> lost = ledger.makeAll(claims.stream()
                .map(claim -> new Change.Failed(claim, Reason.VENDOR_REFUSED, "no", List.of(), Outcome.NOT_MADE))
                .toList());

        assertThat(lost).extracting(Claim::songId).containsExactly("s2");
        assertThat(song("s1").state()).isEqualTo(SongState.FAILED);
        assertThat(song("s2").state()).isEqualTo(SongState.CANCELLED);
        assertThat(song("s3").state()).isEqualTo(SongState.FAILED);
    }

    @Test
    void claimsTheOldestDueFirstAndNotWhatIsDueLater() {
        for (String id : List.of("s1", "s2", "s3")) {
            accepted(id);
            clock.forward(Duration.ofSeconds(1));
        }
        Claim first = ledger.claims()
                .claimDue(SongState.ACCEPTED, "foxai", REAL, 1, LEASE)
                .get(0)
                .claim();
        ledger.make(new Change.AcceptedAgain(first, now().plusSeconds(10), "too fast", Outcome.NOT_MADE));

        List<ClaimedSong> claimed = claim(SongState.ACCEPTED);

        assertThat(first.songId()).isEqualTo("s1");
        assertThat(claimed).extracting(each -> each.song().id()).containsExactlyInAnyOrder("s2", "s3");
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, List.of("foxai"), REAL))
                .containsExactly(Map.entry("foxai", now().plusSeconds(10)));
    }

    @Test
    void oneLookTellsWhatIsNextAtEachVendor() {
        ledger.accept(List.of(request("s1"), request("s2", "monday")), false);
        ledger.accept(List.of(song("w1", "foxai", Optional.of("senseaudio"), Optional.empty())), false);
        ledger.accept(List.of(request("play", "monday")), true);
        Claim claim = claim(SongState.ACCEPTED, "senseaudio").get(0).claim();
        ledger.make(new Change.AcceptedAgain(claim, now().plusSeconds(10), "too fast", Outcome.NOT_MADE));
        List<String> vendors = List.of("foxai", "senseaudio", "sunomusic");

        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, vendors, REAL))
                .containsOnly(Map.entry("foxai", now()), Map.entry("senseaudio", now().plusSeconds(10)));
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, List.of("senseaudio"), REAL))
                .containsOnlyKeys("senseaudio");
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, vendors, new Scope(false, Optional.of("monday"))))
                .containsOnlyKeys("foxai");
        assertThat(ledger.claims().nextDue(SongState.SUBMITTED, vendors, REAL)).isEmpty();
    }

    @Test
    void aLookForStatusCallsTellsWhichVendorsRest() {
        submitted("s1", "t1");
        ledger.claims().rest("foxai", false, Duration.ofSeconds(30));
        ledger.claims().rest("senseaudio", true, Duration.ofSeconds(30));
        ledger.claims().rest("sunomusic", false, Duration.ofSeconds(5));
        clock.forward(Duration.ofSeconds(5));

        NextPolls next = ledger.claims().nextPolls(List.of("foxai", "senseaudio", "sunomusic"), REAL);

        assertThat(next.due()).containsOnlyKeys("foxai");
        assertThat(next.restsUntil()).containsOnly(Map.entry("foxai", now().plusSeconds(25)));
    }

    @Test
    void noSongIsClaimedByTwoAtOnce() throws Exception {
        int songs = 600;
        for (int i = 0; i < songs; i++) {
            accepted("s" + i);
        }
        Map<String, String> holders = new ConcurrentHashMap<>();
        try (SongLedger other = SongLedger.openBeside(url(), clock)) {
            List<SongLedger> workers = Stream.generate(() -> List.of(ledger, other))
                    .limit(4)
                    .flatMap(List::stream)
                    .toList();
            List<List<String>> twice = AtOnce.forEach(workers, mine -> claimAll(mine, holders));
            assertThat(twice).as("claimed by two").containsOnly(List.of());
        }
        assertThat(holders).hasSize(songs);
    }

    /** @return those that somebody else holds too, of which one is enough */
    private List<String> claimAll(SongLedger mine, Map<String, String> holders) {
        List<String> twice = new ArrayList<>();
        List<ClaimedSong> found = claimSome(mine);
        while (!found.isEmpty() && twice.isEmpty()) {
            for (ClaimedSong song : found) {
                if (holders.put(song.song().id(), song.claim().by()) != null) {
                    twice.add(song.song().id());
                }
            }
            found = claimSome(mine);
        }
        return twice;
    }

    private static List<ClaimedSong> claimSome(SongLedger ledger) {
        return ledger.claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 3, LEASE);
    }

    @Test
    void aBatchAloneClaimsItsOwnSongs() {
        ledger.accept(List.of(request("s1", "monday"), request("s2", "tuesday"), request("s3")), false);
        Scope monday = new Scope(false, Optional.of("monday"));

        assertThat(ledger.claims().countDue(SongState.ACCEPTED, "foxai", monday, 10))
                .isOne();
        assertThat(ledger.claims().claimDue(SongState.ACCEPTED, "foxai", monday, 10, LEASE))
                .extracting(each -> each.song().id())
                .containsExactly("s1");
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, List.of("foxai"), monday))
                .isEmpty();
        assertThat(claim(SongState.ACCEPTED)).hasSize(2);
    }

    @Test
    void sandboxAndRealSongsAreNeverClaimedTogether() {
        ledger.accept(List.of(request("real")), false);
        ledger.accept(List.of(request("play")), true);
        Scope sandbox = new Scope(true, Optional.empty());

        assertThat(ledger.claims().claimDue(SongState.ACCEPTED, "foxai", sandbox, 10, LEASE))
                .extracting(each -> each.song().id())
                .containsExactly("play");
        assertThat(claim(SongState.ACCEPTED))
                .extracting(each -> each.song().id())
                .containsExactly("real");
        assertThat(ledger.claims().countSubmitted("foxai", true)).isZero();
    }

    // ---- the paid call

    @Test
    void anIntentIsNeverClaimedAgain() {
        accepted("s1");
        intend("s1");

        clock.forward(Duration.ofDays(1));

        assertThat(claim(SongState.ACCEPTED)).isEmpty();
        assertThat(ledger.claims().nextDue(SongState.ACCEPTED, List.of("foxai"), REAL))
                .isEmpty();
    }

    @Test
    void aSecondIntentUnderOneClaimIsRefused() {
        accepted("s1");
        Claim claim = intend("s1");

        assertThatThrownBy(() -> ledger.make(new Change.Intended(claim, 2, 35_000)))
                .isInstanceOf(ClaimLostException.class);

        assertThat(song("s1").tasks()).hasSize(1);
    }

    @Test
    void claimLastsAsLongAsTheCallThatIsIntendedUnderIt() {
        accepted("s1");
        Claim claim = claim("s1");
        clock.forward(LEASE.minusSeconds(1));

        ledger.make(new Change.Intended(claim, 1, 35_000));
        ledger.claims().renew(List.of(claim), Duration.ofSeconds(30));

        clock.forward(Duration.ofMinutes(2));
        assertThat(ledger.doubts().noteAbandoned()).isEmpty();
        clock.forward(Duration.ofMillis(1));
        assertThat(ledger.doubts().noteAbandoned()).containsExactly("s1");
    }

    @Test
    void noCallIsIntendedUnderAClaimThatHasRunOut() {
        accepted("s1");
        Claim claim = claim("s1");

        clock.forward(LEASE.plusMillis(1));

        assertThatThrownBy(() -> ledger.make(new Change.Intended(claim, 1, 35_000)))
                .isInstanceOf(ClaimLostException.class);
        assertThat(song("s1").tasks()).isEmpty();
        ledger.make(new Change.Released(claim));
        intend("s1");
    }

    @Test
    void aClaimWithAnOpenIntentIsNotGivenBack() {
        accepted("s1");
        Claim claim = intend("s1");

        assertThatThrownBy(() -> ledger.make(new Change.Released(claim))).isInstanceOf(ClaimLostException.class);

        clock.forward(LEASE.plusMillis(1));
        assertThat(ledger.doubts().noteAbandoned()).containsExactly("s1");
    }

    @Test
    void aCrashDuringThePaidCallIsADoubt() throws Exception {
        ledger.close();
        assertThat(ChildJvm.run(LedgerChild.class, url(), "after-intent").exitCode())
                .isEqualTo(9);

        clock.set(afterADeath());
        ledger = SongLedger.openForWork(url(), clock);
        awaitDoubts();

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.IN_DOUBT);
        assertThat(song.message()).hasValueSatisfying(text -> assertThat(text).contains("Nobody heard"));
        assertThat(song.tasks()).extracting(Task::outcome).containsExactly(Outcome.UNKNOWN);
        clock.set(Instant.now().plusSeconds(86_400));
        assertThat(claim(SongState.ACCEPTED)).isEmpty();
        assertThat(ledger.doubts().resubmittable("foxai", REAL)).containsExactly("s1");
    }

    @Test
    void aCrashBeforeThePaidCallLetsTheSongGoOnAtOnce() throws Exception {
        ledger.close();
        assertThat(ChildJvm.run(LedgerChild.class, url(), "after-claim").exitCode())
                .isEqualTo(9);

        clock.set(afterADeath());
        ledger = SongLedger.openForWork(url(), clock);

        assertThat(claim(SongState.ACCEPTED)).hasSize(1);
    }

    @Test
    void aCrashAfterTheSubmitLeavesATaskToAskAbout() throws Exception {
        ledger.close();
        assertThat(ChildJvm.run(LedgerChild.class, url(), "after-submit").exitCode())
                .isEqualTo(9);

        clock.set(afterADeath());
        ledger = SongLedger.openForWork(url(), clock);

        assertThat(claim(SongState.ACCEPTED)).isEmpty();
        assertThat(claim(SongState.SUBMITTED).get(0).song().stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t1");
    }

    @Test
    void anIntentWhoseClaimRanOutIsADoubtAlsoWhileTheProcessLives() {
        accepted("s1", "s2");
        intend("s1");
        assertThat(ledger.doubts().noteAbandoned()).isEmpty();

        clock.forward(LEASE.plusMillis(1));

        assertThat(ledger.doubts().noteAbandoned()).containsExactly("s1");
        assertThat(song("s1").state()).isEqualTo(SongState.IN_DOUBT);
        assertThat(song("s2").state()).isEqualTo(SongState.ACCEPTED);
        assertThat(ledger.doubts().noteAbandoned()).isEmpty();
    }

    @Test
    void anOrderlyEndHandsClaimsBackAndDoubtsCallsUnderWay() {
        accepted("s1", "s2");
        intend("s1");
        assertThat(claim(SongState.ACCEPTED)).hasSize(1);

        ledger.close();

        try (SongLedger beside = SongLedger.openBeside(url(), clock)) {
            assertThat(beside.catalog().find("s1").orElseThrow().state()).isEqualTo(SongState.IN_DOUBT);
            assertThat(beside.claims().claimDue(SongState.ACCEPTED, "foxai", REAL, 10, LEASE))
                    .extracting(each -> each.song().id())
                    .containsExactly("s2");
        }
        ledger = SongLedger.openForWork(url(), clock);
    }

    @Test
    void aSubmittedSongIsFreeAndDueAtItsFirstPoll() {
        submitted("s1", "t1");

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.SUBMITTED);
        assertThat(song.submittedAt()).contains(now());
        assertThat(song.timeoutAt()).contains(now().plus(SIX_MINUTES));
        assertThat(song.dueAt()).isEqualTo(now().plusSeconds(10));
        assertThat(ledger.claims().countSubmitted("foxai", false)).isOne();
        assertThat(claim(SongState.SUBMITTED)).isEmpty();
        clock.forward(Duration.ofSeconds(10));
        assertThat(claim(SongState.SUBMITTED)).hasSize(1);
    }

    @Test
    void aTaskWhoseTimeIsOverIsNotCountedAsRunning() {
        submitted("s1", "t1");

        clock.forward(SIX_MINUTES);

        assertThat(ledger.claims().countSubmitted("foxai", false)).isZero();
    }

    @Test
    void aCallThatMadeSeveralTasksIsPaidForOnce() {
        submitted("s1", "t1", "t2", "t3");

        Song song = song("s1");
        assertThat(song.stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t1", "t2", "t3");
        assertThat(song.stepTasks()).extracting(Task::number).containsExactly(1, 2, 3);
        assertThat(song.price()).isEqualTo(35_000);
    }

    @Test
    void aDoubtKeepsWhatCameBack() {
        accepted("s1");
        Claim claim = intend("s1");

        ledger.make(new Change.Doubted(claim, "No task id.", Optional.of("{\"ok\":1}")));

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.IN_DOUBT);
        assertThat(song.message()).contains("No task id.");
        assertThat(song.tasks().get(0).answer()).contains("{\"ok\":1}");
        assertThat(song.price()).isZero();
    }

    @Test
    void aLateAnswerEndsTheDoubtAboutItsOwnCall() {
        accepted("s1");
        Claim claim = intend("s1");
        clock.forward(LEASE.plusMillis(1));
        ledger.doubts().noteAbandoned();

        ledger.make(new Change.Submitted(claim, 1, List.of("t1", "t2"), now(), now().plus(SIX_MINUTES)));

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.SUBMITTED);
        assertThat(song.stepTasks()).hasSize(2).allMatch(task -> task.outcome() == Outcome.MADE);
        assertThat(song.price()).isEqualTo(35_000);
    }

    @Test
    void aLateAnswerAfterAResubmitIsUsedAsLongAsNothingNewLeft() {
        accepted("s1");
        Claim first = abandoned("s1");
        ledger.steering().resolveByResubmit("s1");
        Claim second = claim(SongState.ACCEPTED).get(0).claim();

        ledger.make(new Change.Submitted(first, 1, List.of("t1"), now(), now().plus(SIX_MINUTES)));

        assertThat(song("s1").state()).isEqualTo(SongState.SUBMITTED);
        assertThat(song("s1").stepTasks()).hasSize(1);
        assertThatThrownBy(() -> ledger.make(new Change.Intended(second, 2, 35_000)))
                .isInstanceOf(ClaimLostException.class);
    }

    @Test
    void aLateAnswerDuringTheSecondCallIsPutOnRecord() {
        accepted("s1");
        Claim first = abandoned("s1");
        ledger.steering().resolveByResubmit("s1");
        Claim second = claim(SongState.ACCEPTED).get(0).claim();
        ledger.make(new Change.Intended(second, 2, 35_000));

        ledger.make(new Change.Submitted(first, 1, List.of("t1", "t1b"), now(), now().plus(SIX_MINUTES)));
        ledger.make(new Change.Submitted(second, 2, List.of("t2"), now(), now().plus(SIX_MINUTES)));

        Song song = song("s1");
        assertThat(song.stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t2");
        assertThat(song.tasks()).extracting(task -> task.taskId().orElseThrow()).containsExactly("t1", "t2", "t1b");
        assertThat(song.price()).isEqualTo(70_000);
    }

    @Test
    void aLateAnswerAboutTheFirstOfTwoDoubtsGivesTheSongATask() {
        accepted("s1");
        Claim first = abandoned("s1");
        ledger.steering().resolveByResubmit("s1");
        Claim second = claim(SongState.ACCEPTED).get(0).claim();
        ledger.make(new Change.Intended(second, 2, 35_000));
        ledger.make(new Change.Doubted(second, "reset", Optional.empty()));

        ledger.make(new Change.Submitted(first, 1, List.of("t1"), now(), now().plus(SIX_MINUTES)));

        assertThat(song("s1").state()).isEqualTo(SongState.SUBMITTED);
        assertThat(song("s1").stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t1");
    }

    @Test
    void aLateAnswerOfACancelledSongIsPutOnRecord() {
        accepted("s1");
        Claim claim = abandoned("s1");
        ledger.steering().cancel("s1");

        ledger.make(new Change.Submitted(claim, 1, List.of("t1"), now(), now().plus(SIX_MINUTES)));

        assertThat(song("s1").state()).isEqualTo(SongState.CANCELLED);
        assertThat(song("s1").price()).isEqualTo(35_000);
        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void aLateAnswerDoesNotTouchASongThatWasResolved() {
        accepted("s1");
        Claim claim = abandoned("s1");
        ledger.steering().resolveAsTask("s1", "t1", SIX_MINUTES);
        Song before = song("s1");

        assertThatThrownBy(() -> ledger.make(new Change.Submitted(claim, 1, List.of("t1"), now(), now())))
                .isInstanceOf(ClaimLostException.class);

        assertThat(song("s1")).isEqualTo(before);
    }

    // ---- the steps of a life

    @Test
    void aSongThatIsAcceptedAgainCountsItsTries() {
        accepted("s1");
        ledger.make(new Change.AcceptedAgain(intend("s1"), now(), "HTTP 429", Outcome.NOT_MADE));
        ledger.make(new Change.AcceptedAgain(intend("s1"), now(), "HTTP 429", Outcome.NOT_MADE));

        Song song = song("s1");
        assertThat(song.attempt()).isEqualTo(2);
        assertThat(song.message()).contains("HTTP 429");
        assertThat(song.tasks()).extracting(Task::outcome).containsExactly(Outcome.NOT_MADE, Outcome.NOT_MADE);
        assertThat(song.tasks()).extracting(Task::number).containsExactly(1, 2);
        assertThat(song.price()).isZero();
    }

    @Test
    void writtenLyricsMakeTheSongStepDueAtTheSinger() {
        ledger.accept(List.of(song("s1", "foxai", Optional.of("senseaudio"), Optional.empty())), false);
        Claim claim = claim(SongState.ACCEPTED, "senseaudio").get(0).claim();
        ledger.make(new Change.Intended(claim, 1, 0));
        ObjectNode written = Json.object().put("lyrics", "la la").put("title", "La");

        ledger.make(new Change.LyricsWritten(claim, List.of(), written));

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.ACCEPTED);
        assertThat(song.step()).isEqualTo(Step.SONG);
        assertThat(song.written()).contains(written);
        assertThat(song.stepTasks()).isEmpty();
        assertThat(claim(SongState.ACCEPTED, "foxai")).hasSize(1);
    }

    @Test
    void pollsLeaveWhatTheVendorSaid() {
        submitted("s1", "t1", "t2");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        TaskReport streaming = new TaskReport(1, "streaming", clips("c1"), Optional.empty(), 0, false);
        TaskReport failed =
                new TaskReport(2, "failed", Json.MAPPER.createArrayNode(), Optional.of("no voice"), 0, true);

        ledger.make(new Change.PolledOn(claim, List.of(streaming, failed), now().plusSeconds(5), Optional.of(now())));

        Song song = song("s1");
        assertThat(song.settlingSince()).contains(now());
        assertThat(song.tasks().get(0).clips()).isEqualTo(clips("c1"));
        assertThat(song.tasks().get(0).endedAt()).isEmpty();
        assertThat(song.tasks().get(1).error()).contains("no voice");
        assertThat(song.tasks().get(1).endedAt()).contains(now());
    }

    @Test
    void aDeliveredSongHasEndedAndIsAnnouncedOnce() {
        generated("s1");
        Claim claim = claim(SongState.GENERATED).get(0).claim();
        ledger.make(new Change.DeliverLater(claim, clips("c1"), List.of(), 1, now(), Optional.of("cut")));
        assertThat(song("s1").attempt()).isOne();
        Claim again = claim(SongState.GENERATED).get(0).claim();

        ledger.make(new Change.Delivered(again, clips("c1"), List.of()));

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.DELIVERED);
        assertThat(song.finishedAt()).contains(now());
        assertThat(song.message()).isEmpty();
        assertThat(ledger.announcements().due(false, 10)).containsExactly(song);
        assertThat(ledger.announcements().due(true, 10)).isEmpty();
        ledger.announcements().told(song);
        assertThat(ledger.announcements().due(false, 10)).isEmpty();
    }

    @Test
    void aSongThatIsRetriedWhileItsEndIsToldIsToldOfAgain() {
        submitted("s1", "t1");
        fail("s1", Reason.VENDOR_TIMEOUT);
        Song told = ledger.announcements().due(false, 10).get(0);
        ledger.steering().retry("s1", SIX_MINUTES);

        ledger.announcements().told(told);
        clock.forward(Duration.ofSeconds(1));
        fail("s1", Reason.VENDOR_TIMEOUT);

        assertThat(ledger.announcements().due(false, 10)).hasSize(1);
    }

    @Test
    void anEndThatWasNotTakenGoesBehindTheOthersUntilItIsDue() {
        for (String id : List.of("s1", "s2")) {
            submitted(id, "t-" + id);
            fail(id, Reason.VENDOR_TIMEOUT);
            clock.forward(Duration.ofSeconds(1));
        }
        Song refused = song("s1");

        ledger.announcements().later(refused, now().plusSeconds(2));
        assertThat(ledger.announcements().due(false, 10)).containsExactly(song("s2"));
        clock.forward(Duration.ofSeconds(2));

        assertThat(ledger.announcements().due(false, 10)).containsExactly(song("s2"), refused);
        assertThat(ledger.announcements().due(false, 1)).containsExactly(song("s2"));
    }

    @Test
    void anEndThatWasNotTakenDoesNotHoldUpTheNextEndOfItsSong() {
        submitted("s1", "t1");
        fail("s1", Reason.VENDOR_TIMEOUT);
        ledger.announcements().later(song("s1"), now().plusSeconds(300));

        ledger.steering().retry("s1", SIX_MINUTES);
        fail("s1", Reason.VENDOR_TIMEOUT);

        assertThat(ledger.announcements().due(false, 10)).hasSize(1);
    }

    // ---- claims for polls

    @Test
    void aPollIsFilledWithSongsThatWereAskedAboutAndAreDueSoon() {
        submitted("due", "t1");
        submitted("soon", "t2");
        submitted("later", "t3");
        clock.forward(Duration.ofSeconds(10));
        for (ClaimedSong song : claim(SongState.SUBMITTED)) {
            int wait = Map.of("due", 1, "soon", 3, "later", 60).get(song.song().id());
            ledger.make(new Change.PolledOn(song.claim(), List.of(), now().plusSeconds(wait), Optional.empty()));
        }
        clock.forward(Duration.ofSeconds(1));
        submitted("never asked", "t4");

        List<ClaimedSong> claimed = ledger.claims()
                .claimForPoll("foxai", REAL, 100, 25, now().plusSeconds(30), LEASE)
                .songs();

        assertThat(claimed).extracting(each -> each.song().id()).containsExactly("due", "soon");
    }

    @Test
    void aFullPollTakesNothingAlong() {
        submitted("s1", "t1");
        submitted("s2", "t2");
        submitted("s3", "t3");
        clock.forward(Duration.ofSeconds(10));
        List<ClaimedSong> all = claim(SongState.SUBMITTED);
        for (int i = 0; i < 3; i++) {
            ledger.make(new Change.PolledOn(
                    all.get(i).claim(), List.of(), now().plusSeconds(i < 2 ? 1 : 2), Optional.empty()));
        }
        clock.forward(Duration.ofSeconds(1));

        assertThat(ledger.claims()
                        .claimForPoll("foxai", REAL, 100, 2, now().plusSeconds(30), LEASE)
                        .songs())
                .hasSize(2);
    }

    @Test
    void aPollIsNotBegunForSongsThatAreNotDue() {
        submitted("s1", "t1");

        assertThat(ledger.claims()
                        .claimForPoll("foxai", REAL, 100, 25, now().plusSeconds(60), LEASE)
                        .songs())
                .isEmpty();
    }

    @Test
    void songsWhoseTimeIsOverAreFoundDueOrNot() {
        submitted("s1", "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.PolledOn(claim, List.of(), now().plus(Duration.ofHours(1)), Optional.empty()));
        assertThat(ledger.claims().claimOver("foxai", REAL, LEASE)).isEmpty();

        clock.forward(SIX_MINUTES);

        assertThat(ledger.claims().claimOver("foxai", REAL, LEASE)).hasSize(1);
    }

    @Test
    void aSongThatIsPostponedIsNobodysUntilThen() {
        submitted("s1", "t1");
        long later = now().plusSeconds(100).toEpochMilli();

        assertThat(ledger.inFlight().postpone(List.of(postponed("s1", later)))).hasSize(1);

        clock.forward(Duration.ofSeconds(99));
        assertThat(claim(SongState.SUBMITTED)).isEmpty();
        clock.forward(Duration.ofSeconds(1));
        assertThat(claim(SongState.SUBMITTED)).hasSize(1);
        assertThat(song("s1").polledAt()).contains(Instant.ofEpochMilli(7));
    }

    @Test
    void whatSomebodyHasMadeDueIsNotPostponed() {
        CallbackToken token = calledBack("called");
        submitLater("called");
        submitted("cancelled", "t1");
        submitted("claimed", "t2");
        submitted("free", "t3");
        long later = now().plusSeconds(100).toEpochMilli();
        List<Postponed> all = Stream.of("called", "cancelled", "claimed", "free")
                .map(id -> postponed(id, later))
                .toList();
        clock.forward(Duration.ofSeconds(5));
        ledger.callbacks().heard("foxai", token);
        ledger.steering().cancel("cancelled");
        ledger.inFlight().claim("foxai", false, List.of("claimed"), LEASE);

        assertThat(ledger.inFlight().postpone(all))
                .extracting(Postponed::songId)
                .containsExactly("free");
        assertThat(claim(SongState.SUBMITTED))
                .extracting(each -> each.song().id())
                .containsExactly("called");
    }

    @Test
    void songsAreClaimedByTheirIdsWhereNobodyHasThemAndTheyGoOn() {
        submitted("s1", "t1");
        submitted("claimed", "t2");
        submitted("cancelled", "t3");
        accepted("accepted");
        ledger.inFlight().claim("foxai", false, List.of("claimed"), LEASE);
        ledger.steering().cancel("cancelled");

        List<ClaimedSong> claimed = ledger.inFlight()
                .claim("foxai", false, List.of("s1", "claimed", "cancelled", "accepted", "unknown"), LEASE);

        assertThat(claimed).extracting(each -> each.song().id()).containsExactly("s1");
        ledger.make(new Change.Generated(claimed.get(0).claim(), List.of(report(1, "succeeded", true)), clips("c1")));
        assertThat(song("s1").state()).isEqualTo(SongState.GENERATED);
    }

    @Test
    void whatIsSubmittedToAnotherVendorByNowIsNotClaimedForTheNewsOfTheOneBefore() {
        submitted("s1", "t1");
        ledger.steering().cancel("s1");
        ledger.steering().retryByResubmit("s1");
        ledger.make(new Change.MovedOn(claim("s1"), "sunomusic", Optional.empty(), List.of(), now(), Outcome.NOT_MADE));
        Claim claim = ledger.claims()
                .claimDue(SongState.ACCEPTED, "sunomusic", REAL, 1, LEASE)
                .get(0)
                .claim();
        ledger.make(new Change.Intended(claim, 2, 35_000));
        ledger.make(new Change.Submitted(claim, 2, List.of("t2"), now(), now().plus(SIX_MINUTES)));

        assertThat(ledger.inFlight().claim("foxai", false, List.of("s1"), LEASE))
                .isEmpty();
        assertThat(ledger.inFlight().claim("sunomusic", true, List.of("s1"), LEASE))
                .isEmpty();
        assertThat(ledger.inFlight().claim("sunomusic", false, List.of("s1"), LEASE))
                .hasSize(1);
    }

    private Postponed postponed(String id, long later) {
        return new Postponed(id, song(id).dueAt().toEpochMilli(), later, 7);
    }

    // ---- steering

    @Test
    void whatCannotBeRetriedSaysWhatItIs() {
        accepted("s1");

        assertThatThrownBy(() -> ledger.steering().retry("s1", SIX_MINUTES))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("Song s1 cannot be retried: it is accepted. (song: s1)");
        assertThatThrownBy(() -> ledger.steering().retry("nobody", SIX_MINUTES))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("There is no song nobody. See camelody songs. (song: nobody)");
    }

    @Test
    void aRefusedSongIsSubmittedAnewByARetry() {
        accepted("s1");
        ledger.make(
                new Change.Failed(intend("s1"), Reason.VENDOR_REFUSED, "title too long", List.of(), Outcome.NOT_MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.ACCEPTED);

        Song song = song("s1");
        assertThat(song.reason()).isEmpty();
        assertThat(song.finishedAt()).isEmpty();
        assertThat(claim(SongState.ACCEPTED)).hasSize(1);
    }

    @Test
    void aTimedOutTaskIsAskedAboutAgainByARetry() {
        submitted("s1", "t1");
        clock.forward(SIX_MINUTES);
        fail("s1", Reason.VENDOR_TIMEOUT);

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);

        Song song = song("s1");
        assertThat(song.timeoutAt()).contains(now().plus(SIX_MINUTES));
        assertThat(song.stepTasks()).hasSize(1);
        assertThat(claim(SongState.SUBMITTED)).hasSize(1);
    }

    /** Whose clock has not been set, or has not slept. */
    @Test
    void whatIsRetriedBesideAWorkerIsDueForItAtOnceWhateverTheClocksShow() {
        submitted("s1", "t1");
        clock.forward(SIX_MINUTES);
        fail("s1", Reason.VENDOR_TIMEOUT);
        SettableClock ahead = new SettableClock();
        ahead.set(now().plus(Duration.ofHours(1)));

        try (SongLedger beside = SongLedger.openBeside(url(), ahead)) {
            beside.steering().retry("s1", SIX_MINUTES);
        }

        assertThat(claim(SongState.SUBMITTED)).hasSize(1);
    }

    /** Whose clock approaches that of the machine slowly, after somebody has set that back. */
    @Test
    void whatIsSteeredBesideAWorkerThatIsAheadHasItsWholeTime() {
        accepted("s1");
        doubted("s1");
        submitted("s2", "t2");
        clock.forward(SIX_MINUTES);
        fail("s2", Reason.VENDOR_TIMEOUT);
        SettableClock behind = new SettableClock();
        behind.set(now().minus(Duration.ofHours(1)));

        try (SongLedger beside = SongLedger.openBeside(url(), behind)) {
            beside.steering().resolveAsTask("s1", "t1", Duration.ofHours(1));
            beside.steering().retry("s2", SIX_MINUTES);
        }

        assertThat(song("s1").timeoutAt().orElseThrow()).isAfter(now().plusSeconds(3_000));
        assertThat(song("s2").timeoutAt()).contains(now().plus(SIX_MINUTES));
    }

    @Test
    void aLostTaskIsAskedAboutAgainByARetry() {
        submitted("s1", "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        TaskReport lost = new TaskReport(1, Task.LOST, clips(), Optional.empty(), 3, true);
        ledger.make(new Change.Failed(claim, Reason.TASK_LOST, "gone", List.of(lost), Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);

        Task task = song("s1").stepTasks().get(0);
        assertThat(task.endedAt()).as("so that it is asked about").isEmpty();
        assertThat(task.missing()).isZero();
    }

    @Test
    void everyTaskOfAFailedSongIsAskedAboutAgainByARetry() {
        submitted("s1", "t1", "t2");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.Failed(
                claim,
                Reason.VENDOR_FAILED,
                "no voice",
                List.of(report(1, "failed", true), report(2, Task.LOST, true)),
                Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);

        assertThat(song("s1").stepTasks())
                .filteredOn(task -> task.endedAt().isEmpty())
                .extracting(Task::number)
                .containsExactly(1, 2);
    }

    @Test
    void aTaskThatEndedWithoutAClipIsAskedAboutAgainByARetry() {
        submitted("s1", "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        TaskReport empty = new TaskReport(1, "succeeded", clips(), Optional.empty(), 0, true);
        ledger.make(new Change.Failed(claim, Reason.VENDOR_FAILED, "no result", List.of(empty), Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);

        Task task = song("s1").stepTasks().get(0);
        assertThat(task.endedAt()).as("so that it is asked about").isEmpty();
        assertThat(task.status()).isEmpty();
    }

    @Test
    void aFailedSongIsMadeOnceMoreWhereThatIsAskedFor() {
        submitted("s1", "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.Failed(
                claim, Reason.VENDOR_FAILED, "no voice", List.of(report(1, "failed", true)), Outcome.MADE));

        ledger.steering().retryByResubmit("s1");

        assertThat(song("s1").state()).isEqualTo(SongState.ACCEPTED);
        assertThat(song("s1").stepTasks()).isEmpty();
        assertThat(song("s1").tasks()).extracting(Task::superseded).containsExactly(true);
        assertThat(song("s1").price()).as("it is paid for all the same").isEqualTo(35_000);
    }

    @Test
    void clipsThatCouldNotBeHadAreForgottenByAResubmit() {
        generated("s1");
        Claim claim = claim(SongState.GENERATED).get(0).claim();
        ledger.make(new Change.Failed(claim, Reason.DOWNLOAD_BROKEN, "cut", List.of(), Outcome.MADE));

        ledger.steering().retryByResubmit("s1");

        assertThat(song("s1").clips()).isEmpty();
        assertThat(claim(SongState.ACCEPTED)).hasSize(1);
        assertThatThrownBy(() -> ledger.steering().retryByResubmit("s1"))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("Song s1 cannot be retried: it is accepted. (song: s1)");
    }

    @Test
    void anAnswerAtOnceThatFailedIsMadeAgainByARetry() {
        accepted("s1");
        ledger.make(new Change.Failed(intend("s1"), Reason.VENDOR_FAILED, "no voice", List.of(), Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.ACCEPTED);
    }

    @Test
    void whatIsPaidForAndKnownIsDeliveredByARetry() {
        generated("s1");
        Claim claim = claim(SongState.GENERATED).get(0).claim();
        ledger.make(new Change.Failed(claim, Reason.DOWNLOAD_BROKEN, "cut", List.of(), Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.GENERATED);

        assertThat(song("s1").clips()).isEqualTo(clips("c1"));
        assertThat(claim(SongState.GENERATED)).hasSize(1);
    }

    @Test
    void aDoubtThatWasCancelledOrGivenUpIsADoubtAgainAfterARetry() {
        accepted("s1", "s2");
        doubted("s1");
        doubted("s2");
        ledger.steering().cancel("s1");
        ledger.steering().resolveAsFailed("s2");
        assertThat(song("s2").reason()).contains(Reason.GIVEN_UP);

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.IN_DOUBT);
        assertThat(ledger.steering().retry("s2", SIX_MINUTES)).isEqualTo(SongState.IN_DOUBT);

        clock.forward(Duration.ofDays(1));
        assertThat(claim(SongState.ACCEPTED)).isEmpty();
    }

    @Test
    void aCancelledSongGoesOnWithItsTask() {
        submitted("s1", "t1");
        ledger.steering().cancel("s1");
        assertThat(song("s1").state()).isEqualTo(SongState.CANCELLED);
        assertThat(song("s1").price()).isEqualTo(35_000);

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void aCallThatWasSentAgainBySettingIsNoDoubtAnyMore() {
        accepted("s1");
        ledger.make(new Change.AcceptedAgain(intend("s1"), now(), "reset", Outcome.UNKNOWN));
        ledger.make(new Change.Submitted(intend("s1"), 2, List.of("t2"), now(), now().plus(SIX_MINUTES)));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(
                new Change.Failed(claim, Reason.VENDOR_FAILED, "no", List.of(report(2, "failed", true)), Outcome.MADE));

        assertThat(ledger.steering().retry("s1", SIX_MINUTES)).isEqualTo(SongState.SUBMITTED);
    }

    /** One that is made again by itself has cost twice at most. */
    @Test
    void aCallThatWasMadeOnceMoreIsNotOfferedToBeMadeAgain() {
        accepted("s1", "s2");
        doubted("s1");
        doubted("s2");
        ledger.steering().resolveByResubmit("s1");
        doubted("s1");

        assertThat(ledger.doubts().resubmittable("foxai", REAL)).containsExactly("s2");
    }

    @Test
    void cancellingTakesTheClaimAwayFromWhoeverHasIt() {
        generated("s1");
        Claim claim = claim(SongState.GENERATED).get(0).claim();

        ledger.steering().cancel("s1");

        assertThatThrownBy(() -> ledger.make(new Change.Delivered(claim, clips("c1"), List.of())))
                .isInstanceOf(ClaimLostException.class);
        assertThat(song("s1").state()).isEqualTo(SongState.CANCELLED);
    }

    @Test
    void aSongWhosePaidCallIsUnderWayIsNotCancelled() {
        accepted("s1");
        intend("s1");

        assertThatThrownBy(() -> ledger.steering().cancel("s1"))
                .isInstanceOf(NotPossibleException.class)
                .hasMessageContaining("under way")
                .hasMessageEndingWith("(song: s1, vendor: foxai)");

        assertThat(song("s1").state()).isEqualTo(SongState.ACCEPTED);
    }

    @Test
    void aSongThatHasEndedIsNotCancelledOrResolved() {
        accepted("s1");
        ledger.steering().cancel("s1");

        assertThatThrownBy(() -> ledger.steering().cancel("s1"))
                .hasMessage("Song s1 cannot be cancelled: it is cancelled. (song: s1)");
        assertThatThrownBy(() -> ledger.steering().resolveAsTask("s1", "t1", SIX_MINUTES))
                .hasMessage("Song s1 cannot be resolved: it is cancelled. (song: s1)");
        assertThatThrownBy(() -> ledger.steering().resolveByResubmit("s1")).isInstanceOf(NotPossibleException.class);
        assertThatThrownBy(() -> ledger.steering().resolveAsFailed("s1")).isInstanceOf(NotPossibleException.class);
    }

    @Test
    void resolvingNamesTheTaskOfTheCallInDoubtAlone() {
        accepted("s1");
        doubted("s1");
        ledger.steering().resolveByResubmit("s1");
        doubted("s1");

        ledger.steering().resolveAsTask("s1", "t2", SIX_MINUTES);

        Song song = song("s1");
        assertThat(song.state()).isEqualTo(SongState.SUBMITTED);
        assertThat(song.stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t2");
        assertThat(song.tasks().get(0).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(song.price()).isEqualTo(35_000);
        assertThat(song.timeoutAt()).contains(now().plus(SIX_MINUTES));
        assertThat(claim(SongState.SUBMITTED)).hasSize(1);
    }

    @Test
    void resolvingTakesSeveralTasksAsTheLogWritesThem() {
        accepted("s1");
        doubted("s1");

        ledger.steering().resolveAsTask("s1", "t1, t2", SIX_MINUTES);

        assertThat(song("s1").stepTasks())
                .extracting(task -> task.taskId().orElseThrow())
                .containsExactly("t1", "t2");
        assertThat(song("s1").price()).isEqualTo(35_000);
    }

    @Test
    void aRefusedResolutionChangesNoTask() {
        accepted("s1");
        Claim claim = abandoned("s1");
        ledger.make(new Change.Submitted(claim, 1, List.of("t1"), now(), now().plus(SIX_MINUTES)));
        Song before = song("s1");

        assertThatThrownBy(() -> ledger.steering().resolveByResubmit("s1")).isInstanceOf(NotPossibleException.class);
        assertThatThrownBy(() -> ledger.steering().resolveAsTask("s1", "t9", SIX_MINUTES))
                .isInstanceOf(NotPossibleException.class);

        assertThat(song("s1")).isEqualTo(before);
    }

    @Test
    void oneOfManyOperatorsSteersASong() throws Exception {
        accepted("s1");
        doubted("s1");

        List<Boolean> done = AtOnce.forEach(Collections.nCopies(6, ledger), operator -> {
            try {
                operator.steering().resolveByResubmit("s1");
                return true;
            } catch (NotPossibleException e) {
                return false;
            }
        });

        assertThat(done).containsOnlyOnce(true);
    }

    // ---- looking

    @Test
    void countsABatchByStateReasonAndCost() {
        ledger.accept(List.of(request("s1", "b"), request("s2", "b"), request("s3", "b"), request("s4")), false);
        submit("s1", "t1");
        submit("s2", "t2");
        fail("s2", Reason.VENDOR_TIMEOUT);

        SongCatalog.Counts counts = ledger.catalog().count("b");

        assertThat(counts.byState())
                .isEqualTo(Map.of(SongState.ACCEPTED, 1, SongState.SUBMITTED, 1, SongState.FAILED, 1));
        assertThat(counts.failedBy()).isEqualTo(Map.of(Reason.VENDOR_TIMEOUT, 1));
        assertThat(counts.price()).isEqualTo(70_000);
        assertThat(counts.open()).isEqualTo(2);
        assertThat(counts.total()).isEqualTo(3);
        assertThat(counts.unpriced()).isZero();
        assertThat(ledger.catalog().openByVendor("b")).isEqualTo(Map.of("foxai", 2));
    }

    @Test
    void batchIsStillWhenItsSongsWaitForVendorsThatArePausedOrNotInUse() {
        ledger.accept(List.of(request("s1", "b"), request("s2", "b")), false);
        List<String> inUse = List.of("foxai", "sunomusic");

        assertThat(ledger.catalog().isStill("b", inUse, Set.of())).isFalse();
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai"))).isTrue();
        assertThat(ledger.catalog().isStill("b", List.of("sunomusic"), Set.of()))
                .isTrue();
        submit("s1", "t1");
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai")))
                .as("a paused vendor is still asked about its tasks")
                .isFalse();
        assertThat(ledger.catalog().isStill("b", List.of("sunomusic"), Set.of()))
                .isTrue();
    }

    @Test
    void batchIsStillWhenAllThatIsLeftWaitsLongForSinks() {
        ledger.accept(List.of(request("s1", "b"), request("s2", "b")), false);
        generate("s1");
        List<String> inUse = List.of("foxai");

        waitForSinks(List.of(), now().plus(Duration.ofMinutes(11)));
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai")))
                .as("its clips are not here yet, and their URLs may end")
                .isFalse();
        assertThat(ledger.catalog().findSinkWait("b")).isEmpty();

        clock.forward(Duration.ofMinutes(11));
        Instant soon = now().plus(Duration.ofMinutes(10));
        waitForSinks(List.of(SinkDelivery.due("s3", now()).later(soon, "503")), soon);
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai"))).isFalse();

        clock.forward(Duration.ofMinutes(10));
        Instant late = now().plus(Duration.ofMinutes(10)).plusMillis(1);
        waitForSinks(List.of(SinkDelivery.due("webhook", now()).later(late, "503")), late);
        assertThat(ledger.catalog().isStill("b", inUse, Set.of()))
                .as("s2 goes on")
                .isFalse();
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai"))).isTrue();
        SongCatalog.SinkWait wait = ledger.catalog().findSinkWait("b").orElseThrow();
        assertThat(wait.songs()).isOne();
        assertThat(wait.next()).isEqualTo(song("s1"));

        clock.forward(Duration.ofMillis(1));
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai"))).isFalse();
        clock.forward(Duration.ofMinutes(10));
        assertThat(claim(SongState.GENERATED)).hasSize(1);
        assertThat(ledger.catalog().isStill("b", inUse, Set.of("foxai")))
                .as("a sink is being called")
                .isFalse();
    }

    @Test
    void sinkWaitNamesTheSongThatIsDueFirst() {
        ledger.accept(List.of(request("s1", "b"), request("s2", "b")), false);
        for (String id : List.of("s1", "s2")) {
            generate(id);
            Instant due = now().plus(Duration.ofHours(id.equals("s1") ? 2 : 1));
            waitForSinks(List.of(SinkDelivery.due("webhook", now()).later(due, "503")), due);
        }

        SongCatalog.SinkWait wait = ledger.catalog().findSinkWait("b").orElseThrow();

        assertThat(wait.songs()).isEqualTo(2);
        assertThat(wait.next().id()).isEqualTo("s2");
    }

    private void waitForSinks(List<SinkDelivery> sinks, Instant due) {
        Claim claim = claim(SongState.GENERATED).get(0).claim();
        ledger.make(new Change.DeliverLater(claim, clips("c1"), sinks, 0, due, Optional.of("webhook: 503")));
    }

    @Test
    void pagesMissAndRepeatNothingWithinOneMoment() {
        List<String> ids = new ArrayList<>();
        for (int i = 100; i < 125; i++) {
            ids.add("s" + i);
            ledger.accept(List.of(request("s" + i, "b")), false);
        }

        List<String> seen = new ArrayList<>();
        Cursor cursor = Cursor.START;
        for (List<Song> page = page(cursor); !page.isEmpty(); page = page(cursor)) {
            page.forEach(song -> seen.add(song.id()));
            Song last = page.get(page.size() - 1);
            cursor = new Cursor(last.acceptedAt(), last.id());
        }

        assertThat(seen).isEqualTo(ids);
        assertThat(ledger.catalog().pageOfBatch("b", SongState.ACCEPTED, Cursor.START, 100))
                .hasSize(25);
        assertThat(ledger.catalog().page(Optional.of(SongState.FAILED), Optional.of("foxai"), Cursor.START, 100))
                .isEmpty();
    }

    private List<Song> page(Cursor after) {
        return ledger.catalog().page(Optional.of(SongState.ACCEPTED), Optional.of("foxai"), after, 4);
    }

    @Test
    void aPauseHoldsUntilItsTimeIsOverOrItIsLifted() {
        Pause pause = new Pause("foxai", "credits", "empty", now().plusSeconds(300));
        ledger.pauses().pause(pause, false);
        reopen();

        assertThat(ledger.pauses().of("foxai", false)).contains(pause);
        assertThat(ledger.pauses().of("foxai", true)).isEmpty();
        assertThat(ledger.pauses().of("sunomusic", false)).isEmpty();

        Pause longer = new Pause("foxai", "auth", "key", now().plusSeconds(600));
        ledger.pauses().pause(longer, false);
        assertThat(ledger.pauses().standing(false)).containsExactly(longer);

        clock.forward(Duration.ofSeconds(600));
        assertThat(ledger.pauses().standing(false)).isEmpty();
        ledger.pauses().pause(new Pause("foxai", "auth", "key", now().plusSeconds(1)), false);
        assertThat(ledger.pauses().lift("foxai", false)).isTrue();
        assertThat(ledger.pauses().lift("foxai", false)).isFalse();
    }

    @Test
    void aFileThatIsAskedForAnewHasANewGeneration() {
        assertThat(ledger.generations().of("/a.json")).isZero();

        ledger.generations().raise(List.of("/a.json", "/c.json"));
        ledger.generations().raise(List.of("/a.json"));

        assertThat(ledger.generations().of("/a.json")).isEqualTo(2);
        assertThat(ledger.generations().of("/c.json")).isOne();
        assertThat(ledger.generations().of("/b.json")).isZero();
    }

    @Test
    void wakesWhoeverWaitsForAState() {
        List<String> heard = new ArrayList<>();
        ledger.onDue(SongState.ACCEPTED, () -> heard.add("accepted"));
        ledger.onDue(SongState.SUBMITTED, () -> heard.add("submitted"));
        ledger.onDue(SongState.GENERATED, () -> heard.add("generated"));
        ledger.onEnd(song -> heard.add("ended " + song));

        accepted("s1");
        submit("s1", "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim poll = claim(SongState.SUBMITTED).get(0).claim();
        // accepted too: others may have waited for the vendor to have a task less
        ledger.makeAll(List.of(new Change.Generated(poll, List.of(), clips("c1"))));
        Claim delivery = claim(SongState.GENERATED).get(0).claim();
        ledger.make(new Change.Delivered(delivery, clips("c1"), List.of()));

        assertThat(heard).containsExactly("accepted", "submitted", "accepted", "generated", "ended s1");
    }

    @Test
    void aListenerThatFailsDoesNotUndoAnEnd() {
        List<String> heard = new ArrayList<>();
        ledger.onEnd(song -> {
            throw new IllegalStateException("stopping");
        });
        ledger.onEnd(heard::add);
        accepted("s1");

        ledger.make(new Change.Failed(intend("s1"), Reason.VENDOR_REFUSED, "no", List.of(), Outcome.NOT_MADE));

        assertThat(song("s1").state()).isEqualTo(SongState.FAILED);
        assertThat(heard).containsExactly("s1");
    }

    @Test
    void aListenerThatFailsDoesNotRefuseWhatIsWrittenDown() {
        List<String> heard = new ArrayList<>();
        ledger.happenings().onHappening(() -> {
            throw new IllegalStateException("stopping");
        });
        ledger.onDue(SongState.ACCEPTED, () -> heard.add("accepted"));

        ledger.accept(List.of(request("s1")), false);

        assertThat(heard).containsExactly("accepted");
    }

    // ---- happenings

    @Test
    void aSongsLifeIsOnRecordWithTheTimeOfEachState() {
        accepted("s1");
        clock.forward(Duration.ofSeconds(1));
        submit("s1", "t1");
        poll("s1", claim -> new Change.PolledOn(claim, List.of(report(1, "running", false)), now(), Optional.empty()));
        poll(
                "s1",
                claim -> new Change.PolledOn(claim, List.of(report(1, "streaming", false)), now(), Optional.empty()));
        poll("s1", claim -> new Change.Generated(claim, List.of(report(1, "succeeded", true)), clips("c1")));
        clock.forward(Duration.ofSeconds(1));
        ledger.make(new Change.Delivered(claim(SongState.GENERATED).get(0).claim(), clips("c1"), List.of()));

        assertThat(life("s1"))
                .containsExactly("accepted 0", "submitted 1", "streaming 21", "generated 31", "delivered 32");
    }

    @Test
    void everyWayBackAndOutIsOnRecordWithItsTime() {
        accepted("s1");
        clock.forward(Duration.ofSeconds(1));
        doubted("s1");
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().resolveAsFailed("s1");
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().retry("s1", SIX_MINUTES);
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().resolveByResubmit("s1");
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().cancel("s1");
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().retryByResubmit("s1");
        clock.forward(Duration.ofSeconds(1));
        doubted("s1");
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().resolveAsTask("s1", "t1", SIX_MINUTES);
        poll("s1", claim -> new Change.Failed(claim, Reason.VENDOR_FAILED, "no", List.of(), Outcome.MADE));
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().retry("s1", SIX_MINUTES);
        poll("s1", claim -> new Change.Generated(claim, List.of(), clips("c1")));
        ledger.make(new Change.Failed(
                claim(SongState.GENERATED).get(0).claim(), Reason.SINK_FAILED, "no", List.of(), Outcome.MADE));
        clock.forward(Duration.ofSeconds(1));
        ledger.steering().retry("s1", SIX_MINUTES);

        assertThat(life("s1"))
                .containsExactly(
                        "accepted 0",
                        "in-doubt 1",
                        "failed given-up 2",
                        "in-doubt 3",
                        "accepted 4",
                        "cancelled 5",
                        "accepted 6",
                        "in-doubt 7",
                        "submitted 8",
                        "failed vendor-failed 18",
                        "submitted 19",
                        "generated 29",
                        "failed sink-failed 29",
                        "generated 30");
    }

    @Test
    void writtenLyricsAndACallThatNobodyHeardAreOnRecordWithTheirTimes() {
        ledger.accept(List.of(song("s1", "foxai", Optional.of("foxai"), Optional.empty())), false);
        submit("s1", "t1");
        poll(
                "s1",
                claim ->
                        new Change.LyricsWritten(claim, List.of(), Json.object().put("title", "Night")));
        Claim lost = intend("s1");
        clock.forward(LEASE.plusSeconds(1));
        ledger.doubts().noteAbandoned();

        assertThat(lost.songId()).isEqualTo("s1");
        assertThat(life("s1")).containsExactly("accepted 0", "submitted 0", "accepted 10", "in-doubt 131");
        assertThat(ledger.happenings().of("s1").get(0).title()).contains("Night");
        assertThat(SongDocument.title(song("s1"))).contains("Night");
        assertThat(ledger.happenings().of("s1"))
                .extracting(Happening::acceptedAt)
                .containsOnly(ledger.catalog().find("s1").orElseThrow().acceptedAt());
    }

    @Test
    void theVendorsLastAnswerAboutATaskIsKeptFromItsEndOn() {
        submitted("s1", "t1", "t2");
        TaskReport goesOn = new TaskReport(1, "running", clips(), Optional.empty(), 0, false, Optional.of("soon"));
        TaskReport over = new TaskReport(2, "failed", clips(), Optional.empty(), 0, true, Optional.of("sorry"));
        poll("s1", claim -> new Change.PolledOn(claim, List.of(goesOn, over), now(), Optional.empty()));
        assertThat(song("s1").tasks()).extracting(Task::answer).containsExactly(Optional.empty(), Optional.of("sorry"));

        TaskReport done = new TaskReport(1, "succeeded", clips(), Optional.empty(), 0, true, Optional.of("done"));
        TaskReport same = new TaskReport(2, "failed", clips(), Optional.empty(), 0, true);
        poll("s1", claim -> new Change.Generated(claim, List.of(done, same), clips("c1")));
        assertThat(song("s1").tasks())
                .extracting(Task::answer)
                .containsExactly(Optional.of("done"), Optional.of("sorry"));
    }

    @Test
    void whatTheVendorSaidNoWithIsKept() {
        accepted("s1");
        Claim claim = intend("s1");

        ledger.make(new Change.Failed(
                claim, Reason.VENDOR_REFUSED, "no", List.of(), Outcome.NOT_MADE, Optional.of("{\"code\": 400}")));

        assertThat(song("s1").tasks().get(0).answer()).contains("{\"code\": 400}");
    }

    @Test
    void aSongIsCalledAsItsRequestSaysElseAsItsWordsElseAsItsClip() {
        ObjectNode named = Json.object().put("prompt", "a tango").put("title", "Own");
        ledger.accept(List.of(of(request("both"), named)), false);
        ledger.accept(List.of(of(request("blank"), named.deepCopy().put("title", ""))), false);
        ArrayNode clips = Json.MAPPER.createArrayNode().add(Json.object().put("title", "Clip"));
        submitted("named", "t1");
        poll(
                "named",
                claim ->
                        new Change.LyricsWritten(claim, List.of(), Json.object().put("title", "Night")));
        submitted("clip", "t2");
        poll("clip", claim -> new Change.Generated(claim, List.of(), clips));

        Map<String, Optional<String>> titles = Map.of(
                "named", Optional.of("Night"),
                "clip", Optional.of("Clip"),
                "both", Optional.of("Own"),
                "blank", Optional.empty());

        titles.forEach((id, title) -> {
            assertThat(SongDocument.title(song(id))).as(id).isEqualTo(title);
            assertThat(ledger.happenings().of(id).get(0).title()).as(id).isEqualTo(title);
        });
    }

    @Test
    void aSongStreamsOnceHoweverManyOfItsTasksDo() {
        submitted("s1", "t1", "t2");
        poll("s1", claim -> new Change.PolledOn(claim, streaming(1, 2), now(), Optional.empty()));
        poll("s1", claim -> new Change.PolledOn(claim, List.of(report(1, "running", false)), now(), Optional.empty()));
        poll("s1", claim -> new Change.PolledOn(claim, streaming(1), now(), Optional.empty()));
        poll("s1", claim -> new Change.Failed(claim, Reason.VENDOR_TIMEOUT, "no", streaming(1, 2), Outcome.MADE));

        assertThat(life("s1")).containsExactly("accepted 0", "submitted 0", "streaming 10", "failed vendor-timeout 40");
    }

    @Test
    void aTaskThatCallsItselfEndedWhileItsClipsStreamIsHeardAsStreaming() {
        submitted("s1", "t1");
        ArrayNode growing = clips("c1");
        ((ObjectNode) growing.get(0)).put("status", "streaming");
        TaskReport report = new TaskReport(1, "succeeded", growing, Optional.empty(), 0, false);

        poll("s1", claim -> new Change.PolledOn(claim, List.of(report), now(), Optional.of(now())));

        assertThat(life("s1")).containsExactly("accepted 0", "submitted 0", "streaming 10");
    }

    @Test
    void whatLeavesTheStateAsItIsIsNoHappening() {
        accepted("s1");
        ledger.make(new Change.AcceptedAgain(intend("s1"), now(), "too fast", Outcome.NOT_MADE));
        ledger.accept(List.of(request("s1")), false);
        Claim claim = claim("s1");
        ledger.make(new Change.MovedOn(claim, "foxai", Optional.empty(), List.of(), now(), Outcome.NOT_MADE));
        ledger.make(new Change.Released(claim("s1")));

        assertThat(life("s1")).containsExactly("accepted 0");
    }

    @Test
    void happeningsAreToldInTheirOrderAndFromWhereSomebodyStopped() {
        accepted("s1", "s2");
        submit("s2", "t2");
        ledger.steering().cancel("s1");

        List<Happening> all = ledger.happenings().after(0, 10);

        assertThat(all)
                .extracting(each -> each.songId() + " " + each.state())
                .containsExactly("s1 accepted", "s2 accepted", "s2 submitted", "s1 cancelled");
        assertThat(all).extracting(Happening::number).isSorted().doesNotHaveDuplicates();
        assertThat(ledger.happenings().after(all.get(1).number(), 1)).containsExactly(all.get(2));
        assertThat(ledger.happenings().last()).isEqualTo(all.get(3).number());
        assertThat(ledger.happenings().after(ledger.happenings().last(), 10)).isEmpty();
        assertThat(ledger.happenings().of("nobody")).isEmpty();
    }

    @Test
    void whatAnotherProcessDoesIsAHappeningToo() {
        submitted("s1", "t1");

        try (SongLedger other = SongLedger.openBeside(url(), clock)) {
            other.steering().cancel("s1");
        }

        assertThat(life("s1")).containsExactly("accepted 0", "submitted 0", "cancelled 0");
    }

    @Test
    void aRealSongThatTakesASandboxSongsIdBeginsItsOwnLife() {
        ledger.accept(List.of(request("s1")), true);
        long before = ledger.happenings().last();

        ledger.accept(List.of(request("s1")), false);

        assertThat(life("s1")).containsExactly("accepted 0");
        assertThat(ledger.happenings().last()).isGreaterThan(before);
    }

    @Test
    void whoeverFollowsIsWokenByEachThingThatHappensInThisProcess() {
        AtomicInteger woken = new AtomicInteger();
        ledger.happenings().onHappening(woken::incrementAndGet);
        List<Runnable> happenings = List.of(
                () -> accepted("s1"),
                () -> submit("s1", "t1"),
                () -> ledger.steering().cancel("s1"),
                () -> ledger.steering().retry("s1", SIX_MINUTES),
                () -> fail("s1", Reason.VENDOR_FAILED),
                () -> ledger.steering().retryByResubmit("s1"),
                () -> doubted("s1"),
                () -> ledger.steering().resolveAsFailed("s1"));

        for (Runnable each : happenings) {
            int before = woken.get();
            each.run();
            assertThat(woken).hasValueGreaterThan(before);
        }
    }

    private List<String> life(String id) {
        return ledger.happenings().of(id).stream()
                .map(each -> "%s %s%d"
                        .formatted(
                                each.state(),
                                each.reason().map(reason -> reason + " ").orElse(""),
                                Duration.between(SettableClock.START, each.at()).toSeconds()))
                .toList();
    }

    /** A status call ten seconds later. */
    private void poll(String id, Function<Claim, Change> change) {
        clock.forward(Duration.ofSeconds(10));
        for (ClaimedSong song : claim(SongState.SUBMITTED)) {
            if (song.song().id().equals(id)) {
                ledger.make(change.apply(song.claim()));
            }
        }
    }

    private static List<TaskReport> streaming(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> report(number, "streaming", false))
                .toList();
    }

    // ---- callbacks

    @Test
    void aCallbackMakesTheNextStatusCallDue() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");
        List<String> heard = new ArrayList<>();
        ledger.onDue(SongState.SUBMITTED, () -> heard.add("due"));

        assertThat(ledger.callbacks().heard("foxai", token)).isTrue();

        assertThat(song("s1").dueAt()).isEqualTo(now());
        assertThat(heard).containsExactly("due");
    }

    @Test
    void aTokenThatNobodyHasOrOfAnotherVendorIsUnknown() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");
        Instant due = song("s1").dueAt();

        assertThat(ledger.callbacks().heard("foxai", CallbackToken.make())).isFalse();
        assertThat(ledger.callbacks().heard("foxai", new CallbackToken(token.text() + "a")))
                .isFalse();
        assertThat(ledger.callbacks().heard("foxai", new CallbackToken(token.hash())))
                .isFalse();
        assertThat(ledger.callbacks().heard("sunomusic", token)).isFalse();

        assertThat(song("s1").dueAt()).isEqualTo(due);
    }

    @Test
    void aTokenWorksAgainAndEndsWithItsSong() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");

        assertThat(ledger.callbacks().heard("foxai", token)).isTrue();
        assertThat(ledger.callbacks().heard("foxai", token)).isTrue();
        ledger.steering().cancel("s1");
        assertThat(ledger.callbacks().heard("foxai", token)).isFalse();
    }

    @Test
    void aFloodOfCallbacksBringsAboutOneStatusCallASecond() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");
        int polls = 0;

        for (int i = 0; i < 500; i++) {
            ledger.callbacks().heard("foxai", token);
            for (ClaimedSong song : claim(SongState.SUBMITTED)) {
                polls++;
                ledger.make(new Change.PolledOn(song.claim(), List.of(), now().plus(SIX_MINUTES), Optional.empty()));
            }
            clock.forward(Duration.ofMillis(10));
        }

        assertThat(polls).isBetween(4, 6);
    }

    @Test
    void aCallbackRightAfterAStatusCallWaitsForTheRestOfTheSecond() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");
        clock.forward(Duration.ofMinutes(5));
        Claim poll = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.PolledOn(poll, List.of(), now().plus(SIX_MINUTES), Optional.empty()));
        Instant polled = now();
        clock.forward(Duration.ofMillis(100));

        ledger.callbacks().heard("foxai", token);

        assertThat(song("s1").dueAt()).isEqualTo(polled.plusSeconds(1));
    }

    @Test
    void aCallbackThatCrossesAStatusCallIsNotLost() {
        CallbackToken token = calledBack("s1");
        submitLater("s1");
        clock.forward(Duration.ofMinutes(5));
        Claim poll = claim(SongState.SUBMITTED).get(0).claim();

        ledger.callbacks().heard("foxai", token);
        ledger.make(new Change.PolledOn(
                poll, List.of(report(1, "running", false)), now().plus(SIX_MINUTES), Optional.empty()));

        assertThat(song("s1").dueAt()).isEqualTo(now().plusSeconds(1));
        clock.forward(Duration.ofSeconds(1));
        Claim next = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.PolledOn(
                next, List.of(report(1, "running", false)), now().plus(SIX_MINUTES), Optional.empty()));
        assertThat(song("s1").dueAt()).isEqualTo(now().plus(SIX_MINUTES));
    }

    @Test
    void aCallbackThatIsFasterThanTheAnswerOfThePaidCallIsHeeded() {
        accepted("s1");
        CallbackToken token = CallbackToken.make();
        Claim claim = claim("s1");
        ledger.make(new Change.Intended(claim, 1, 0, Optional.of(token)));

        assertThat(ledger.callbacks().heard("foxai", token)).isTrue();
        ledger.make(new Change.Submitted(claim, 1, List.of("t1"), now().plusSeconds(60), now().plus(SIX_MINUTES)));

        assertThat(song("s1").dueAt()).isEqualTo(now());
    }

    @Test
    void aCallbackAboutACallInDoubtIsToldAndEndsNothing() {
        CallbackToken token = calledBack("s1");
        ledger.make(new Change.Doubted(intended.get("s1"), "The answer was cut.", Optional.empty()));

        ledger.callbacks().heard("foxai", token);
        clock.forward(Duration.ofSeconds(10));
        ledger.callbacks().heard("foxai", token);

        assertThat(song("s1").state()).isEqualTo(SongState.IN_DOUBT);
        assertThat(song("s1").message())
                .contains(
                        "The answer was cut. foxai has called back about the call: its task exists. Find its id at the"
                                + " vendor; to resubmit would buy the song twice.");
    }

    @Test
    void aCallThatWasCalledBackAboutIsNeverSubmittedOnceMoreByItself() {
        CallbackToken first = calledBack("s1");
        CallbackToken second = calledBack("s2");
        calledBack("s3");
        ledger.callbacks().heard("foxai", first);
        ledger.make(new Change.AcceptedAgain(intended.get("s1"), now(), "silence", Outcome.UNKNOWN));
        ledger.make(new Change.Doubted(intended.get("s2"), "silence", Optional.empty()));
        ledger.callbacks().heard("foxai", second);
        ledger.make(new Change.Doubted(intended.get("s3"), "silence", Optional.empty()));

        assertThat(song("s1").state()).isEqualTo(SongState.IN_DOUBT);
        assertThat(song("s1").message().orElseThrow()).startsWith("silence foxai has called back");
        assertThat(ledger.doubts().resubmittable("foxai", REAL)).containsExactly("s3");
    }

    @Test
    void aCallThatNobodyHeardButWasCalledBackAboutSaysSoAfterACrashAndARetry() {
        CallbackToken token = calledBack("s1");
        ledger.callbacks().heard("foxai", token);
        reopen();
        assertThat(song("s1").message().orElseThrow()).contains("has called back");

        ledger.steering().cancel("s1");
        ledger.steering().retry("s1", SIX_MINUTES);

        assertThat(song("s1").message().orElseThrow()).startsWith("foxai has called back");
    }

    @Test
    void whatACallbackIsKnownByIsNotItsToken() {
        CallbackToken token = calledBack("s1");

        assertThat(token.text())
                .matches("[A-Za-z0-9_-]{32}")
                .isNotEqualTo(CallbackToken.make().text());
        assertThat(token.hash()).hasSize(64);
        assertThat(token.toString()).doesNotContain(token.text());
    }

    private final Map<String, Claim> intended = new HashMap<>();

    /** A paid call under way that its vendor may call back about. */
    final CallbackToken calledBack(String id) {
        accepted(id);
        CallbackToken token = CallbackToken.make();
        Claim claim = claim(id);
        ledger.make(new Change.Intended(claim, 1, 0, Optional.of(token)));
        intended.put(id, claim);
        return token;
    }

    /** To be asked about in five minutes. */
    private void submitLater(String id) {
        ledger.make(new Change.Submitted(
                intended.get(id), 1, List.of("t1"), now().plus(Duration.ofMinutes(5)), now().plus(SIX_MINUTES)));
    }

    // ---- money

    @Test
    void noCallIsIntendedBeyondTheBudget() {
        ledger.keepWithin(new Budget(List.of(limit(Optional.empty(), false, 80_000))));
        accepted("s1", "s2", "s3");
        intend("s1");
        intend("s2");
        Claim third = claim("s3");

        assertThatThrownBy(() -> ledger.make(new Change.Intended(third, 1, 35_000)))
                .isInstanceOf(BudgetReachedException.class)
                .hasMessageContaining("camelody.budget")
                .hasMessageContaining("spent $0.07, the next task costs $0.035");
        assertThat(song("s3").tasks()).isEmpty();
        ledger.make(new Change.Released(third));
    }

    @Test
    void anIntentThatIsMadeOnceMoreIsNotItsOwnBudgetsEnd() {
        ledger.keepWithin(new Budget(List.of(limit(Optional.empty(), false, 35_000))));
        accepted("s1");
        Change.Intended intent = new Change.Intended(claim("s1"), 1, 35_000);
        ledger.make(intent);

        assertThatThrownBy(() -> ledger.make(intent)).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void whatWasCertainlyNotTakenIsGivenBackToTheBudget() {
        ledger.keepWithin(new Budget(List.of(limit(Optional.empty(), false, 35_000))));
        accepted("s1");
        ledger.make(new Change.AcceptedAgain(intend("s1"), now(), "too fast", Outcome.NOT_MADE));

        intend("s1");

        assertThat(song("s1").tasks()).extracting(Task::outcome).containsExactly(Outcome.NOT_MADE, Outcome.INTENDED);
    }

    @Test
    void aDailyBudgetBeginsAnewWithTheDay() {
        ledger.keepWithin(new Budget(List.of(limit(Optional.empty(), true, 35_000))));
        accepted("s1", "s2");
        intend("s1");
        Claim second = claim("s2");

        assertThatThrownBy(() -> ledger.make(new Change.Intended(second, 1, 35_000)))
                .isInstanceOfSatisfying(BudgetReachedException.class, reached -> assertThat(reached.until())
                        .hasValueSatisfying(
                                until -> assertThat(until).isBetween(now(), now().plus(Duration.ofDays(1)))));
        ledger.make(new Change.Released(second));
        clock.forward(Duration.ofDays(1));

        ledger.make(new Change.Intended(claim("s2"), 1, 35_000));
    }

    @Test
    void aVendorsBudgetIsThatVendorsAlone() {
        ledger.keepWithin(new Budget(List.of(limit(Optional.of("sunomusic"), false, 0))));
        accepted("s1");

        intend("s1");

        assertThat(song("s1").tasks()).hasSize(1);
    }

    @Test
    void theBillCountsWhatWasMadeAndWhatIsInDoubt() {
        submitted("s1", "t1", "t2");
        accepted("s2", "s3");
        ledger.make(new Change.Doubted(intend("s2"), "reset", Optional.empty()));
        ledger.make(new Change.AcceptedAgain(intend("s3"), now(), "too fast", Outcome.NOT_MADE));

        assertThat(ledger.costs().byVendor(false))
                .containsExactly(Map.entry("foxai", new Costs.Cost(2, 35_000, 1, 35_000, 1)));
        assertThat(ledger.costs().byDay(false)).hasSize(1);
        assertThat(ledger.costs().byVendor(true)).isEmpty();
    }

    private static Budget.Limit limit(Optional<String> vendor, boolean daily, long micros) {
        return new Budget.Limit("camelody.budget", vendor, daily, micros);
    }

    // ---- two processes

    @Test
    void othersLookBesideTheWorker() throws Exception {
        submitted("s1", "t1");

        ChildJvm.Ended other = ChildJvm.run(LedgerChild.class, url(), "look", "s1");

        assertThat(other.output()).isEqualTo("submitted");
    }

    /** As after a start by a clock that was a day ahead. */
    @Test
    void theNextWorkerTakesUpWhatIsDueLaterThanAnythingCanBe() {
        accepted("s1", "s2");
        ledger.make(new Change.AcceptedAgain(intend("s2"), now().plusSeconds(3_600), "later", Outcome.NOT_MADE));
        submitted("s3", "t3");
        fail("s3", Reason.VENDOR_TIMEOUT);
        ledger.announcements().later(song("s3"), now());
        clock.forward(Duration.ofDays(-1));

        reopen();

        assertThat(claim(SongState.ACCEPTED)).hasSize(2);
        assertThat(ledger.announcements().due(false, 10)).hasSize(1);
    }

    @Test
    void theNextWorkerLeavesWhatIsDueWithinAnHourAsItIs() {
        accepted("s1");
        Instant due = now().plusSeconds(3_600);
        ledger.make(new Change.AcceptedAgain(intend("s1"), due, "later", Outcome.NOT_MADE));

        reopen();

        assertThat(song("s1").dueAt()).isEqualTo(due);
    }

    @Test
    void theNextWorkerStartsWhenTheFirstHasStopped() throws Exception {
        ledger.close();

        assertThat(ChildJvm.run(LedgerChild.class, url(), "work").output()).isEqualTo("working");

        ledger = SongLedger.openForWork(url(), clock);
    }

    // ---- given

    static NewSong request(String id) {
        return song(id, "foxai", Optional.empty(), Optional.empty());
    }

    private static NewSong request(String id, String batch) {
        return song(id, "foxai", Optional.empty(), Optional.of(batch));
    }

    private static NewSong song(String id, String vendor, Optional<String> lyricsVendor, Optional<String> batch) {
        return new NewSong(
                id,
                vendor,
                lyricsVendor,
                Json.object().put("prompt", "a tango"),
                List.of(),
                false,
                false,
                Optional.empty(),
                batch);
    }

    Song song(String id) {
        return ledger.catalog().find(id).orElseThrow();
    }

    private void accepted(String... ids) {
        ledger.accept(Arrays.stream(ids).map(SongLedgerContract::request).toList(), false);
    }

    private Claim intend(String id) {
        Claim claim = claim(id);
        ledger.make(new Change.Intended(claim, song(id).tasks().size() + 1, 35_000));
        return claim;
    }

    /** Claims one song alone. */
    private Claim claim(String id) {
        Claim found = null;
        for (ClaimedSong song : claim(SongState.ACCEPTED)) {
            if (song.song().id().equals(id)) {
                found = song.claim();
            } else {
                ledger.make(new Change.Released(song.claim()));
            }
        }
        return found;
    }

    /** A paid call whose worker does not answer for so long that it is in doubt. */
    private Claim abandoned(String id) {
        Claim claim = intend(id);
        clock.forward(LEASE.plusMillis(1));
        ledger.doubts().noteAbandoned();
        return claim;
    }

    private void doubted(String id) {
        ledger.make(new Change.Doubted(intend(id), "reset", Optional.empty()));
    }

    private void submit(String id, String... taskIds) {
        ledger.make(
                new Change.Submitted(intend(id), 1, List.of(taskIds), now().plusSeconds(10), now().plus(SIX_MINUTES)));
    }

    private void submitted(String id, String... taskIds) {
        accepted(id);
        submit(id, taskIds);
    }

    private void generated(String id) {
        accepted(id);
        generate(id);
    }

    private void generate(String id) {
        submit(id, "t1");
        clock.forward(Duration.ofSeconds(10));
        Claim claim = claim(SongState.SUBMITTED).get(0).claim();
        ledger.make(new Change.Generated(claim, List.of(report(1, "succeeded", true)), clips("c1")));
    }

    private void fail(String id, Reason reason) {
        clock.forward(Duration.ofSeconds(10));
        for (ClaimedSong song : claim(SongState.SUBMITTED)) {
            ledger.make(
                    song.song().id().equals(id)
                            ? new Change.Failed(song.claim(), reason, "no", List.of(), Outcome.MADE)
                            : new Change.Released(song.claim()));
        }
    }

    private List<ClaimedSong> claim(SongState state) {
        return claim(state, "foxai");
    }

    private List<ClaimedSong> claim(SongState state, String vendor) {
        return ledger.claims().claimDue(state, vendor, REAL, 1_000, LEASE);
    }

    static TaskReport report(int number, String status, boolean ended) {
        return new TaskReport(number, status, clips(), Optional.empty(), 0, ended);
    }

    static ArrayNode clips(String... ids) {
        ArrayNode clips = Json.MAPPER.createArrayNode();
        for (String id : ids) {
            clips.addObject().put("id", id).put("audioUrl", "https://cdn.example/" + id + ".mp3");
        }
        return clips;
    }

    private void reopen() {
        ledger.close();
        ledger = SongLedger.openForWork(url(), clock);
    }

    private Instant now() {
        return clock.instant();
    }
}
