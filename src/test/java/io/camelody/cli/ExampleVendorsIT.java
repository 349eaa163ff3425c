package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.testkit.StrictNewapi;
import io.camelody.testkit.StrictSunoapi;
import io.camelody.testkit.StrictVendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installed program makes songs with vendors that somebody dropped into a home, one of them with two accounts. */
class ExampleVendorsIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    private static final String SONGS =
            """
            {'id': 'VENDOR-described', 'vendor': 'VENDOR', 'prompt': 'a ferry', 'style': 'waltz', 'vocalGender': 'female', 'negativeStyle': 'drums'}
            {'id': 'VENDOR-sung', 'vendor': 'VENDOR', 'lyrics': '[Verse] the lamps', 'style': 'waltz', 'title': 'Lamps', 'vocalGender': 'male', 'styleWeight': 0.5}
            {'id': 'VENDOR-words-alone', 'vendor': 'VENDOR', 'lyrics': 'the lamps go by'}
            {'id': 'VENDOR-instrumental', 'vendor': 'VENDOR', 'style': 'slow piano', 'instrumental': true}
            {'id': 'VENDOR-written', 'vendor': 'VENDOR', 'writeLyrics': {'prompt': 'a ferry', 'vendor': 'VENDOR'}, 'style': 'waltz'}
            """;

    @TempDir
    Path home;

    @Test
    void everyModeOfEveryVendorIsDelivered() throws Exception {
        ExampleVendor.copy("sunoapi", home);
        ExampleVendor.copy("newapi", home);
        Files.writeString(
                home.resolve("songs.jsonl"),
                (SONGS.replace("VENDOR", "sunoapi") + SONGS.replace("VENDOR", "newapi")
                                + "{'id': 'second', 'vendor': 'newapi-2', 'prompt': 'a ferry'}")
                        .replace('\'', '"'));

        try (StrictVendor sunoapi = new StrictSunoapi("suno-key");
                StrictVendor newapi = new StrictNewapi("relay-key");
                StrictVendor other = new StrictNewapi("other-key")) {
            String output = batch(Map.of(
                    "camelody.sunoapi.base-url", sunoapi.url() + "/api/v1",
                    "camelody.sunoapi.api-key", "suno-key",
                    "camelody.sunoapi.submit-rate", "100",
                    "camelody.newapi.base-url", newapi.url() + "/suno",
                    "camelody.newapi.api-key", "relay-key",
                    "camelody.newapi-2.like", "newapi",
                    "camelody.newapi-2.base-url", other.url() + "/suno",
                    "camelody.newapi-2.api-key", "other-key"));

            for (StrictVendor vendor : List.of(sunoapi, newapi, other)) {
                assertThat(vendor.refusals()).as(output).isEmpty();
            }
            assertThat(output).containsPattern("delivered +11");
            assertThat(sunoapi.tasks()).as("five songs and the words of one").hasSize(6);
            assertThat(newapi.tasks()).hasSize(6);
            assertThat(other.tasks()).hasSize(1);
        }
        for (String song : List.of("sunoapi-written", "newapi-written", "second")) {
            JsonNode document = Json.parse(Files.readString(home.resolve("songs/" + song + "/song.json")));
            assertThat(document.path("clips")).hasSize(2).allMatch(clip -> clip.hasNonNull("file"));
        }
    }

    private String batch(Map<String, String> settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PACKED.resolve("camelody").toString(),
                "batch",
                home.resolve("songs.jsonl").toString(),
                "--home",
                home.toString()));
        settings.forEach((name, value) -> command.addAll(List.of("--property", name + "=" + value)));
        for (String vendor : List.of("sunoapi", "newapi")) {
            for (String setting : List.of("poll-first-after=100ms", "poll-interval=100ms", "timeout=20s")) {
                command.addAll(List.of("--property", "camelody." + vendor + "." + setting));
            }
        }
        command.addAll(List.of("--property", "camelody.outgoing.allow=127.0.0.1"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }
}
