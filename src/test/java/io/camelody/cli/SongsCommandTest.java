package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SongsCommandTest {

    @TempDir
    Path home;

    private TestLedger ledger;

    @BeforeEach
    void open() {
        ledger = new TestLedger(home);
    }

    @Test
    void homeWithoutALedgerHasNoSongsAndGetsNone() {
        assertThat(camelody("songs", "--home", home)).isEqualTo(new Ran(0, "No songs yet.\n", ""));
        assertThat(camelody("songs", "--home", home, "--json")).isEqualTo(new Ran(0, "[]\n", ""));
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void tableHasALineASongWithItsColumnsOneBelowTheOther() {
        ledger.failed("a-long-id-of-a-song", Reason.VENDOR_FAILED, "It went\n\u001b[31mwrong.");
        ledger.delivered("b");

        Ran ran = camelody("songs", "--home", home);

        String[] lines = ran.out().split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[1]).contains("a-long-id-of-a-song", "failed", "vendor-failed", "$0.035", "It went [31mwrong.");
        assertThat(lines[2]).contains("delivered", "1 file");
        int state = lines[0].indexOf("STATE");
        assertThat(lines[1].substring(state)).startsWith("failed");
        assertThat(lines[2].substring(state)).startsWith("delivered");
    }

    @Test
    void jsonIsOneArrayWithAnElementASong() {
        ledger.delivered("b");
        ledger.inDoubt("c");

        JsonNode songs = Json.parse(camelody("songs", "--home", home, "--json").out());

        assertThat(songs).hasSize(2);
        assertThat(songs.get(0).path("id").asText()).isEqualTo("b");
        assertThat(songs.get(0).path("taskIds").get(0).asText()).isEqualTo("task-of-b");
        assertThat(songs.get(0).path("files").get(0).asText()).isEqualTo("/songs/b/clip-1.mp3");
        assertThat(songs.get(0).path("price").decimalValue()).isEqualByComparingTo("0.035");
        assertThat(songs.get(1).path("state").asText()).isEqualTo("in-doubt");
        assertThat(songs.get(1).path("reason").isNull()).isTrue();
    }

    @Test
    void listOfSeveralPagesHasEverySongOnce() {
        ledger.accepted(IntStream.range(0, 1234).mapToObj(i -> "song-" + i).toArray(String[]::new));

        JsonNode songs = Json.parse(camelody("songs", "--home", home, "--json").out());

        assertThat(songs.findValuesAsText("id")).hasSize(1234).doesNotHaveDuplicates();
    }

    @Test
    void stateAndVendorNarrowTheList() {
        ledger.delivered("b");
        ledger.inDoubt("c");

        assertThat(Json.parse(camelody("songs", "--home", home, "--json", "--state", "in-doubt")
                                .out())
                        .findValuesAsText("id"))
                .containsExactly("c");
        assertThat(camelody("songs", "--home", home, "--vendor", "sunomusic").out())
                .isEqualTo("No such songs.\n");
    }

    @Test
    void unknownStateIsRefusedWithThoseThereAre() {
        Ran ran = camelody("songs", "--home", home, "--state", "done");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .isEqualTo(
                        "Expected --state to be one of accepted, submitted, generated, in-doubt, delivered, failed, cancelled, got: \"done\".\n");
    }

    @Test
    void listWorksBesideAProcessThatWorksOnTheLedger() {
        ledger.delivered("b");
        try (SongLedger working = ledger.open()) {
            working.nextGeneration(List.of("file"));

            assertThat(camelody("songs", "--home", home).out()).contains("delivered");
        }
    }
}
