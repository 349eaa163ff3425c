package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink is any route of a home: a file in {@code routes/sinks} and its name in {@code camelody.sinks}. */
final class OwnSinkTest {

    @TempDir
    private Path home;

    @BeforeEach
    void request() throws IOException {
        Files.writeString(
                home.resolve("one.json"), "{\"id\": \"one\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");
    }

    @Test
    void aSinkThatFailsFirstIsCalledAgainAndTheOthersAreNot() throws IOException {
        sink("shelf", "${variable.sinkAttempt} < 2");

        Ran ran = batch("file,shelf");

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        assertThat(song().clips().get(0).path("places"))
                .isEqualTo(Json.object()
                        .put("file", home.resolve("songs/one/clip-1.mp3").toString())
                        .put("shelf", "shelf 1"));
        assertThat(song().sinks())
                .extracting(sink -> sink.sink() + " " + sink.attempt())
                .containsExactly("file 0", "shelf 1");
    }

    @Test
    void aRequestNamesItsOwnSinksAmongThoseInUse() throws IOException {
        sink("shelf", "${null} != null");
        Files.writeString(
                home.resolve("one.json"),
                "{\"id\": \"one\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\", \"sinks\": [\"shelf\"]}");

        assertThat(batch("file,shelf").code()).isZero();

        assertThat(song().clips().get(0).path("places")).isEqualTo(Json.object().put("shelf", "shelf 1"));
        assertThat(home.resolve("songs/one")).doesNotExist();
    }

    @Test
    void aSinkThatIsNotInUseIsNotLoaded() throws IOException {
        Files.createDirectories(home.resolve("routes/sinks"));
        Files.writeString(
                home.resolve("routes/sinks/elsewhere.camel.yaml"),
                """
                - route:
                    id: camelody-elsewhere-sink
                    from:
                      uri: direct:camelody-elsewhere-sink
                      steps:
                        - to: "nosuchcomponent:{{camelody.elsewhere.secret}}"
                """);

        Ran ran = batch("file");

        assertThat(ran.code()).as(ran.err()).isZero();
        JsonNode document = Json.parse(Files.readString(home.resolve("songs/one/song.json")));
        assertThat(document.path("state").textValue()).isEqualTo("delivered");
        assertThat(document.has("sinks"))
                .as("what is under way is not what became of it")
                .isFalse();
    }

    private void sink(String name, String failsWhile) throws IOException {
        Files.createDirectories(home.resolve("routes/sinks"));
        Files.writeString(
                home.resolve("routes/sinks/%s.camel.yaml".formatted(name)),
                """
                - route:
                    id: camelody-NAME-sink
                    from:
                      uri: direct:camelody-NAME-sink
                      steps:
                        - filter:
                            expression:
                              simple:
                                expression: "WHILE"
                            steps:
                              - throwException:
                                  exceptionType: java.io.IOException
                                  message: the shelf is full
                        - setBody:
                            expression:
                              jq:
                                expression: '[.clips[] | select(.file) | "NAME 1"]'
                """
                        .replace("NAME", name)
                        .replace("WHILE", failsWhile));
    }

    private Ran batch(String sinks) {
        return camelody(
                "batch",
                "--home",
                home,
                "--sandbox",
                "--property",
                "camelody.sinks=" + sinks,
                home.resolve("one.json"));
    }

    private Song song() {
        try (SongLedger ledger =
                SongLedger.openBeside("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC())) {
            return ledger.catalog().find("one").orElseThrow();
        }
    }
}
