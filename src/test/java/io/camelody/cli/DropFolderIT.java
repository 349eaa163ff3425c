package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code camelody run} in a process of its own, killed while it takes a file in. */
class DropFolderIT {

    private static final int LINES = 20_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void eachLineIsAcceptedOnceHoweverOftenTheRunIsKilled() throws Exception {
        Path inbox = Files.createDirectories(home.resolve("inbox"));
        Path file = inbox.resolve("many.jsonl");
        String lines = IntStream.rangeClosed(1, LINES)
                .mapToObj(i ->
                        i % 5_000 == 0 ? "bad " + i : "{\"prompt\": \"the same each time\", \"vendor\": \"foxai\"}")
                .collect(Collectors.joining("\n"));
        Files.writeString(file, lines);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(120)));

        killWhen(() -> songs("SELECT COUNT(*) FROM song") > 0);
        killWhen(() -> songs("SELECT COUNT(*) FROM song") > LINES / 2);
        killWhen(() -> Files.exists(inbox.resolve("done/many.jsonl")) || !Files.exists(file));
        try (Child child = run()) {
            await().atMost(LONG)
                    .until(() -> songs("SELECT COUNT(*) FROM dropped_file WHERE moved_at IS NOT NULL") == 1);
            await().atMost(LONG).until(() -> child.output().contains("Watching"));
            child.terminate();
            assertThat(child.await(Duration.ofSeconds(20))).as(child.output()).isEqualTo(130);
        }

        assertThat(songs("SELECT COUNT(*) FROM song")).isEqualTo(LINES - 4);
        assertThat(songs("SELECT COUNT(DISTINCT source) FROM song")).isEqualTo(LINES - 4);
        assertThat(songs("SELECT COUNT(DISTINCT batch) FROM song")).isOne();
        assertThat(inbox.resolve("done/many.jsonl"))
                .hasSameTextualContentAs(Files.writeString(home.resolve("as-it-was"), lines));
        assertThat(Files.readAllLines(inbox.resolve("rejected/many.jsonl.rejected.jsonl")))
                .hasSize(4);
    }

    private void killWhen(Callable<Boolean> moment) throws Exception {
        try (Child child = run()) {
            await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(moment);
            child.kill();
        }
    }

    /** A song a second at most, so that what it does is to accept. */
    private Child run() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--property", "camelody.foxai.submit-rate=1", "--property", "camelody.http.port="));
        sandbox.settings().forEach((name, value) -> arguments.addAll(List.of("--property", name + "=" + value)));
        return Child.start(home, arguments.toArray(String[]::new));
    }

    /** 0 while there is no ledger yet. */
    private int songs(String sql) throws SQLException {
        if (!Files.exists(home.resolve("data/ledger.db"))) {
            return 0;
        }
        try (Connection ledger =
                        DriverManager.getConnection("jdbc:sqlite:file:" + home.resolve("data/ledger.db") + "?mode=ro");
                ResultSet row = ledger.createStatement().executeQuery(sql)) {
            return row.getInt(1);
        }
    }
}
