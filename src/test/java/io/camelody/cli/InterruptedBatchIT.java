package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, which is Ctrl-C to the program, whatever it is at: it ends within ten seconds, with 130, and goes on later. */
class InterruptedBatchIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(500)).withSongLength(Duration.ofSeconds(2)));

    private final Map<String, String> settings = new HashMap<>(sandbox.settings());

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void batchThatStartsUpIsStopped() throws Exception {
        writeRequests(3);

        interruptWhen(() -> Files.exists(home.resolve("data/ledger.db.lock")));

        assertThatAnotherRunEndsAll(3);
    }

    @Test
    void batchThatReadsIsStopped() throws Exception {
        writeRequests(200_000);
        settings.put("camelody.foxai.submit-rate", "1");

        String output = interruptWhen(() -> !sandbox.tasks().isEmpty());

        assertThat(output).doesNotContain("ledger could not", "failed:");
    }

    @Test
    void batchThatIsInTheMiddleIsStopped() throws Exception {
        writeRequests(20);

        interruptWhen(() -> delivered(20) >= 4);

        assertThatAnotherRunEndsAll(20);
    }

    @Test
    void batchThatWaitsForAnAnswerToAStatusCallIsStopped() throws Exception {
        writeRequests(3);
        sandbox.fault(Fault.parse("foxai:poll:*:hang"));
        settings.put("camel.main.shutdownTimeout", "2");

        interruptWhen(() -> !sandbox.heard("foxai", "GET", "/api/v2/music/task").isEmpty());

        assertThatAnotherRunEndsAll(3);
    }

    @Test
    void batchThatDownloadsIsStoppedAndThatIsNoFailedTry() throws Exception {
        writeRequests(3);
        sandbox.fault(Fault.parse("foxai:audio:*:drip"));
        settings.put("camelody.delivery.attempts", "1");
        settings.put("camel.main.shutdownTimeout", "2");

        interruptWhen(
                () -> sandbox.heard().stream().anyMatch(call -> call.path().endsWith(".mp3")));

        assertThatAnotherRunEndsAll(3);
    }

    @Test
    void batchThatWaitsForAnAnswerToAPaidCallIsStoppedAndTheCallIsInDoubt() throws Exception {
        writeRequests(3);
        sandbox.fault(Fault.parse("foxai:submit:1:hang-made"));

        interruptWhen(() -> delivered(3) == 2);

        sandbox.clearFaults();
        try (Child again = Child.batch(home, settings)) {
            assertThat(again.await(LONG)).isEqualTo(1);
            assertThat(again.output()).containsPattern("delivered +2").containsPattern("in doubt +1");
        }
        assertThat(sandbox.tasks()).hasSize(3);
    }

    private long delivered(int songs) {
        return IntStream.range(0, songs)
                .filter(i -> Files.exists(home.resolve("songs/song-%d/song.json".formatted(i))))
                .count();
    }

    private void writeRequests(int songs) throws IOException {
        Files.writeString(
                home.resolve("requests.jsonl"),
                IntStream.range(0, songs)
                        .mapToObj(i -> "{\"id\": \"song-%d\", \"prompt\": \"number %d\", \"vendor\": \"foxai\"}"
                                .formatted(i, i))
                        .collect(Collectors.joining("\n")));
    }

    /** @return what the program said */
    private String interruptWhen(Callable<Boolean> moment) throws Exception {
        try (Child child = Child.batch(home, settings)) {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(1))
                    .failFast(
                            () -> assertThat(child.isAlive()).as(child.output()).isTrue())
                    .until(moment);
            child.terminate();
            assertThat(child.await(TEN_SECONDS)).as(child.output()).isEqualTo(130);
            assertThat(child.output())
                    .contains("Stopping; what is under way is handed back.")
                    .doesNotContain("\tat ");
            return child.output();
        }
    }

    private void assertThatAnotherRunEndsAll(int songs) throws Exception {
        sandbox.clearFaults();
        try (Child child = Child.batch(home, settings)) {
            assertThat(child.await(LONG)).as(child.output()).isZero();
        }
        assertThat(delivered(songs)).isEqualTo(songs);
        assertThat(sandbox.tasks()).hasSize(songs);
    }
}
