package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.intake.DropReports;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inbox of {@code camelody run}, from a dropped file to its report. */
class DropFolderTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));

    private final Map<String, String> settings = new HashMap<>(sandbox.settings());
    private Path inbox;
    private SongLedger ledger;
    private Engine engine;

    @BeforeEach
    void makeInbox() throws IOException {
        inbox = Files.createDirectories(home.resolve("inbox"));
    }

    @AfterEach
    void close() {
        stop();
        sandbox.close();
    }

    @Test
    void goodLinesBecomeSongsAndBadOnesAreToldAndTheFileIsPutAway() throws IOException {
        run();

        drop("sub/list.csv", "prompt;vendor\na waltz;foxai\na tango;nobody\n;\na polka;foxai\n");
        drop("broken.json", "[{");
        drop("picture.png", "png");
        drop(".hidden.jsonl", "{}");
        drop("later.jsonl.part", "{}");

        await().until(() -> Files.exists(inbox.resolve("done/sub/list.csv")));
        await().until(() -> Files.exists(inbox.resolve("rejected/picture.png")));
        await().until(() -> Files.exists(inbox.resolve("rejected/broken.json")));
        assertThat(inbox.resolve("rejected/picture.png.error.txt")).content().contains("the suffix of picture.png");
        assertThat(inbox.resolve("rejected/broken.json.error.txt"))
                .content()
                .startsWith("Expected broken.json to be a JSON object");
        assertThat(lines(inbox.resolve("rejected/sub/list.csv.rejected.jsonl")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"line\":3", "nobody", "a tango;nobody"));
        assertThat(inbox.resolve(".hidden.jsonl")).exists();
        assertThat(inbox.resolve("later.jsonl.part")).exists();
        JsonNode report = report("done/sub/list.csv");
        assertThat(report.path("delivered").asInt()).isEqualTo(2);
        assertThat(report.path("refused").asInt()).isEqualTo(1);
        assertThat(report.path("price").asText()).isEqualTo("0.07");
        assertThat(report.path("songs")).allSatisfy(song -> {
            assertThat(song.path("id").asText()).startsWith("list-");
            assertThat(home.resolve("songs").resolve(song.path("id").asText()).resolve("song.json"))
                    .exists();
        });
    }

    @Test
    void theSameFileDroppedAgainMakesNewSongsButForOwnIds() throws IOException {
        run();
        String requests =
                "{\"prompt\": \"a\", \"vendor\": \"foxai\"}\n{\"id\": \"own\", \"prompt\": \"b\", \"vendor\": \"foxai\"}";

        drop("a.jsonl", requests);
        report("done/a.jsonl");
        drop("a.jsonl", requests);

        JsonNode second = report("done/a-2.jsonl");
        assertThat(second.path("thereBefore").asInt()).isEqualTo(1);
        assertThat(sandbox.tasks()).hasSize(3);
    }

    @Test
    void aFileThatCouldNotBeTakenInStaysAndIsTakenLater() throws IOException {
        run();
        Path rejected = Files.writeString(inbox.resolve("rejected"), "in the way");

        try (LogLines log = new LogLines()) {
            drop("a.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}\nbad");
            await().untilAsserted(() -> assertThat(log.with("ERROR A file was not taken in and stays where it is"))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("a.jsonl")));
        }
        assertThat(inbox.resolve("a.jsonl")).exists();
        Files.delete(rejected);

        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(inbox.resolve("done/a.jsonl")));
        assertThat(songs()).hasSize(1);
    }

    @Test
    void aRestartGoesOnWithTheSameDropAndAMoveThatWasNotNotedIsNoted() throws Exception {
        run();
        drop("a.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}");
        report("done/a.jsonl");
        stop();
        // as a process that died right before it noted the move, and somebody dropped the file again meanwhile
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/ledger.db"));
                var statement = database.createStatement()) {
            statement.executeUpdate("UPDATE dropped_file SET moved_at = NULL");
            String claim = statement
                    .executeQuery("SELECT batch || '/' || claim FROM dropped_file")
                    .getString(1);
            Path folder = Files.createDirectories(inbox.resolve(".camelody").resolve(claim));
            Files.createFile(folder.resolve("left"));
        }
        drop("a.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}");
        run();

        report("done/a-2.jsonl");
        assertThat(sandbox.tasks()).hasSize(2);
    }

    @Test
    void aFileThatWasTakenAwayWhileNobodyReadItHoldsNothingUp() throws IOException {
        run();
        drop("a.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}");
        report("done/a.jsonl");
        String name = Files.readString(inbox.resolve(".camelody/name")).strip();
        ledger.drops().take(name, "gone.jsonl", false);
        stop();
        run();

        assertThat(ledger.drops().leftBehind(false)).isEmpty();
        drop("gone.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}");

        report("done/gone.jsonl");
    }

    @Test
    void theInboxIsReadOnSchedule() throws IOException {
        settings.put("camelody.inbox.schedule", "* * * * * ?");
        run();

        drop("a.jsonl", "{\"prompt\": \"a\", \"vendor\": \"foxai\"}");

        report("done/a.jsonl");
    }

    @Test
    void aScheduleThatIsNoneIsRefused() {
        assertThat(camelody("camelody.inbox.schedule=at night").err())
                .contains("Expected camelody.inbox.schedule to be a Quartz cron expression", "got: \"at night\"");
    }

    @Test
    void withoutAKeyBothWaysOutAreNamed() {
        assertThat(Ran.camelody("run", "--home", home).err()).contains("No vendor has a key. Set", "--sandbox");
    }

    private Ran camelody(String property) {
        return Ran.camelody("run", "--sandbox", "--home", home, "--property", property);
    }

    private void run() {
        settings.put("camelody.http.port", "");
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
        engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()));
    }

    private void stop() {
        if (engine != null) {
            engine.close();
            ledger.close();
            engine = null;
        }
    }

    /** Old enough to be taken at once. */
    private void drop(String name, String text) throws IOException {
        Path file = inbox.resolve(name);
        Files.createDirectories(file.getParent());
        Path draft = Files.writeString(home.resolve("draft"), text);
        Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minusSeconds(120)));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private JsonNode report(String of) throws IOException {
        Path file = inbox.resolve(of + ".report.json");
        DropReports reports = new DropReports(ledger, false);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            reports.write(List.of(inbox));
            return Files.exists(file);
        });
        return Json.parse(Files.readString(file));
    }

    private List<String> songs() {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 100).stream()
                .map(song -> song.id())
                .toList();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }
}
