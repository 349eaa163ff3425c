package io.camelody.component;

import static io.camelody.component.GivenSong.CLAIM;
import static io.camelody.component.GivenSong.clips;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Change;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SubmitJudgeTest {

    private static final VendorSettings FOXAI = TestVendors.vendor("foxai", "timeout=6m", "poll-first-after=10s");

    private static final VendorSettings BOLD = TestVendors.vendor("foxai", "on-doubt=resubmit");

    private static final Instant NOW = Instant.parse("2026-03-16T08:00:00Z");

    @Test
    void aCallThatWasTakenIsSubmitted() {
        Change change = judge(GivenSong.with(), new SubmitAnswer.Taken(List.of("t1", "t2")));

        assertThat(change)
                .isEqualTo(
                        new Change.Submitted(CLAIM, 7, List.of("t1", "t2"), NOW.plusSeconds(10), NOW.plusSeconds(360)));
    }

    @ParameterizedTest
    @CsvSource({"90s, 90", "2m, 120", "1h30m, 5400", "1m30s, 90"})
    void aSongsOwnTimeoutCounts(String written, long seconds) {
        Change.Submitted submitted = (Change.Submitted)
                judge(GivenSong.with().withOwnTimeout(written), new SubmitAnswer.Taken(List.of("t1")));

        assertThat(submitted.timeoutAt()).isEqualTo(NOW.plusSeconds(seconds));
    }

    @Test
    void lyricsAtOnceMakeTheSongStepDue() {
        TaskAnswer words = new TaskAnswer(
                Optional.empty(), "succeeded", clips(), Optional.empty(), Optional.of("la la"), Optional.empty());

        Change change = judge(GivenSong.with().atStep(Step.LYRICS), new SubmitAnswer.Ended(words));

        assertThat(((Change.LyricsWritten) change).written().path("lyrics").textValue())
                .isEqualTo("la la");
    }

    @Test
    void clipsAtOnceAreGenerated() {
        TaskAnswer song = new TaskAnswer(
                Optional.empty(), "succeeded", clips("c1"), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(judge(GivenSong.with(), new SubmitAnswer.Ended(song)))
                .isEqualTo(new Change.Generated(CLAIM, List.of(), clips("c1")));
    }

    @Test
    void anEndWithoutAResultFailsAndIsCountedAsMade() {
        TaskAnswer nothing = new TaskAnswer(
                Optional.empty(), "succeeded", clips(), Optional.empty(), Optional.empty(), Optional.empty());

        Change.Failed failed = (Change.Failed) judge(GivenSong.with(), new SubmitAnswer.Ended(nothing));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_FAILED);
        assertThat(failed.paidCall()).isEqualTo(Task.Outcome.MADE);
    }

    @Test
    void anEndByModerationIsContentRefused() {
        TaskAnswer refused = new TaskAnswer(
                Optional.empty(),
                "failed",
                clips(),
                Optional.of(new VendorError(ErrorClass.CONTENT, "no", Optional.empty())),
                Optional.empty(),
                Optional.empty());

        Change.Failed failed = (Change.Failed) judge(GivenSong.with(), new SubmitAnswer.Ended(refused));

        assertThat(failed.reason()).isEqualTo(Reason.CONTENT_REFUSED);
        assertThat(failed.message()).isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource({"CONTENT, content-refused", "INVALID, vendor-refused"})
    void whatTheVendorRefusesHasFailedAndCostNothing(ErrorClass errorClass, String reason) {
        Change.Failed failed = (Change.Failed) judge(GivenSong.with(), no(errorClass));

        assertThat(failed.reason().word()).isEqualTo(reason);
        assertThat(failed.message()).isEqualTo("words of the vendor");
        assertThat(failed.paidCall()).isEqualTo(Task.Outcome.NOT_MADE);
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE", "TRANSIENT"})
    void whatCertainlyBoughtNothingIsSentAgainLater(ErrorClass errorClass) {
        Change.AcceptedAgain again =
                (Change.AcceptedAgain) judge(GivenSong.with().after(2), no(errorClass));

        assertThat(again.paidCall()).isEqualTo(Task.Outcome.NOT_MADE);
        assertThat(Duration.between(NOW, again.dueAt())).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    @Test
    void theVendorsOwnTimeToWaitCounts() {
        Change.AcceptedAgain again = (Change.AcceptedAgain) judge(
                GivenSong.with(),
                new SubmitAnswer.NotTaken(
                        new VendorError(ErrorClass.RATE, "slow down", Optional.of(Duration.ofSeconds(42))),
                        Optional.empty()));

        assertThat(again.dueAt()).isEqualTo(NOW.plusSeconds(42));
    }

    @Test
    void aVendorThatSaysToWaitForNothingIsLeftAloneAllTheSame() {
        Change.AcceptedAgain again = (Change.AcceptedAgain) judge(
                GivenSong.with(),
                new SubmitAnswer.NotTaken(
                        new VendorError(ErrorClass.RATE, "slow down", Optional.of(Duration.ZERO)), Optional.empty()));

        assertThat(again.dueAt()).isAfter(NOW.plusMillis(700));
    }

    @ParameterizedTest
    @EnumSource(names = {"CREDITS", "AUTH"})
    void whatThePauseHoldsBackIsDueWhenItIsLifted(ErrorClass errorClass) {
        Change.AcceptedAgain again =
                (Change.AcceptedAgain) judge(GivenSong.with().after(9), no(errorClass));

        assertThat(again.paidCall()).isEqualTo(Task.Outcome.NOT_MADE);
        assertThat(again.dueAt()).isBetween(NOW, NOW.plusSeconds(1));
    }

    @Test
    void whatNobodyCanKnowIsInDoubt() {
        Change change = judge(
                GivenSong.with(),
                new SubmitAnswer.NotTaken(
                        new VendorError(ErrorClass.UNKNOWN, "reset", Optional.empty()), Optional.of("<html>")));

        assertThat(change).isEqualTo(new Change.Doubted(CLAIM, "reset", Optional.of("<html>")));
    }

    @Test
    void whatNobodyCanKnowIsSentAgainWhereTheSettingsSaySo() {
        Change.AcceptedAgain again = (Change.AcceptedAgain) boldly(GivenSong.with());

        assertThat(again.paidCall()).isEqualTo(Task.Outcome.UNKNOWN);
    }

    @Test
    void whatWasSentAgainOnceIsHeldTheSecondTime() {
        Task first = new Task(
                1,
                Step.SONG,
                "foxai",
                Task.Outcome.UNKNOWN,
                Optional.empty(),
                35_000,
                Optional.empty(),
                clips(),
                Optional.empty(),
                0,
                true,
                NOW,
                Optional.empty(),
                Optional.empty());

        assertThat(boldly(GivenSong.with(first))).isInstanceOf(Change.Doubted.class);
        assertThat(boldly(GivenSong.with(first).atStep(Step.LYRICS))).isInstanceOf(Change.AcceptedAgain.class);
    }

    private static Change boldly(GivenSong song) {
        return new SubmitJudge(BOLD, NOW, new Random(1)).judge(song.claimed(), 2, no(ErrorClass.UNKNOWN));
    }

    private static SubmitAnswer no(ErrorClass errorClass) {
        return new SubmitAnswer.NotTaken(
                new VendorError(errorClass, "words of the vendor", Optional.empty()), Optional.empty());
    }

    private static Change judge(GivenSong song, SubmitAnswer answer) {
        return new SubmitJudge(FOXAI, NOW, new Random(1)).judge(song.claimed(), 7, answer);
    }
}
