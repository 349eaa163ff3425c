package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.MadeTask;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.TestSongs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets, the bill, and which vendor a request goes to. */
class MoneyTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void batchStopsAtTheBudgetAndGoesOnWithAHigherOne() throws IOException {
        Path requests = write(
                "{\"id\":\"a\",\"vendor\":\"foxai\",\"prompt\":\"one\",\"labels\":{\"for\":\"ann\"}}",
                "{\"id\":\"b\",\"vendor\":\"foxai\",\"prompt\":\"two\",\"labels\":{\"for\":\"bob\"}}",
                "{\"id\":\"c\",\"vendor\":\"foxai\",\"prompt\":\"three\",\"labels\":{\"for\":\"bob\"}}");

        Ran first = batch(requests, "camelody.budget.total=0.08");

        assertThat(first.code()).isEqualTo(1);
        assertThat(first.out())
                .containsPattern("delivered +2")
                .containsPattern("waiting +1")
                .contains("The budget is reached");
        assertThat(sandbox.tasks()).hasSize(2);

        Ran second = batch(requests, "camelody.budget.total=0.2");

        assertThat(second.code()).isZero();
        assertThat(sandbox.tasks()).hasSize(3);
        JsonNode bill = Json.parse(
                camelody("cost", "--home", home, "--json", "--by", "label").out());
        assertThat(bill.findValuesAsText("label")).containsExactly("for=ann", "for=bob");
        assertThat(bill.findValuesAsText("price")).containsExactly("0.035", "0.07");
        assertThat(camelody("cost", "--home", home).out()).containsPattern("foxai +3 +\\$0.105 +-");
    }

    @Test
    void nextVendorIsTriedAfterACertainNo() throws IOException {
        sandbox.fault(Fault.parse("sunomusic:submit:1:status=402"));

        Ran ran = batch(write("{\"id\":\"a\",\"vendor\":[\"sunomusic\",\"foxai\"],\"prompt\":\"one\"}"));

        assertThat(ran.code()).isZero();
        assertThat(sandbox.tasks()).extracting(MadeTask::vendor).containsExactly("foxai");
        JsonNode song = Json.parse(Files.readString(home.resolve("songs/a/song.json")));
        assertThat(song.path("vendor").asText()).isEqualTo("foxai");
        assertThat(song.path("notes").toString()).contains("sunomusic did not take it (credits); it went on to foxai.");
    }

    @Test
    void whatMayHaveBeenBoughtStaysWhereItIs() throws IOException {
        sandbox.fault(Fault.parse("sunomusic:submit:1:lost"));

        Ran ran = batch(write("{\"id\":\"a\",\"vendor\":[\"sunomusic\",\"foxai\"],\"prompt\":\"one\"}"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).containsPattern("in doubt +1");
        assertThat(sandbox.tasks()).extracting(MadeTask::vendor).containsExactly("sunomusic");
    }

    @Test
    void refusalIsFinalUnlessTheRequestSaysNext() throws IOException {
        String refusal = "sunomusic:submit:1:status=400 body={\"code\":400,\"message\":\"refused by moderation\"}";
        sandbox.fault(Fault.parse(refusal));
        sandbox.fault(Fault.parse(refusal));

        Ran ran = batch(write(
                "{\"id\":\"a\",\"vendor\":[\"sunomusic\",\"foxai\"],\"prompt\":\"one\"}",
                "{\"id\":\"b\",\"vendor\":[\"sunomusic\",\"foxai\"],\"prompt\":\"two\",\"onRefused\":\"next\"}"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("content-refused");
        assertThat(sandbox.tasks()).extracting(MadeTask::vendor).containsExactly("foxai");
    }

    @Test
    void autoIsTheCheapestThatCan() throws IOException {
        Ran ran = batch(
                write(
                        "{\"id\":\"a\",\"vendor\":\"auto\",\"prompt\":\"one\"}",
                        "{\"id\":\"b\",\"vendor\":\"auto\",\"extend\":{\"clipId\":\"c1\",\"at\":3},\"lyrics\":\"la la\"}"),
                "camelody.sunomusic.price=0.1");

        assertThat(ran.out()).containsPattern("delivered +[12]");
        assertThat(sandbox.tasks())
                .extracting(MadeTask::vendor)
                .contains("foxai")
                .doesNotContain("senseaudio");
        assertThat(sandbox.heard("sunomusic", "POST", "/v1/music/generate")).hasSize(1);
    }

    @Test
    void whatWasTriedInTheSandboxGivesWayToTheRealSong() throws IOException {
        Path tried = write("{\"id\":\"b\",\"vendor\":\"foxai\",\"prompt\":\"one\"}");
        assertThat(camelody("batch", tried, "--home", home, "--sandbox").code()).isZero();
        // a run on the sandbox that was killed between the download and the delivery of a song
        try (SongLedger ledger =
                SongLedger.openForWork("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC())) {
            ledger.accept(List.of(TestSongs.song("a")), true);
        }
        Path leftBehind = Files.createDirectories(home.resolve("data/audio/a"));
        Files.copy(home.resolve("songs/b/clip-1.mp3"), leftBehind.resolve("clip-1.mp3"));

        Ran real = batch(write("{\"id\":\"a\",\"vendor\":\"foxai\",\"prompt\":\"one\"}"));

        assertThat(real.code()).isZero();
        assertThat(sandbox.tasks()).hasSize(1);
        JsonNode song = Json.parse(Files.readString(home.resolve("songs/a/song.json")));
        assertThat(song.path("sandbox").booleanValue()).isFalse();
        assertThat(song.path("clips").get(0).path("bytes").intValue())
                .as("the clip of the real vendor, which is shorter")
                .isLessThan(20_000);
    }

    private Path write(String... lines) throws IOException {
        return Files.write(home.resolve("requests.jsonl"), List.of(lines));
    }

    private Ran batch(Path requests, String... properties) {
        List<Object> arguments = new ArrayList<>(List.of("batch", requests, "--home", home));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        for (String property : properties) {
            arguments.addAll(List.of("--property", property));
        }
        return camelody(arguments.toArray());
    }
}
