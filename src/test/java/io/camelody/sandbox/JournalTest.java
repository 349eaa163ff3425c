package io.camelody.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final String REQUEST = "{\"topic\":\"a song about spring\",\"is_instrumental\":false}";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void aTaskGoesOnAfterARestartAsIfNothingHadHappened() {
        String id;
        JsonNode before;
        try (Sandbox sandbox = start()) {
            Caller foxai = Caller.foxai(sandbox);
            id = foxai.post("/api/v2/music/task", REQUEST)
                    .json()
                    .path("task_id")
                    .textValue();
            clock.forward(Duration.ofSeconds(50));
            before = foxai.get("/api/v2/music/task?ids=" + id).json().get(0);
        }

        try (Sandbox again = start()) {
            JsonNode after = Caller.foxai(again)
                    .get("/api/v2/music/task?ids=" + id)
                    .json()
                    .get(0);

            assertThat(after.path("status")).isEqualTo(before.path("status"));
            assertThat(after.path("gen_params")).isEqualTo(before.path("gen_params"));
            assertThat(after.path("data").findValuesAsText("id"))
                    .isEqualTo(before.path("data").findValuesAsText("id"))
                    .hasSize(2);
            assertThat(again.tasks()).extracting(MadeTask::taskId).containsExactly(id);
        }
    }

    @Test
    void aLineThatAKillCutShortAndTasksOfTheDayBeforeAreForgotten() throws IOException {
        try (Sandbox sandbox = start()) {
            Caller.foxai(sandbox).post("/api/v2/music/task", REQUEST);
        }
        clock.forward(Duration.ofHours(25));
        Files.writeString(folder.resolve("tasks.jsonl"), "{\"vendor\":\"fox", StandardOpenOption.APPEND);

        try (Sandbox again = start()) {
            assertThat(again.tasks()).isEmpty();
            assertThat(folder.resolve("tasks.jsonl")).isEmptyFile();
        }
    }

    private Sandbox start() {
        SandboxSettings settings = SandboxSettings.defaults()
                .withClock(clock)
                .withLatency(Duration.ofSeconds(100))
                .withLatencySpread(0);
        return Sandbox.startWithMemory(settings, folder.resolve("tasks.jsonl"));
    }
}
