package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.sandbox.Watcher.Moment;
import io.camelody.testkit.HeldCall;
import io.camelody.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of fetched clips where the claim of their delivery is lost: here of one whose sink does not take them. */
@Timeout(60)
final class LostClaimTest {

    @TempDir
    private Path home;

    private final Sandbox vendors = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(100)).withSongLength(Duration.ofSeconds(1)));
    private final DefaultCamelContext context = new DefaultCamelContext();
    private Path clip;

    @BeforeEach
    void start() throws IOException {
        Files.createFile(Files.createDirectories(home.resolve("songs")).resolve("a"));
        clip = home.resolve("data/audio/a/clip-1.mp3");
        vendors.settings().forEach(context.getPropertiesComponent()::addInitialProperty);
        context.getPropertiesComponent().addInitialProperty("camelody.home", home.toString());
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        vendors.close();
    }

    /** As where the connection broke over the commit that has it delivered later: it is made once more, and its claim is gone. */
    @Test
    void clipsStayWhereTheSongIsStillToBeDelivered() throws Exception {
        whileTheyAreFetched("attempt = 1, due_at = due_at + 3600000");

        await().until(() -> Files.exists(clip));
        context.stop();

        assertThat(clip).exists();
    }

    @Test
    void clipsStayForTheRetryOfASongThatHasFailedToBeDelivered() throws Exception {
        whileTheyAreFetched("state = 'failed', reason = 'sink-failed', finished_at = state_at");

        await().until(() -> Files.exists(clip));
        context.stop();

        assertThat(clip).exists();
    }

    @Test
    void clipsOfASongThatHasEndedElsewhereAreCleared() throws Exception {
        whileTheyAreFetched("state = 'cancelled', finished_at = state_at");

        await().until(() -> Files.notExists(clip.getParent()));
    }

    private void whileTheyAreFetched(String becomes) throws Exception {
        try (HeldCall held = new HeldCall(vendors, Call.AUDIO, Moment.READ)) {
            context.createProducerTemplate()
                    .requestBody("song:request", Map.of("id", "a", "vendor", "foxai", "prompt", "a waltz"));
            await().atMost(Duration.ofSeconds(30)).until(held::isThere);
            assertThat(clip.getParent()).exists();
            Sql.execute(
                    "jdbc:sqlite:" + home.resolve("data/ledger.db"),
                    "UPDATE song SET claimed_by = NULL, claimed_until = NULL, " + becomes);
        }
    }
}
