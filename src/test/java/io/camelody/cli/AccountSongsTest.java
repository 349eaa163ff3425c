package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Songs at a second account of a vendor, {@code camelody.foxai-2.like = foxai}. */
class AccountSongsTest {

    private static final String BASE_URL = "camelody.foxai.base-url";

    @TempDir
    Path home;

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), "camelody.foxai-2.like = foxai\n");
    }

    @Test
    void eachAccountHasItsOwnKeyPausesAndBudget() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
                .withLatency(Duration.ofMillis(300))
                .withSongLength(Duration.ofSeconds(1))
                .withApiKey("second"))) {
            Map<String, String> settings = new HashMap<>(sandbox.settings());
            settings.put("camelody.foxai.api-key", "first");
            settings.put("camelody.foxai-2.api-key", "second");
            settings.put("camelody.foxai-2.budget.total", "0.08");

            Ran first = batch(file("{'id': 'a', 'vendor': ['foxai', 'foxai-2'], 'prompt': 'one'}"), settings);

            assertThat(first.code()).as(first.out()).isZero();
            assertThat(song("a").tasks()).extracting(Task::vendor).containsExactly("foxai", "foxai-2");
            assertThat(song("a").notes().toString()).contains("foxai did not take it (auth); it went on to foxai-2.");

            Ran second = batch(
                    file(
                            "{'id': 'b', 'vendor': 'foxai-2', 'prompt': 'two'}",
                            "{'id': 'c', 'vendor': 'foxai-2', 'prompt': 'three'}"),
                    settings);

            assertThat(second.code()).isEqualTo(1);
            assertThat(second.out()).contains("The budget is reached", "camelody.foxai-2.budget.total");
            assertThat(sandbox.tasks()).hasSize(2);
        }

        JsonNode bill = Json.parse(
                camelody("cost", "--home", home, "--json", "--by", "vendor").out());
        assertThat(bill.findValuesAsText("vendor")).contains("foxai-2");
    }

    @Test
    void theSandboxPlaysTheVendorForItsAccountsTooWhateverTheirAddress() throws IOException {
        Path requests = file("{'id': 'a', 'vendor': 'foxai-2', 'prompt': 'one'}");

        try (Sandbox real = Sandbox.start(SandboxSettings.defaults().withApiKey("of the real one"))) {
            Ran ran = batch(
                    requests,
                    Map.of("camelody.foxai-2.base-url", real.settings().get(BASE_URL)),
                    "--sandbox");

            assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
            assertThat(real.heard()).isEmpty();
        }
        assertThat(song("a").state()).isEqualTo(SongState.DELIVERED);
        assertThat(song("a").vendor()).isEqualTo("foxai-2");
    }

    private Path file(String... requests) throws IOException {
        return Files.writeString(
                home.resolve("requests.jsonl"), String.join("\n", requests).replace('\'', '"'));
    }

    private Ran batch(Path requests, Map<String, String> settings, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("batch", requests, "--home", home));
        arguments.addAll(List.of(options));
        settings.forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return camelody(arguments.toArray());
    }

    private Song song(String id) {
        try (SongLedger ledger =
                SongLedger.openBeside("jdbc:sqlite:" + home.resolve("data/ledger.db"), Clock.systemUTC())) {
            return ledger.catalog().find(id).orElseThrow();
        }
    }
}
