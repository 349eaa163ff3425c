package io.camelody.component;

import static io.camelody.component.GivenSong.CLAIM;
import static io.camelody.component.GivenSong.SUBMITTED;
import static io.camelody.component.GivenSong.clips;
import static io.camelody.component.GivenSong.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.settings.VendorSettings;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PollJudgeTest {

    private static final VendorSettings FOXAI =
            TestVendors.vendor("foxai", "poll-interval=5s", "clip-grace=2m", "timeout=6m", "poll-batch=25");

    private static final Instant NOW = SUBMITTED.plusSeconds(60);

    private static final Instant OVER = SUBMITTED.plusSeconds(360);

    // ---- words

    @Test
    void aRunningTaskIsAskedAboutAgain() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), answer("t1", "running"));

        assertThat(on.dueAt()).isEqualTo(NOW.plusSeconds(5));
        assertThat(on.settlingSince()).isEmpty();
        assertThat(on.reports()).containsExactly(new TaskReport(1, "running", clips(), Optional.empty(), 0, false));
    }

    @Test
    void aStreamingTaskIsRecordedWithItsUrlAndAskedAboutAgain() {
        TaskAnswer streaming = answer("t1", "streaming", "c1");

        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), streaming);

        assertThat(on.reports())
                .containsExactly(new TaskReport(1, "streaming", clips("c1"), Optional.empty(), 0, false));
    }

    @Test
    void whatStreamedStaysOnRecordWhileAnAnswerHasNoClips() {
        Task before = task(1, "t1", Step.SONG, Optional.of("streaming"), clips("c1"), 0, false);

        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(before), answer("t1", "running"));

        assertThat(on.reports().get(0).clips()).isEqualTo(clips("c1"));
    }

    @Test
    void anUnknownWordEndsNothing() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), answer("t1", "remixing"));

        assertThat(on.reports().get(0).status()).isEqualTo("remixing");
        assertThat(on.reports().get(0).ended()).isFalse();
    }

    @Test
    void aTaskThatSucceededGivesItsClips() {
        Change change = judge(GivenSong.with(task(1, "t1")), answer("t1", "succeeded", "c1", "c2"));

        assertThat(change)
                .isEqualTo(new Change.Generated(
                        CLAIM,
                        List.of(new TaskReport(1, "succeeded", clips("c1", "c2"), Optional.empty(), 0, true)),
                        clips("c1", "c2")));
    }

    @Test
    void aTaskThatFailedEndsTheSongWithTheVendorsWords() {
        Change.Failed failed = (Change.Failed)
                judge(GivenSong.with(task(1, "t1")), failed("t1", ErrorClass.UNKNOWN, "Voice model crashed"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_FAILED);
        assertThat(failed.message()).isEqualTo("Voice model crashed");
        assertThat(failed.reports().get(0).ended()).isTrue();
    }

    @Test
    void aTaskThatFailedWithoutWordsSaysSo() {
        Change.Failed failed = (Change.Failed) judge(GivenSong.with(task(1, "t1")), answer("t1", "failed"));

        assertThat(failed.message()).isEqualTo("foxai ended the task without a result.");
    }

    @Test
    void aTaskThatModerationEndedIsContentRefused() {
        Change.Failed failed = (Change.Failed)
                judge(GivenSong.with(task(1, "t1")), failed("t1", ErrorClass.CONTENT, "Copyrighted lyrics"));

        assertThat(failed.reason()).isEqualTo(Reason.CONTENT_REFUSED);
    }

    // ---- missing

    @Test
    void aMissingTaskIsCountedAndAskedAboutAgain() {
        Change.PolledOn once = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")));
        Change.PolledOn twice = (Change.PolledOn) judge(GivenSong.with(missing(1)));

        assertThat(once.reports().get(0).missing()).isEqualTo(1);
        assertThat(twice.reports().get(0).missing()).isEqualTo(2);
        assertThat(twice.reports().get(0).ended()).isFalse();
    }

    @Test
    void aTaskThatIsMissingForTheThirdTimeIsLost() {
        Change.Failed failed = (Change.Failed) judge(GivenSong.with(missing(2)));

        assertThat(failed.reason()).isEqualTo(Reason.TASK_LOST);
        assertThat(failed.message()).isEqualTo("foxai did not know the task in 3 answers in a row.");
        assertThat(failed.reports().get(0).status()).isEqualTo(Task.LOST);
    }

    @Test
    void aTaskThatIsThereAgainIsNotMissingAnyMore() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(missing(2)), answer("t1", "running"));

        assertThat(on.reports().get(0).missing()).isZero();
    }

    @Test
    void anAnswerAboutOthersCountsAsMissing() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), answer("x9", "succeeded", "c9"));

        assertThat(on.reports()).hasSize(1);
        assertThat(on.reports().get(0).missing()).isOne();
    }

    // ---- time

    @Test
    void aSongThatTakesLongIsAskedAboutLessOften() {
        Instant late = SUBMITTED.plusSeconds(181);

        Change.PolledOn on =
                (Change.PolledOn) judge(late, GivenSong.with(task(1, "t1")), List.of("t1"), answer("t1", "running"));

        assertThat(on.dueAt()).isEqualTo(late.plusSeconds(10));
    }

    @Test
    void theNextCallIsNeverLaterThanTheTimeout() {
        Instant late = OVER.minusSeconds(3);

        Change.PolledOn on =
                (Change.PolledOn) judge(late, GivenSong.with(task(1, "t1")), List.of("t1"), answer("t1", "running"));

        assertThat(on.dueAt()).isEqualTo(OVER);
    }

    @Test
    void aTaskThatIsNotThereInTimeFailsItsSong() {
        Change.Failed failed =
                (Change.Failed) judge(OVER, GivenSong.with(task(1, "t1")), List.of("t1"), answer("t1", "streaming"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_TIMEOUT);
        assertThat(failed.message()).isEqualTo("foxai did not end the task within 6m.");
        assertThat(failed.reports().get(0).status()).isEqualTo("streaming");
    }

    @Test
    void aTaskThatEndsInTheLastMomentIsTaken() {
        Change change = judge(OVER, GivenSong.with(task(1, "t1")), List.of("t1"), answer("t1", "succeeded", "c1"));

        assertThat(change).isInstanceOf(Change.Generated.class);
    }

    @Test
    void theTimeRunsOutAlsoWhileCallsFail() {
        PollJudge judge = new PollJudge(FOXAI, OVER);

        Change.Failed failed = (Change.Failed)
                judge.judgeFailedCall(GivenSong.with(task(1, "t1")).claimed(), OVER.plusSeconds(9));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_TIMEOUT);
    }

    @Test
    void aFailedCallChangesNothingButTheNextCall() {
        Instant since = NOW.minusSeconds(10);
        GivenSong song = GivenSong.with(missing(2)).settlingSince(since);

        Change change = new PollJudge(FOXAI, NOW).judgeFailedCall(song.claimed(), NOW.plusSeconds(30));

        assertThat(change).isEqualTo(new Change.PolledOn(CLAIM, List.of(), NOW.plusSeconds(30), Optional.of(since)));
    }

    @Test
    void aFailedCallIsNotRepeatedBeforeTheIntervalIsOver() {
        Change.PolledOn on = (Change.PolledOn) new PollJudge(FOXAI, NOW)
                .judgeFailedCall(GivenSong.with(task(1, "t1")).claimed(), NOW.plusSeconds(1));

        assertThat(on.dueAt()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void aVendorThatWantsALongRestDoesNotPutOffTheTimeout() {
        Change.PolledOn on = (Change.PolledOn) new PollJudge(FOXAI, NOW)
                .judgeFailedCall(GivenSong.with(task(1, "t1")).claimed(), NOW.plusSeconds(86_400));

        assertThat(on.dueAt()).isEqualTo(OVER);
    }

    // ---- clips that still grow

    @Test
    void clipsThatStillStreamAreWaitedFor() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), settling("t1", "c1"));

        assertThat(on.settlingSince()).contains(NOW);
        assertThat(on.reports().get(0).status()).isEqualTo("succeeded");
        assertThat(on.reports().get(0).ended())
                .as("so that it is asked about again")
                .isFalse();
    }

    @Test
    void anEndWithoutClipsIsWaitedForLikeClipsThatGrow() {
        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), answer("t1", "succeeded"));

        assertThat(on.settlingSince()).contains(NOW);
    }

    @Test
    void theGraceBeginsOnceAndEndsWithWhatIsThere() {
        GivenSong song = GivenSong.with(task(1, "t1")).settlingSince(NOW.minusSeconds(119));
        Change.PolledOn on = (Change.PolledOn) judge(song, settling("t1", "c1"));
        assertThat(on.settlingSince()).contains(NOW.minusSeconds(119));

        Change.Generated over = (Change.Generated)
                judge(GivenSong.with(task(1, "t1")).settlingSince(NOW.minusSeconds(120)), settling("t1", "c1"));

        assertThat(over.clips()).hasSize(1);
        assertThat(over.reports().get(0).ended()).isTrue();
    }

    @Test
    void theEndOfTheGraceIsLookedAtHoweverLongTheInterval() {
        PollJudge patient =
                new PollJudge(TestVendors.vendor("foxai", "poll-interval=10m", "clip-grace=1s", "timeout=6m"), NOW);

        Change.PolledOn on = (Change.PolledOn) patient.judge(
                GivenSong.with(task(1, "t1")).claimed(), List.of("t1"), Map.of("t1", settling("t1", "c1")));

        assertThat(on.dueAt()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void anEndWithoutClipsFailsAfterTheGrace() {
        Change.Failed failed = (Change.Failed)
                judge(GivenSong.with(task(1, "t1")).settlingSince(NOW.minusSeconds(120)), answer("t1", "succeeded"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_FAILED);
    }

    @Test
    void theTimeoutEndsTheGraceToo() {
        GivenSong song = GivenSong.with(task(1, "t1")).settlingSince(OVER.minusSeconds(5));

        assertThat(judge(OVER, song, List.of("t1"), settling("t1", "c1"))).isInstanceOf(Change.Generated.class);
    }

    @Test
    void clipsThatGrewAreTakenWhenTheVendorForgetsTheirTask() {
        Task settled = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 0, false);
        GivenSong song = GivenSong.with(settled).settlingSince(NOW.minusSeconds(5));
        Change.PolledOn on = (Change.PolledOn) judge(song);
        assertThat(on.settlingSince()).contains(NOW.minusSeconds(5));

        Task forgotten = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 2, false);
        Change.Generated taken =
                (Change.Generated) judge(GivenSong.with(forgotten).settlingSince(NOW.minusSeconds(120)));

        assertThat(taken.clips()).isEqualTo(clips("c1"));
    }

    @Test
    void clipsThatGrewAreTakenWhenTheTimeIsOverAndCallsFail() {
        Task settled = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 0, false);

        Change change = new PollJudge(FOXAI, OVER)
                .judgeFailedCall(GivenSong.with(settled).settlingSince(NOW).claimed(), OVER);

        assertThat(change).isInstanceOf(Change.Generated.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "submitted", "Pondering"})
    void clipsThatHaveNotBegunAreWaitedForLikeClipsThatGrow(String word) {
        TaskAnswer answer = succeeded("t1", "c1", "complete", "c2", word);

        Change.PolledOn on = (Change.PolledOn) judge(GivenSong.with(task(1, "t1")), answer);
        Change after = judge(GivenSong.with(task(1, "t1")).settlingSince(NOW.minusSeconds(120)), answer);

        assertThat(on.settlingSince()).contains(NOW);
        assertThat(((Change.Generated) after).clips()).hasSize(2);
    }

    @Test
    void clipsThatAreCompleteAreNotWaitedForHoweverTheVendorWritesIt() {
        Change change =
                judge(GivenSong.with(task(1, "t1")), succeeded("t1", "c1", "Complete", "c2", "ERROR", "c3", ""));

        assertThat(((Change.Generated) change).clips()).hasSize(3);
    }

    // ---- clips that ended badly

    @Test
    void clipsThatAllEndedBadlyFailTheSongAtOnce() {
        Change.Failed failed =
                (Change.Failed) judge(GivenSong.with(task(1, "t1")), succeeded("t1", "c1", "error", "c2", "failed"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_FAILED);
        assertThat(failed.message()).isEqualTo("foxai ended every clip as \"error\".");
        assertThat(failed.reports().get(0).ended()).isTrue();
    }

    @Test
    void clipThatEndedBadlyDoesNotEndTheOneThatStillGrows() {
        Change change = judge(GivenSong.with(task(1, "t1")), succeeded("t1", "c1", "error", "c2", "streaming"));

        assertThat(change).isInstanceOf(Change.PolledOn.class);
    }

    @Test
    void clipsThatAllEndedBadlyAreNoReasonToDeliverAtTheTimeout() {
        Task bad = task(
                1,
                "t1",
                Step.SONG,
                Optional.of("succeeded"),
                succeeded("t1", "c1", "error").clips(),
                0,
                true);

        Change.Failed failed =
                (Change.Failed) judge(OVER, GivenSong.with(bad, task(2, "t2")), List.of("t2"), answer("t2", "running"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_TIMEOUT);
    }

    // ---- several tasks

    @Test
    void aSongWaitsForAllOfItsTasks() {
        Change.PolledOn on = (Change.PolledOn) judge(
                GivenSong.with(task(1, "t1"), task(2, "t2")), answer("t1", "succeeded", "c1"), answer("t2", "running"));

        assertThat(on.reports()).extracting(TaskReport::ended).containsExactly(true, false);
        assertThat(on.settlingSince()).isEmpty();
    }

    @Test
    void oneTaskThatSucceededMakesTheSong() {
        Task failed = task(1, "t1", Step.SONG, Optional.of("failed"), clips(), 0, true);

        Change.Generated generated = (Change.Generated)
                judge(NOW, GivenSong.with(failed, task(2, "t2")), List.of("t2"), answer("t2", "succeeded", "c2"));

        assertThat(generated.clips()).isEqualTo(clips("c2"));
        assertThat(generated.reports()).extracting(TaskReport::status).containsExactly("failed", "succeeded");
    }

    @Test
    void aTaskThatEndedBeforeGivesItsClipsToo() {
        Task before = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 0, true);

        Change.Generated generated = (Change.Generated)
                judge(NOW, GivenSong.with(before, task(2, "t2")), List.of("t2"), answer("t2", "succeeded", "c2"));

        assertThat(generated.clips()).isEqualTo(clips("c1", "c2"));
    }

    @Test
    void aClipThatTwoTasksTellOfIsTakenOnce() {
        Change.Generated generated = (Change.Generated) judge(
                GivenSong.with(task(1, "t1"), task(2, "t2")),
                answer("t1", "succeeded", "c1", "c2"),
                answer("t2", "succeeded", "c1", "c2"));

        assertThat(generated.clips()).isEqualTo(clips("c1", "c2"));
    }

    @Test
    void aTaskWhoseClipsGrowIsAskedAboutWhileOthersRun() {
        Change.PolledOn on = (Change.PolledOn)
                judge(GivenSong.with(task(1, "t1"), task(2, "t2")), settling("t1", "c1"), answer("t2", "running"));

        assertThat(on.reports()).extracting(TaskReport::ended).containsExactly(false, false);
        assertThat(on.settlingSince()).as("it begins when all have ended").isEmpty();
    }

    @Test
    void theGraceOfOneTaskDoesNotOpenAnother() {
        Task failed = task(1, "t1", Step.SONG, Optional.of("failed"), clips(), 0, true);

        Change.PolledOn on = (Change.PolledOn)
                judge(NOW, GivenSong.with(failed, task(2, "t2")), List.of("t2"), settling("t2", "c2"));

        assertThat(on.reports()).extracting(TaskReport::ended).containsExactly(true, false);
    }

    @Test
    void whatSucceededIsDeliveredWhenTheRestIsNotThereInTime() {
        Task before = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 0, true);

        Change.Generated generated = (Change.Generated)
                judge(OVER, GivenSong.with(before, task(2, "t2")), List.of("t2"), answer("t2", "running"));

        assertThat(generated.clips()).isEqualTo(clips("c1"));
    }

    @Test
    void oneLostAndOneFailedTaskAreNoLostSong() {
        Task failed = task(1, "t1", Step.SONG, Optional.of("failed"), clips(), 0, true);
        Task almostLost = task(2, "t2", Step.SONG, Optional.empty(), clips(), 2, false);

        Change.Failed change = (Change.Failed) judge(NOW, GivenSong.with(failed, almostLost), List.of("t2"));

        assertThat(change.reason()).isEqualTo(Reason.VENDOR_FAILED);
    }

    @Test
    void tasksThatTheCallWasNotAboutStayAsTheyAre() {
        Task other = task(2, "t2", Step.SONG, Optional.of("streaming"), clips("c2"), 1, false);

        Change.PolledOn on = (Change.PolledOn)
                judge(NOW, GivenSong.with(task(1, "t1"), other), List.of("t1"), answer("t1", "running"));

        assertThat(on.reports().get(1))
                .isEqualTo(new TaskReport(2, "streaming", clips("c2"), Optional.empty(), 1, false));
    }

    @Test
    void asksAboutOpenTasksUpToTheVendorsLimit() {
        Task ended = task(1, "t1", Step.SONG, Optional.of("failed"), clips(), 0, true);
        GivenSong song = GivenSong.with(ended, task(2, "t2"), task(3, "t3"));

        assertThat(PollJudge.open(song.claimed().song(), 25)).containsExactly("t2", "t3");
        assertThat(PollJudge.open(song.claimed().song(), 1)).containsExactly("t2");
    }

    @Test
    void aSongWithNothingToAskEndsWithWhatItsTasksSaid() {
        Task before = task(1, "t1", Step.SONG, Optional.of("succeeded"), clips("c1"), 0, true);

        Change change = judge(NOW, GivenSong.with(before), List.of());

        assertThat(change).isInstanceOf(Change.Generated.class);
    }

    // ---- lyrics

    @Test
    void writtenLyricsEndTheirStep() {
        Task writing = task(1, "t1", Step.LYRICS, Optional.empty(), clips(), 0, false);
        TaskAnswer words = new TaskAnswer(
                Optional.of("t1"), "succeeded", clips(), Optional.empty(), Optional.of("la la"), Optional.of("La"));

        Change.LyricsWritten written =
                (Change.LyricsWritten) judge(GivenSong.with(writing).atStep(Step.LYRICS), words);

        ObjectNode expected = clips().addObject().put("lyrics", "la la").put("title", "La");
        assertThat(written.written()).isEqualTo(expected);
        assertThat(written.reports().get(0).ended()).isTrue();
    }

    @Test
    void lyricsThatEndWithoutWordsFailTheSong() {
        Task writing = task(1, "t1", Step.LYRICS, Optional.empty(), clips(), 0, false);

        Change.Failed failed =
                (Change.Failed) judge(GivenSong.with(writing).atStep(Step.LYRICS), answer("t1", "succeeded"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_FAILED);
    }

    @Test
    void lyricsThatAreNotWrittenInTimeFailTheSong() {
        Task writing = task(1, "t1", Step.LYRICS, Optional.empty(), clips(), 0, false);

        Change.Failed failed = (Change.Failed)
                judge(OVER, GivenSong.with(writing).atStep(Step.LYRICS), List.of("t1"), answer("t1", "running"));

        assertThat(failed.reason()).isEqualTo(Reason.VENDOR_TIMEOUT);
    }

    // ---- given

    private static Change judge(GivenSong song, TaskAnswer... answers) {
        return judge(
                NOW,
                song,
                song.tasks().stream().map(task -> task.taskId().orElseThrow()).toList(),
                answers);
    }

    private static Change judge(Instant now, GivenSong song, List<String> asked, TaskAnswer... answers) {
        Map<String, TaskAnswer> byId = Arrays.stream(answers)
                .collect(Collectors.toMap(answer -> answer.taskId().orElseThrow(), Function.identity()));
        return new PollJudge(FOXAI, now).judge(song.claimed(), asked, byId);
    }

    private static Task missing(int times) {
        return task(1, "t1", Step.SONG, Optional.of("running"), clips(), times, false);
    }

    private static TaskAnswer answer(String id, String status, String... clips) {
        return new TaskAnswer(
                Optional.of(id), status, clips(clips), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static TaskAnswer settling(String id, String clip) {
        return succeeded(id, clip, "streaming");
    }

    /** @param clips ids and statuses, by turns */
    private static TaskAnswer succeeded(String id, String... clips) {
        TaskAnswer answer = answer(id, "succeeded");
        for (int i = 0; i < clips.length; i += 2) {
            answer.clips().addObject().put("id", clips[i]).put("status", clips[i + 1]);
        }
        return answer;
    }

    private static TaskAnswer failed(String id, ErrorClass errorClass, String message) {
        return new TaskAnswer(
                Optional.of(id),
                "failed",
                clips(),
                Optional.of(new VendorError(errorClass, message, Optional.empty())),
                Optional.empty(),
                Optional.empty());
    }
}
