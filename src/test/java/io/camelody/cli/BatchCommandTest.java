package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static io.camelody.cli.Ran.inAThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchCommandTest {

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void newRunLiftsThePauseOfAVendorThatRefusedTheKey() throws IOException {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}");
        sandbox.fault(Fault.parse("foxai:submit:1:status=401"));

        Ran refused = batch(requests);
        Ran again = batch(requests);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("foxai refused the key", "waiting");
        assertThat(again.code()).isZero();
        assertThat(again.out()).containsPattern("delivered +1");
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void retriedSongGoesOnWithTheNextRunOfItsFile() throws IOException {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\", \"timeout\": \"1s\"}");
        sandbox.fault(Fault.parse("foxai:poll:*:word=queued"));
        Ran timedOut = batch(requests);
        sandbox.clearFaults();

        Ran retry = camelody("retry", "a", "--home", home);
        Ran again = batch(requests);

        assertThat(timedOut.code()).isEqualTo(1);
        assertThat(timedOut.out()).contains("vendor-timeout");
        assertThat(retry.out()).contains("a goes on from submitted");
        assertThat(again.code()).isZero();
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void lookAtTheLedgerThatFailsDoesNotEndTheRun() throws Exception {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}");
        sandbox.fault(Fault.parse("foxai:poll:*:word=queued"));
        CompletableFuture<Ran> run = inAThread(() -> batch(requests));
        await().until(() -> !sandbox.tasks().isEmpty());

        sql("ALTER TABLE vendor_pause RENAME TO gone");
        await().during(Duration.ofMillis(600)).until(() -> !run.isDone());
        sql("ALTER TABLE gone RENAME TO vendor_pause");
        sandbox.clearFaults();

        assertThat(run.get().code()).isZero();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/ledger.db"));
                Statement running = connection.createStatement()) {
            running.execute("PRAGMA busy_timeout = 10000");
            running.execute(statement);
        }
    }

    @Test
    void songsAreListedWithTheirFilesAfterABatch() throws IOException {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"sunomusic\"}");

        batch(requests);

        JsonNode songs = Json.parse(camelody("songs", "--home", home, "--json").out());
        assertThat(songs).hasSize(1);
        songs.get(0).path("files").forEach(file -> assertThat(Path.of(file.asText()))
                .isRegularFile());
    }

    /** As a file that was listed and is gone when it is opened. */
    @Test
    void fileThatVanishesCostsItselfAlone() throws IOException {
        Path folder = Files.createDirectories(home.resolve("in"));
        Files.createSymbolicLink(folder.resolve("a.jsonl"), home.resolve("gone.jsonl"));
        Files.writeString(folder.resolve("b.jsonl"), "{\"id\": \"b\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}");

        Ran ran = batch(folder);

        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).containsPattern("delivered +1").containsPattern("refused +1");
        assertThat(home.resolve("rejected/a.jsonl.rejected.jsonl"))
                .content()
                .contains("a.jsonl to be a file that can be read, got: nothing there.");
    }

    @Test
    void whyTheFirstRequestWasRefusedIsInTheSummary() throws IOException {
        Path requests = requests("{\"prompt\": \"a song\"}\n{\"promt\": \"a song\"}");

        Ran ran = camelody("batch", requests, "--sandbox", "--home", home);

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .containsPattern("refused +2  .*requests\\.jsonl:1: The request names no vendor, and there are keys")
                .doesNotContain("promt");
    }

    @Test
    void settingThatNothingReadsIsSaidAtTheStart() throws IOException {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}");

        try (LogLines log = new LogLines()) {
            batch(requests, "--property", "camelody.foxai.timout=1m", "--property", "estate.own=1");

            assertThat(log.with("Nothing reads"))
                    .containsExactly(
                            "WARN Nothing reads the setting camelody.foxai.timout; did you mean camelody.foxai.timeout?");
        }
    }

    @Test
    void ownIdIsAcceptedOnceAndARequestThatBringsAnotherContentIsRefused() throws IOException {
        String first = "{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}";
        batch(requests(first));

        Ran ran = batch(requests(first + "\n{\"id\": \"a\", \"prompt\": \"another\", \"vendor\": \"foxai\"}"));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .containsPattern("delivered +1")
                .containsPattern("refused +1")
                .containsPattern("there before +1");
        assertThat(Files.readString(home.resolve("rejected/requests.jsonl.rejected.jsonl")))
                .contains(
                        "Expected id to be an id that no other request has, got: \\\"a\\\"", "another id", "delivered");
        assertThat(sandbox.tasks()).hasSize(1);
    }

    @Test
    void againSaysThatRequestsWithAnIdOfTheirOwnAreNotMadeAgain() throws IOException {
        Path requests = requests(
                """
                {"id": "a", "prompt": "a song", "vendor": "foxai"}
                {"prompt": "another song", "vendor": "foxai"}
                """);
        batch(requests);

        Ran ran = batch(requests, "--again");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("--again made no new songs of 1 requests with an id of their own", "new ids");
        assertThat(sandbox.tasks()).hasSize(3);
    }

    @Test
    void againThatIsBrokenOffHasAskedForAllFilesAnew() throws IOException {
        Path folder = Files.createDirectory(home.resolve("requests"));
        Path first = Files.writeString(folder.resolve("1.jsonl"), "{\"prompt\": \"one\", \"vendor\": \"foxai\"}");
        Files.writeString(folder.resolve("2.jsonl"), "{\"prompt\": \"two\", \"vendor\": \"foxai\"}");
        batch(folder);
        // a run that ends at its first file, as nothing can be written about it
        Files.writeString(first, "not JSON");
        Files.writeString(home.resolve("rejected"), "not a folder");
        assertThat(batch(folder, "--again").err()).contains("camelody failed: ");
        Files.delete(home.resolve("rejected"));
        Files.writeString(first, "{\"prompt\": \"one\", \"vendor\": \"foxai\"}");

        Ran ran = batch(folder);

        assertThat(ran.out()).containsPattern("delivered +2").doesNotContain("there before");
        assertThat(sandbox.tasks()).hasSize(4);
    }

    @Test
    void missingFileAndUnknownVendorAreBadUsage() throws IOException {
        assertThat(batch(home.resolve("none.json")).err()).contains("There is no file or folder");
        Path requests = requests("{\"prompt\": \"a song\"}");
        assertThat(camelody("batch", requests, "--home", home, "--vendor", "foxy", "--sandbox")
                        .err())
                .contains("Expected --vendor to be one of", "foxy");
    }

    @Test
    void damagedLedgerIsABadStartForEveryCommandAndNoNewOneIsBegun() throws IOException {
        Path requests = requests("{\"id\": \"a\", \"prompt\": \"a song\", \"vendor\": \"foxai\"}");
        Path ledger = Files.createDirectory(home.resolve("data")).resolve("ledger.db");
        Files.writeString(ledger, "");

        Ran batch = batch(requests);

        assertThat(batch.code()).isEqualTo(2);
        assertThat(batch.err())
                .startsWith("The ledger is empty. It was left as it is: restore a backup")
                .contains("" + ledger);
        assertThat(batch.err().lines()).hasSize(1);
        assertThat(camelody("songs", "--home", home)).isEqualTo(new Ran(2, "", batch.err()));
        assertThat(camelody("retry", "a", "--home", home)).isEqualTo(new Ran(2, "", batch.err()));
        assertThat(ledger).isEmptyFile();
        assertThat(sandbox.tasks()).isEmpty();
    }

    @Test
    void failureThatNobodyExpectedIsALineWithoutAStackTrace() throws IOException {
        Path requests = requests("{\"prompt\": 1}");
        Files.writeString(home.resolve("rejected"), "not a folder");

        Ran ran = batch(requests);

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("camelody failed: ", "CAMELODY_LOG=DEBUG")
                .doesNotContain("\tat ");
    }

    private Path requests(String lines) throws IOException {
        return Files.writeString(home.resolve("requests.jsonl"), lines);
    }

    private Ran batch(Path requests, String... more) {
        List<Object> arguments = new ArrayList<>(List.of("batch", requests, "--home", home));
        arguments.addAll(List.of(more));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return camelody(arguments.toArray());
    }
}
