package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.audio.AudioFetcher;
import io.camelody.audio.FetchSettings;
import io.camelody.audio.Finish;
import io.camelody.audio.SongAudio;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.Settings;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.Sql;
import io.camelody.testkit.TestAddresses;
import io.camelody.testkit.TestSongs;
import io.camelody.vendor.TaskAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Songs that another node brings to their end, of which this one hears nothing. */
@Timeout(30)
final class StagedClipsTest {

    private static final Duration SOON = Duration.ofMillis(20);

    private static final String DELIVERED = "state = 'delivered', finished_at = state_at";

    @TempDir
    private Path home;

    private String url;
    private SongLedger ledger;
    private StagedClips clips;

    @BeforeEach
    void stage() throws Exception {
        url = "jdbc:sqlite:" + home.resolve("ledger.db");
        ledger = SongLedger.openForWork(url, new SettableClock());
        Finish finish = Finish.read(new Settings(name -> Optional.empty(), UnaryOperator.identity()));
        AudioFetcher fetcher = new AudioFetcher(TestAddresses.loopback(), FetchSettings.defaults());
        Path stage = home.resolve("audio");
        clips = new StagedClips(
                stage, new SongAudio(fetcher, stage, TaskAnswer::hasEndedBadly, finish), ledger.catalog());
        for (String id : List.of("a", "b", "over")) {
            ledger.accept(List.of(TestSongs.song(id)), false);
            becomes(id, "state = 'generated'");
            clip(id);
        }
    }

    @AfterEach
    void close() {
        clips.close();
        ledger.close();
    }

    @Test
    void clipsOfASongThatEndedElsewhereGo() throws Exception {
        clips.begin(SOON);

        becomes("a", DELIVERED);

        await().until(() -> Files.notExists(folder("a")));
    }

    @Test
    void clipsThatADeliveryOrARetryWaitsForStay() throws Exception {
        clips.begin(SOON);

        becomes("b", "state = 'failed', reason = 'sink-failed', clips = '[{}]', finished_at = state_at");
        awaitLooks();

        assertThat(folder("a")).isNotEmptyDirectory();
        assertThat(folder("b")).isNotEmptyDirectory();
    }

    @Test
    void foldersThatAreKeptForTheNextSongsGoWithTheStartAlone() throws Exception {
        clip("spare~of-one-that-died");
        clips.begin(SOON);
        assertThat(folder("spare~of-one-that-died")).doesNotExist();

        clip("spare~own");
        awaitLooks();

        assertThat(folder("spare~own")).exists();
    }

    /** One may be under way, and the next ends with any folder. */
    private void awaitLooks() throws Exception {
        becomes("over", DELIVERED);
        for (int i = 0; i < 3; i++) {
            clip("over");
            await().until(() -> Files.notExists(folder("over")));
        }
    }

    private void clip(String folder) throws IOException {
        Files.write(Files.createDirectories(folder(folder)).resolve("clip-1.mp3"), new byte[] {1});
    }

    private Path folder(String name) {
        return home.resolve("audio").resolve(name);
    }

    private void becomes(String song, String change) throws SQLException {
        Sql.execute(url, "UPDATE song SET %s WHERE id = '%s'".formatted(change, song));
    }
}
