package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Songs from a request file into a bucket and a folder. */
class S3SinkTest {

    @TempDir
    Path home;

    @Test
    void songsOfABatchGoToTheBucketAndToTheFolder() throws IOException {
        Path requests = Files.writeString(
                home.resolve("requests.jsonl"), "{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"sunomusic\"}\n");
        try (S3Server server = S3Server.start(Files.createDirectories(home.resolve("server")));
                Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
                        .withLatency(Duration.ofMillis(200))
                        .withSongLength(Duration.ofSeconds(1)))) {
            List<Object> arguments = new ArrayList<>(List.of("batch", requests, "--home", home));
            sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
            Map.of(
                            "camelody.sinks",
                            "file,s3",
                            "camelody.s3.bucket",
                            S3Server.BUCKET,
                            "camelody.s3.endpoint",
                            server.url(),
                            "camelody.s3.path-style",
                            "true",
                            "camelody.s3.access-key",
                            S3Server.ACCESS_KEY,
                            "camelody.s3.secret-key",
                            S3Server.SECRET_KEY)
                    .forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));

            Ran ran = camelody(arguments.toArray());

            assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
            assertThat(server.keys())
                    .contains("a/clip-1.mp3", "a/clip-2.mp3", "a/song.json")
                    .allMatch(key -> key.startsWith("a/"));
            assertThat(server.written()).endsWith("put a/song.json");
            JsonNode song =
                    Json.parse(camelody("show", "a", "--home", home, "--json").out());
            assertThat(song.at("/clips/1/places/s3").asText()).isEqualTo("s3://songs/a/clip-2.mp3");
            assertThat(Path.of(song.at("/clips/1/places/file").asText())).isRegularFile();
        }
    }

    @Test
    void bucketIsMissedBeforeAnythingIsBoughtAndOnlyWhereTheSinkIsInUse() {
        Ran used = camelody("check", "--home", home, "--property", "camelody.sinks=file,s3");
        Ran unused = camelody("check", "--home", home, "--property", "camelody.foxai.api-key=k");

        assertThat(used.code()).isEqualTo(2);
        assertThat(used.out() + used.err()).contains("Expected camelody.s3.bucket to name a bucket");
        assertThat(unused.code()).isZero();
        assertThat(unused.out()).doesNotContain("routes/sinks/s3.camel.yaml");
    }
}
