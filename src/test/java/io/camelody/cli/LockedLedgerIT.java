package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process, this one, holds the ledger's file locked for longer than anybody should. */
class LockedLedgerIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(300)).withSongLength(Duration.ofSeconds(2)));

    private final Doorman doorman = new Doorman(sandbox);

    @AfterEach
    void close() {
        doorman.close();
        sandbox.close();
    }

    @Test
    void lockedLedgerIsWaitedForAndThoseWhoCannotWaitSayWhatIsTheMatter() throws Exception {
        Files.writeString(
                home.resolve("requests.jsonl"),
                """
                {"id": "a", "prompt": "a song", "vendor": "foxai"}
                {"id": "b", "prompt": "another song", "vendor": "foxai"}
                """);
        CompletableFuture<Connection> locked = new CompletableFuture<>();
        doorman.at("POST", () -> locked.complete(lock()));

        try (Child child = Child.batch(home, doorman.settings())) {
            await().atMost(LONG).until(locked::isDone);
            Ran cancel = camelody("cancel", "b", "--home", home);
            assertThat(cancel.code()).isEqualTo(2);
            assertThat(cancel.err())
                    .startsWith("The ledger could not be written: another process keeps it locked.")
                    .contains("data/ledger.db");
            assertThat(camelody("songs", "--home", home).code())
                    .as("looking needs no lock")
                    .isZero();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(child.output()).contains("waited for", "locked", "data/ledger.db"));
            locked.join().close();

            assertThat(child.await(LONG)).as(child.output()).isZero();
            assertThat(child.output()).containsPattern("delivered +2").doesNotContain("\tat ");
        }
        assertThat(sandbox.tasks()).hasSize(2);
    }

    private Connection lock() throws IOException {
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/ledger.db"));
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("BEGIN EXCLUSIVE");
            }
            return connection;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
