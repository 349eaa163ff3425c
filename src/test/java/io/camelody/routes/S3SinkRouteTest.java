package io.camelody.routes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.testkit.CutLine;
import io.camelody.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The shipped sink against a real server that checks signatures and checksums. */
final class S3SinkRouteTest {

    /** Two parts and a bit. */
    private static final int LARGE = 2 * 5 * 1024 * 1024 + 12_345;

    @TempDir
    private Path folder;

    private S3Server server;
    private byte[] large;

    @BeforeEach
    void fetched() throws IOException {
        Path stage = Files.createDirectories(folder.resolve("stage/s1"));
        large = new byte[LARGE];
        new Random(1).nextBytes(large);
        Files.write(stage.resolve("clip-1.mp3"), large);
        Files.writeString(stage.resolve("clip-3.wav"), "two");
        Files.writeString(stage.resolve("cover-1.jpg"), "cover");
        server = S3Server.start(Files.createDirectories(folder.resolve("server")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSongIsItsClipsAndCoversWithTheDocumentLast() throws IOException {
        JsonNode places = deliver();

        assertThat(places.toString())
                .isEqualTo("[\"s3://songs/made/s1/clip-1.mp3\",\"s3://songs/made/s1/clip-3.wav\"]");
        assertThat(server.written())
                .containsExactlyInAnyOrder(
                        "begin made/s1/clip-1.mp3",
                        "part made/s1/clip-1.mp3 1",
                        "part made/s1/clip-1.mp3 2",
                        "part made/s1/clip-1.mp3 3",
                        "complete made/s1/clip-1.mp3",
                        "put made/s1/cover-1.jpg",
                        "put made/s1/clip-3.wav",
                        "put made/s1/song.json")
                .endsWith("put made/s1/song.json");
        assertThat(bytes("made/s1/clip-1.mp3")).isEqualTo(large);
        assertThat(bytes("made/s1/clip-3.wav")).asString().isEqualTo("two");
        JsonNode document = Json.parse(new String(bytes("made/s1/song.json"), UTF_8));
        assertThat(document.at("/clips/2/places/s3").asText()).isEqualTo("s3://songs/made/s1/clip-3.wav");
        assertThat(document.path("id").asText()).isEqualTo("s1");
    }

    @Test
    void objectsSayWhatTheyAre() {
        deliver();

        HeadObjectResponse first = head("made/s1/clip-1.mp3");
        assertThat(first.contentType()).isEqualTo("audio/mpeg");
        assertThat(first.metadata())
                .containsAllEntriesOf(Map.of(
                        "song-id", "s1", "vendor", "foxai", "clip", "1", "sha256", "abc", "title", "50%25 caf%C3%A9"));
        assertThat(head("made/s1/clip-3.wav").contentType()).isEqualTo("audio/wav");
        assertThat(head("made/s1/clip-3.wav").metadata()).containsEntry("clip", "3");
        assertThat(head("made/s1/cover-1.jpg").contentType()).isEqualTo("image/jpeg");
        assertThat(head("made/s1/song.json").contentType()).isEqualTo("application/json");
        assertThat(head("made/s1/song.json").metadata()).containsEntry("song-id", "s1");
    }

    @Test
    void aClipThatIsThereAlreadyIsNotSentAgain() {
        ObjectNode song = song();
        ((ObjectNode) song.at("/clips/0")).putObject("places").put("s3", "s3://songs/made/s1/clip-1.mp3");

        JsonNode places = deliver(song);

        assertThat(places.toString())
                .isEqualTo("[\"s3://songs/made/s1/clip-1.mp3\",\"s3://songs/made/s1/clip-3.wav\"]");
        assertThat(server.written()).containsExactly("put made/s1/clip-3.wav", "put made/s1/song.json");
    }

    @Test
    void aClipThatFailsHoldsNoOtherUpAndTheDocumentWaitsForIt() {
        server.before(what -> {
            if (what.startsWith("put made/s1/clip-3")) {
                throw S3Exception.builder()
                        .statusCode(403)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDenied")
                                .errorMessage("Forbidden")
                                .build())
                        .build();
            }
        });

        JsonNode places = deliver();

        assertThat(places.path(0).asText()).isEqualTo("s3://songs/made/s1/clip-1.mp3");
        assertThat(places.path(1).path("error").asText())
                .contains("S3 did not allow it: AccessDenied", "s3:PutObject", "key: made/s1/clip-3.wav");
        assertThat(server.keys()).containsExactly("made/s1/clip-1.mp3", "made/s1/cover-1.jpg");
    }

    @Test
    void serverThatDiesInTheMiddleAndComesBackHasTheSongWholeAndNothingBegun() throws IOException {
        try (CutLine line = new CutLine(server.url());
                S3Route route = new S3Route(line.url(), folder.resolve("stage"), Map.of())) {
            line.cutAfter(LARGE / 2);

            JsonNode places = places(route.deliver(song()));

            assertThat(line.isCut()).isTrue();
            assertThat(places)
                    .allSatisfy(place -> assertThat(place.path("error").asText())
                            .contains("S3")
                            .contains("bucket: songs"));
            assertThat(server.keys()).isEmpty();
            assertThat(server.begun()).containsExactly("made/s1/clip-1.mp3");

            line.mend();
            places = places(route.deliver(song()));

            assertThat(places).allMatch(JsonNode::isTextual);
            assertThat(bytes("made/s1/clip-1.mp3")).isEqualTo(large);
            assertThat(server.begun()).isEmpty();
            assertThat(server.written()).endsWith("put made/s1/song.json");
        }
    }

    @Test
    void uploadThatTheServerBreaksOffIsGivenUpThere() {
        server.before(what -> {
            if (what.equals("part made/s1/clip-1.mp3 2")) {
                throw S3Exception.builder()
                        .statusCode(400)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("BadDigest")
                                .errorMessage("Something else")
                                .build())
                        .build();
            }
        });

        JsonNode places = deliver();

        assertThat(places.path(0).path("error").asText()).contains("BadDigest");
        assertThat(places.path(1).isTextual()).isTrue();
        assertThat(server.begun()).isEmpty();
        assertThat(server.keys()).containsExactly("made/s1/clip-3.wav");
    }

    @Test
    void objectThatIsNotWhatWasSentIsNotDelivered() {
        server.spoil("tw".getBytes(US_ASCII));

        JsonNode places = deliver();

        assertThat(places.path(1).path("error").asText()).contains("S3 holds 2 bytes instead of 3.");
        assertThat(server.written()).doesNotContain("put made/s1/song.json");
    }

    @Test
    void wrongKeysAreNamedAndNotShown() {
        String wrong = "a-wrong-secret";

        String secret = error(Map.of("camelody.s3.secret-key", wrong));
        String access = error(Map.of("camelody.s3.access-key", "somebody"));

        assertThat(secret).contains("camelody.s3.secret-key").doesNotContain(wrong);
        assertThat(access).contains("camelody.s3.access-key");
        assertThat(server.keys()).isEmpty();
    }

    @Test
    void missingBucketIsNamed() {
        assertThat(error(Map.of("camelody.s3.bucket", "not-there")))
                .contains("There is no bucket not-there at " + server.url(), "camelody.s3.bucket");
    }

    @Test
    void unreachableServerIsNamed() {
        String url = server.url();
        server.close();

        assertThat(error(Map.of())).contains("S3 was not reached at " + url);
    }

    @Test
    void documentThatIsNotTakenIsSaidInAnOperatorsWordsBesideThePlacesOfTheClips() {
        server.before(what -> {
            if (what.endsWith("song.json")) {
                throw S3Exception.builder()
                        .statusCode(403)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDenied")
                                .errorMessage("no")
                                .build())
                        .build();
            }
        });

        JsonNode places = deliver();

        assertThat(places.at("/0/place").asText()).isEqualTo("s3://songs/made/s1/clip-1.mp3");
        assertThat(places.at("/0/error").asText())
                .contains("S3 did not allow it: AccessDenied", "key: made/s1/song.json");
        assertThat(places.at("/1").asText()).isEqualTo("s3://songs/made/s1/clip-3.wav");
    }

    @Test
    void documentThatIsNotWhatWasSentIsNotDelivered() {
        server.before(what -> {
            if (what.endsWith("song.json")) {
                server.spoil("{}".getBytes(US_ASCII));
            }
        });

        JsonNode places = deliver();

        assertThat(places.at("/0/error").asText()).contains("S3 holds 2 bytes instead of", "key: made/s1/song.json");
    }

    private String error(Map<String, String> settings) {
        JsonNode places = places(S3Route.deliver(server.url(), folder.resolve("stage"), settings, song()));
        assertThat(places).hasSize(2).allMatch(place -> place.hasNonNull("error"));
        return places.path(0).path("error").asText();
    }

    private JsonNode deliver() {
        return deliver(song());
    }

    private JsonNode deliver(ObjectNode song) {
        return places(S3Route.deliver(server.url(), folder.resolve("stage"), Map.of(), song));
    }

    private static JsonNode places(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(JsonNode.class);
    }

    private byte[] bytes(String key) throws IOException {
        try (ResponseInputStream<GetObjectResponse> in = server.store().getBlob(S3Server.BUCKET, key)) {
            return in.readAllBytes();
        }
    }

    private HeadObjectResponse head(String key) {
        return server.store().blobMetadata(S3Server.BUCKET, key);
    }

    private static ObjectNode song() {
        return (ObjectNode) Json.parse("{\"id\":\"s1\",\"vendor\":\"foxai\",\"clips\":["
                + "{\"file\":\"clip-1.mp3\",\"image\":\"cover-1.jpg\",\"title\":\"50% café\",\"sha256\":\"abc\"},"
                + "{\"error\":\"The vendor ended this clip as failed.\"},"
                + "{\"file\":\"clip-3.wav\"}]}");
    }
}
