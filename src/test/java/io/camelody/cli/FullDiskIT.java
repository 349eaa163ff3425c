package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full just when something has to be written that was paid for. */
class FullDiskIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(2)));

    private final Doorman doorman = new Doorman(sandbox);

    private final Map<String, String> settings = doorman.settings();

    private SmallDisk disk;

    @BeforeEach
    void open() throws IOException {
        Path small = Files.createDirectory(home.resolve("small"));
        disk = SmallDisk.over(small, 2);
    }

    @AfterEach
    void close() {
        doorman.close();
        sandbox.close();
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void fullLedgerIsWaitedForAndNothingIsBoughtMeanwhile() throws Exception {
        ledgerOnTheSmallDisk();
        settings.put("camelody.work.submits", "1");
        writeRequests(4);
        doorman.at("POST", disk::fill);

        try (Child child = Child.batch(home, settings, disk)) {
            awaitOutput(child, "small/ledger.db", "full. Make room", "waited for");
            assertThat(sandbox.tasks()).hasSize(1);
            disk.makeRoom();

            assertThat(child.await(LONG)).as(child.output()).isZero();
            assertThat(child.output()).containsPattern("delivered +4").doesNotContain("\tat ");
        }
        assertThat(sandbox.tasks()).hasSize(4);
        assertThat(delivered()).isEqualTo(4);
    }

    @Test
    void paidCallThatCannotBeRecordedUntilTheStopIsInDoubtAndItsTaskIsInTheLog() throws Exception {
        ledgerOnTheSmallDisk();
        writeRequests(1);
        settings.put("camel.main.shutdownTimeout", "2");
        doorman.at("POST", disk::fill);
        String keep;

        try (Child child = Child.batch(home, settings, disk)) {
            awaitOutput(child, "waited for");
            child.terminate();

            assertThat(child.await(LONG)).as(child.output()).isEqualTo(130);
            Matcher line =
                    Pattern.compile("camelody resolve song-0 --task-id (\\S+)").matcher(child.output());
            assertThat(line.find()).as(child.output()).isTrue();
            keep = line.group(1);
            assertThat(child.output()).doesNotContain("\tat ");
        }
        assertThat(sandbox.tasks()).singleElement().satisfies(task -> assertThat(task.taskId())
                .isEqualTo(keep));

        disk.makeRoom();
        try (Child again = Child.batch(home, settings, disk)) {
            assertThat(again.await(LONG)).as(again.output()).isEqualTo(1);
            assertThat(again.output()).containsPattern("in doubt +1");
        }
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void fullDiskUnderTheAudioAndUnderTheDocumentIsWaitedFor() throws Exception {
        settings.put("camelody.ledger.url", "jdbc:sqlite:ledger.db");
        settings.put("camelody.songs", "small/songs");
        // which would wait for room before there is a document
        settings.put("camelody.tags", "off");
        Files.createSymbolicLink(home.resolve("data"), Path.of("small"));
        writeRequests(1);
        doorman.at("/files/", disk::fill);

        try (Child child = Child.batch(home, settings, disk)) {
            awaitOutput(child, "No space left", "will be tried again");
            doorman.at("GET /files/foxai/image", () -> {});
            doorman.at("GET /files/foxai/image", disk::fill);
            disk.makeRoom();
            await().atMost(LONG).until(() -> child.output().split("will be tried again").length >= 3);
            assertThat(disk.from(home.resolve("small/songs/song-0/song.json"))).doesNotExist();
            disk.makeRoom();

            assertThat(child.await(LONG)).as(child.output()).isZero();
        }
        assertThat(sandbox.tasks()).hasSize(1);
        JsonNode song = Json.parse(Files.readString(disk.from(home.resolve("small/songs/song-0/song.json"))));
        for (JsonNode clip : song.path("clips")) {
            assertThat(disk.from(home.resolve("small/songs/song-0")
                            .resolve(clip.path("file").asText())))
                    .hasSize(clip.path("bytes").asLong());
        }
    }

    @Test
    void requestsThatTheLedgerHasNoRoomForEndTheBatchAndNoneIsHalfAccepted() throws Exception {
        ledgerOnTheSmallDisk();
        writeRequests(20_000);

        try (Child child = Child.batch(home, settings, disk)) {
            assertThat(child.await(LONG)).as(child.output()).isEqualTo(2);
            assertThat(child.output())
                    .contains("full", "small/ledger.db")
                    .doesNotContain("\tat ", "Exception", "delivered");
        }

        try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + copyOfTheLedger());
                Statement count = copy.createStatement()) {
            int songs = count.executeQuery("SELECT COUNT(*) FROM song").getInt(1);
            assertThat(songs).isPositive();
            assertThat(songs % 500).as("requests are accepted 500 at a time").isZero();
        }
    }

    private void ledgerOnTheSmallDisk() {
        settings.put("camelody.ledger.url", "jdbc:sqlite:small/ledger.db");
    }

    private void writeRequests(int songs) throws IOException {
        Files.writeString(
                home.resolve("requests.jsonl"),
                IntStream.range(0, songs)
                        .mapToObj(i -> "{\"id\": \"song-%d\", \"prompt\": \"number %d\", \"vendor\": \"foxai\"}"
                                .formatted(i, i))
                        .collect(Collectors.joining("\n")));
    }

    private static void awaitOutput(Child child, String... words) {
        await().atMost(LONG)
                .failFast(() -> assertThat(child.isAlive()).as(child.output()).isTrue())
                .untilAsserted(() -> assertThat(child.output()).contains(words));
    }

    private long delivered() {
        return IntStream.range(0, 4)
                .filter(i -> Files.exists(home.resolve("songs/song-%d/song.json".formatted(i))))
                .count();
    }

    private Path copyOfTheLedger() throws IOException {
        for (String name : List.of("ledger.db", "ledger.db-wal")) {
            Path file = disk.from(home.resolve("small").resolve(name));
            if (Files.exists(file)) {
                Files.copy(file, home.resolve(name));
            }
        }
        return home.resolve("ledger.db");
    }
}
