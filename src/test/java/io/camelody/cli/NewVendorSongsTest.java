package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Songs of an added vendor from a request file to the disk, with the sandbox playing what was recorded of it. */
class NewVendorSongsTest {

    @TempDir
    Path home;

    @Test
    void aVendorWithRecordedCallsMakesSongsInTheSandbox() throws IOException {
        assertThat(camelody("new", "vendor", "acme", "--home", home, "--with-lyrics")
                        .code())
                .isZero();
        Path requests = Files.writeString(
                home.resolve("songs.jsonl"),
                """
                {"id": "rain", "prompt": "a song about rain", "style": "jazz"}
                {"id": "snow", "lyrics": "[Verse] Snow", "title": "Snow"}
                {"id": "written", "writeLyrics": "a song about fog"}
                """);

        Ran ran = camelody("batch", requests, "--vendor", "acme", "--sandbox", "--home", home);

        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        try (Stream<Path> songs = Files.list(home.resolve("songs"))) {
            assertThat(songs.map(song -> song.getFileName().toString())).contains("rain", "snow", "written");
        }
        JsonNode song = Json.parse(Files.readString(home.resolve("songs/rain/song.json")));
        assertThat(song.path("vendor").asText()).isEqualTo("acme");
        assertThat(song.path("clips")).hasSize(1);
        assertThat(song.at("/clips/0/duration").asInt()).as("as recorded").isEqualTo(12);
        assertThat(song.at("/clips/0/url").asText()).doesNotContain("cdn.example");
        assertThat(home.resolve("songs/rain/" + song.at("/clips/0/file").asText()))
                .isNotEmptyFile();
    }

    @Test
    void aVendorWithoutRecordedCallsIsSaidToHaveNone() throws IOException {
        assertThat(camelody("new", "vendor", "acme", "--home", home).code()).isZero();
        try (Stream<Path> samples = Files.list(home.resolve("routes/vendors/acme.samples"))) {
            for (Path sample : samples.toList()) {
                Files.delete(sample);
            }
        }
        Path requests = Files.writeString(home.resolve("song.txt"), "a song about rain");

        Ran checked = camelody("check", "--vendor", "acme", "--home", home, "--property", "camelody.acme.api-key=k");
        Ran ran = camelody("batch", requests, "--vendor", "acme", "--sandbox", "--home", home);

        assertThat(checked.code()).isZero();
        assertThat(checked.out()).contains("warn  contract    routes/vendors/acme.samples/ has no recorded calls");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains("The sandbox cannot play acme: routes/vendors/acme.samples/ lacks a recorded call");
        assertThat(List.of(home.resolve("songs")))
                .allSatisfy(songs -> assertThat(songs).doesNotExist());
    }
}
