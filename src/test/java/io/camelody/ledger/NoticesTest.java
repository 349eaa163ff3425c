package io.camelody.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Notices.Notice;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.request.Json;
import io.camelody.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticesTest {

    private static final Scope REAL = new Scope(false, Optional.empty());

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private SongLedger ledger;
    private Notices notices;

    @BeforeEach
    void open() {
        ledger = SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), clock);
        notices = ledger.notices();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void songWithAWebhookHasANoticeOfEachThatIsToBeTold() {
        accept("a", "");
        doubt(false);
        ledger.steering().resolveAsFailed("a");

        assertThat(due()).extracting(Notice::type).containsExactly("song.in-doubt", "song.failed");
    }

    @Test
    void songWithoutAWebhookHasNone() {
        ledger.accept(List.of(song("a", "", false)), false);
        doubt(false);

        assertThat(due()).isEmpty();
    }

    @Test
    void streamingIsToldOnce() {
        accept("a", "");
        submit();

        poll("running");
        assertThat(due()).isEmpty();
        poll("streaming");
        poll("streaming");

        assertThat(due()).singleElement().satisfies(notice -> {
            assertThat(notice.type()).isEqualTo("song.streaming");
            assertThat(notice.isSo(ledger.catalog().find("a").orElseThrow())).isTrue();
        });
    }

    @Test
    void noticeIsDueUntilItHasEndedAlsoAfterARestart() {
        accept("a", "");
        doubt(false);
        Notice notice = due().get(0);

        notices.later(notice, clock.instant().plusSeconds(5), "It was answered with 500.");
        assertThat(due()).isEmpty();
        assertThat(notices.countUntried(REAL)).isZero();
        assertThat(notices.countDue(REAL)).isEqualTo(1);
        ledger.close();
        open();
        clock.forward(Duration.ofSeconds(6));

        assertThat(due()).singleElement().satisfies(again -> {
            assertThat(again.number()).isEqualTo(notice.number());
            assertThat(again.happenedAt()).isEqualTo(notice.happenedAt());
            assertThat(again.attempt()).isEqualTo(1);
        });
        notices.sent(notice);
        assertThat(notices.countDue(REAL)).isZero();
    }

    @Test
    void clockThatWasAheadHoldsNoNoticeBack() {
        accept("a", "");
        doubt(false);
        notices.later(due().get(0), clock.instant().plus(Duration.ofDays(365)), "It was answered with 500.");

        assertThat(due()).hasSize(1);
    }

    @Test
    void receiverWithThousandsHoldsNoOtherUp() {
        for (int i = 0; i < 30; i++) {
            accept("many" + i, "https://slow.example/");
            doubt(false);
        }
        accept("other", "https://other.example/");
        doubt(false);

        assertThat(notices.due(REAL, 2, 8)).extracting(Notice::songId).containsExactly("many0", "many1", "other");
    }

    @Test
    void batchAndSandboxHaveTheirOwn() {
        ledger.accept(List.of(song("a", "", true)), true);
        ledger.accept(List.of(song("b", "", true)), false);
        doubt(false);

        assertThat(notices.countDue(new Scope(true, Optional.empty()))).isZero();
        assertThat(notices.due(new Scope(false, Optional.of("batch-b")), 2, 8)).hasSize(1);
        assertThat(notices.countDue(new Scope(false, Optional.of("batch-b")))).isEqualTo(1);
        assertThat(notices.countDue(new Scope(false, Optional.of("another")))).isZero();
    }

    @Test
    void noticesGoWithTheSandboxSongThatARealOneTakesThePlaceOf() {
        ledger.accept(List.of(song("a", "", true)), true);
        doubt(true);
        assertThat(notices.countDue(new Scope(true, Optional.empty()))).isEqualTo(1);

        ledger.accept(List.of(song("a", "", true)), false);

        assertThat(notices.countDue(new Scope(true, Optional.empty()))).isZero();
    }

    private List<Notice> due() {
        return notices.due(REAL, 100, 100);
    }

    private void accept(String id, String webhook) {
        ledger.accept(List.of(song(id, webhook, true)), false);
    }

    private static NewSong song(String id, String webhook, boolean hasWebhook) {
        var request = Json.object().put("prompt", "a tango");
        if (!webhook.isEmpty()) {
            request.put("webhook", webhook);
        }
        return new NewSong(
                id,
                "foxai",
                Optional.empty(),
                request,
                List.of(),
                false,
                hasWebhook,
                Optional.empty(),
                Optional.of("batch-" + id));
    }

    /** The song that is due. */
    private void doubt(boolean sandbox) {
        Claim claim = intend(sandbox);
        ledger.make(new Change.Doubted(claim, "No answer.", Optional.empty()));
    }

    private Claim intend(boolean sandbox) {
        Claim claim = claim(SongState.ACCEPTED, sandbox);
        ledger.make(new Change.Intended(claim, 1, 0));
        return claim;
    }

    private void submit() {
        ledger.make(new Change.Submitted(
                intend(false),
                1,
                List.of("t1"),
                clock.instant(),
                clock.instant().plus(Duration.ofMinutes(6))));
    }

    private void poll(String status) {
        Change.TaskReport report =
                new Change.TaskReport(1, status, Json.MAPPER.createArrayNode(), Optional.empty(), 0, false);
        ledger.make(new Change.PolledOn(
                claim(SongState.SUBMITTED, false), List.of(report), clock.instant(), Optional.empty()));
    }

    private Claim claim(SongState state, boolean sandbox) {
        return ledger.claims()
                .claimDue(state, "foxai", new Scope(sandbox, Optional.empty()), 1, Duration.ofMinutes(5))
                .get(0)
                .claim();
    }
}
