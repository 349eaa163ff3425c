package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowCommandTest {

    @TempDir
    Path home;

    private TestLedger ledger;

    @BeforeEach
    void open() {
        ledger = new TestLedger(home);
    }

    @Test
    void deliveredSongShowsWhatWasAskedAndWhatCameOfIt() {
        ledger.delivered("b");

        Ran ran = camelody("show", "b", "--home", home);

        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .startsWith("b  delivered\n")
                .contains("prompt: a song called b", "songs.jsonl:1", "$0.035", "The title is kept.")
                .contains("accepted", "submitted", "generated", "delivered")
                .contains("song at foxai, id task-of-b")
                .contains("/songs/b/clip-1.mp3, 12.5 s", "Expected 10 bytes, got: 5.")
                .doesNotContain("next");
    }

    @Test
    void songInDoubtShowsTheRawAnswerAndTheWaysOut() {
        ledger.inDoubt("c");

        assertThat(camelody("show", "c", "--home", home).out())
                .contains("c  in-doubt", "The vendor answered with a 502.", "<html>Bad Gateway")
                .contains("nobody heard the answer")
                .contains("camelody resolve c --home " + home + " --task-id TASK")
                .contains("camelody resolve c --home " + home + " --resubmit")
                .contains("camelody resolve c --home " + home + " --fail");
    }

    /** As for one of a drop folder or of HTTP, which no batch would take up. */
    @Test
    void songUnderWayGoesOnWithTheServiceToo() {
        ledger.submitted("a", "10m");

        assertThat(camelody("show", "a", "--home", home).out())
                .contains("It goes on while camelody run or its batch is running. If neither is, start camelody run,");
    }

    @Test
    void failedSongShowsHowItGoesOn() {
        ledger.failed("d", Reason.VENDOR_TIMEOUT, "It took too long.");

        assertThat(camelody("show", "d", "--home", home).out())
                .contains("d  failed, vendor-timeout", "It took too long.", "camelody retry d --home " + home);
    }

    @Test
    void waitingSongShowsWhyItsVendorTakesNothing() {
        ledger.accepted("a");
        try (SongLedger open = ledger.open()) {
            open.pauses()
                    .pause(
                            new Pause(
                                    "foxai",
                                    "auth",
                                    "foxai refused the key.",
                                    Instant.now().plusSeconds(60)),
                            false);
        }

        assertThat(camelody("show", "a", "--home", home).out()).contains("next", "foxai refused the key.");
    }

    @Test
    void jsonIsTheSongsDocument() {
        ledger.delivered("b");

        JsonNode song =
                Json.parse(camelody("show", "b", "--home", home, "--json").out());

        assertThat(song.path("request").path("prompt").asText()).isEqualTo("a song called b");
        assertThat(song.path("tasks").get(0).path("taskId").asText()).isEqualTo("task-of-b");
    }

    @Test
    void unknownSongIsSaid() {
        assertThat(camelody("show", "nobody", "--home", home))
                .isEqualTo(new Ran(1, "", "There is no song nobody. See camelody songs --home %s.\n".formatted(home)));
        ledger.accepted("a");
        assertThat(camelody("show", "nobody", "--home", home).code()).isEqualTo(1);
    }
}
