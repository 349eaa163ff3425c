package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteeringCommandsTest {

    @TempDir
    Path home;

    private TestLedger ledger;

    @BeforeEach
    void open() {
        ledger = new TestLedger(home);
    }

    @Test
    void retryOfATimeoutAsksAboutTheTaskAgain() {
        ledger.failed("a", Reason.VENDOR_TIMEOUT, "It took too long.");

        Ran ran = camelody("retry", "a", "--home", home);

        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("a goes on from submitted: its task is asked about again, nothing is bought.\n")
                .contains("run the same batch again");
        assertThat(ledger.song("a").state()).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void retryOfATaskThatFailedAsksAgainAndNamesTheWayThatCosts() {
        ledger.failed("a", Reason.VENDOR_FAILED, "No voice.");

        assertThat(camelody("retry", "a", "--home", home).out())
                .contains("its task is asked about again, nothing is bought.")
                .contains("If it fails again: camelody retry --resubmit a --home " + home + ", which costs again.\n");
        assertThat(ledger.song("a").state()).isEqualTo(SongState.SUBMITTED);
    }

    @Test
    void retryByResubmitBuysANewTask() {
        ledger.failed("a", Reason.TASK_LOST, "Gone.");

        assertThat(camelody("retry", "--resubmit", "a", "--home", home).out())
                .startsWith(
                        "a goes on from accepted: it is submitted to foxai once more, as a new task that costs again.");
        assertThat(ledger.song("a").state()).isEqualTo(SongState.ACCEPTED);
        assertThat(ledger.song("a").stepTasks()).isEmpty();
    }

    @Test
    void songThatCannotBeRetriedKeepsNoOtherFromIt() {
        ledger.delivered("a");
        ledger.failed("b", Reason.VENDOR_TIMEOUT, "It took too long.");

        Ran ran = camelody("retry", "a", "nobody", "b", "b", "--home", home);

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .isEqualTo(
                        """
                        Song a cannot be retried: it is delivered. (song: a)
                        There is no song nobody. See camelody songs. (song: nobody)
                        """);
        assertThat(ran.out()).startsWith("b goes on from submitted");
    }

    @Test
    void steeringWithoutALedgerFindsNoSong() {
        assertThat(camelody("cancel", "a", "--home", home))
                .isEqualTo(new Ran(1, "", "There is no song a. See camelody songs. (song: a)\n"));
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void cancelEndsASongAndSaysWhatItCost() {
        ledger.submitted("b", "6m");
        ledger.inDoubt("c");
        ledger.accepted("a");

        Ran ran = camelody("cancel", "a", "b", "c", "--home", home);

        assertThat(ran)
                .isEqualTo(new Ran(
                        0,
                        """
                                a is cancelled; nothing was bought.
                                b is cancelled; what its vendor has taken is paid for all the same.
                                c is cancelled; whether its vendor has taken it, and charges for it, nobody heard.
                                """,
                        ""));
        assertThat(ledger.song("b").state()).isEqualTo(SongState.CANCELLED);
    }

    @Test
    void steeringWorksBesideAProcessThatWorksOnTheLedger() {
        ledger.inDoubt("c");
        try (SongLedger working = ledger.open()) {
            working.nextGeneration(List.of("file"));

            assertThat(camelody("resolve", "c", "--fail", "--home", home).code())
                    .isZero();
        }
        assertThat(ledger.song("c").reason()).contains(Reason.GIVEN_UP);
    }

    @Test
    void resolveWithATaskGoesOnWithItForAsLongAsTheVendorMayTake() {
        ledger.inDoubt("c");

        Ran ran =
                camelody("resolve", "c", "--task-id", "t-1", "--home", home, "--property", "camelody.foxai.timeout=1h");

        assertThat(ran.out()).startsWith("c goes on from submitted: task t-1 is asked about, nothing is bought.\n");
        Song song = ledger.song("c");
        assertThat(song.tasks().get(0).taskId()).contains("t-1");
        assertThat(song.timeoutAt().orElseThrow())
                .as("the request's own timeout is 6m")
                .isCloseTo(Instant.now().plus(Duration.ofMinutes(6)), within(1, ChronoUnit.MINUTES));
    }

    @Test
    void resolveTakesTheSeveralTasksOfOneCall() {
        ledger.inDoubt("c");

        camelody("resolve", "c", "--task-id", "t-1,t-2", "--home", home);

        Song song = ledger.song("c");
        assertThat(song.stepTasks())
                .flatExtracting(task -> task.taskId().stream().toList())
                .containsExactly("t-1", "t-2");
        assertThat(song.price()).isEqualTo(35_000);
    }

    @Test
    void resolveByResubmitIsDueAgain() {
        ledger.inDoubt("c");

        assertThat(camelody("resolve", "c", "--resubmit", "--home", home).out())
                .startsWith("c goes on from accepted: it is submitted to foxai once more.\n");
        assertThat(ledger.song("c").state()).isEqualTo(SongState.ACCEPTED);
    }

    @Test
    void resolveTakesExactlyOneAnswer() {
        assertThat(camelody("resolve", "c", "--home", home).code()).isEqualTo(2);
        assertThat(camelody("resolve", "c", "--fail", "--resubmit", "--home", home)
                        .code())
                .isEqualTo(2);
    }

    @Test
    void resolveWithATaskTakesOneSong() {
        Ran ran = camelody("resolve", "c", "d", "--task-id", "t-1", "--home", home);

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("Expected one song with --task-id, got: 2.");
        assertThat(camelody("resolve", "c", "--task-id", ",", "--home", home).err())
                .isEqualTo("Expected --task-id to be the vendor's id of a task, got: \",\".\n");
    }
}
