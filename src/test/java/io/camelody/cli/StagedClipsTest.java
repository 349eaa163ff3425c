package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Reason;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long clips that are paid for wait in {@code data/audio/}: here for a sink that did not take them. */
final class StagedClipsTest {

    @TempDir
    private Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(1)));

    private Path inTheWay;
    private Path clip;

    @BeforeEach
    void sinkFailed() throws IOException {
        inTheWay =
                Files.createFile(Files.createDirectories(home.resolve("songs")).resolve("a"));
        clip = home.resolve("data/audio/a/clip-1.mp3");
        assertThat(batch("a").code()).isEqualTo(1);
        assertThat(new TestLedger(home).song("a").reason()).contains(Reason.SINK_FAILED);
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void clipsThatASinkDidNotTakeAreDeliveredByARetryThoughTheirUrlsAreGone() throws IOException {
        sandbox.fault(Fault.parse("*:audio:*:status=410"));
        assertThat(batch("a").code()).as("another start").isEqualTo(1);
        Files.delete(inTheWay);

        assertThat(camelody("retry", "a", "--home", home).code()).isZero();
        Ran ran = batch("a");

        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(clip.getParent()).doesNotExist();
    }

    @Test
    void runOnTheSandboxLeavesThemWhereTheyAre() throws IOException {
        camelody("retry", "a", "--home", home);

        assertThat(camelody("batch", requests("tried"), "--home", home, "--sandbox")
                        .code())
                .isZero();

        assertThat(clip).exists();
    }

    @Test
    void clipsOfACancelledSongAreClearedByTheNextStart() throws IOException {
        camelody("retry", "a", "--home", home);
        assertThat(camelody("cancel", "a", "--home", home).code()).isZero();
        assertThat(clip).exists();

        batch("b");

        assertThat(clip.getParent()).doesNotExist();
    }

    private Ran batch(String id) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("batch", requests(id), "--home", home));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        arguments.addAll(List.of("--property", "camelody.delivery.attempts=1"));
        arguments.addAll(List.of("--property", "camelody.delivery.patience=0s"));
        return camelody(arguments.toArray());
    }

    private Path requests(String id) throws IOException {
        return Files.writeString(
                home.resolve(id + ".jsonl"),
                "{\"id\":\"%s\",\"vendor\":\"foxai\",\"prompt\":\"a ferry\"}".formatted(id));
    }
}
