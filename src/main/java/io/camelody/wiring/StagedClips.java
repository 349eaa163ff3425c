package io.camelody.wiring;

import io.camelody.audio.SongAudio;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongCatalog;
import io.camelody.ledger.SongState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips in a home that wait for their sinks, put away when nobody needs them any more. What this process hears of it does at
 * once; of a song that another node has brought to its end it finds out when it looks through all of them, once an hour. Thread-safe.
 */
final class StagedClips implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StagedClips.class);

    private static final Duration LOOKS_EVERY = Duration.ofHours(1);

    private final Path stage;
    private final SongAudio audio;
    private final SongCatalog catalog;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(look -> {
        Thread thread = new Thread(look, "camelody-staged-clips");
        thread.setDaemon(true);
        return thread;
    });

    /** @param stage holds a folder for each song, and those that are kept for the next ones */
    StagedClips(Path stage, SongAudio audio, SongCatalog catalog) {
        this.stage = stage;
        this.audio = audio;
        this.catalog = catalog;
    }

    /** Before any clip is fetched: puts away what a process that died has left, and looks for more from here on. */
    void begin() {
        begin(LOOKS_EVERY);
    }

    void begin(Duration every) {
        folders().forEach(this::clearUnlessOfUse);
        looks.scheduleWithFixedDelay(this::lookThrough, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    void clearUnlessOfUse(String songId) {
        if (catalog.findState(songId).filter(state -> isOfUse(songId, state)).isEmpty()) {
            audio.clear(songId);
        }
    }

    /** What is of no song is left: it is kept for the next one. */
    private void lookThrough() {
        try {
            for (String id : folders()) {
                catalog.findState(id).filter(state -> !isOfUse(id, state)).ifPresent(state -> audio.clear(id));
            }
        } catch (LedgerException | UncheckedIOException e) {
            LOG.debug("Clips of songs that have ended may be left until the next look: {}", e.getMessage());
        }
    }

    /** Clips that are paid for wait for their delivery, and for the retry of one that failed: their URLs may be gone. */
    private boolean isOfUse(String songId, SongState state) {
        return state == SongState.GENERATED
                || state == SongState.FAILED
                        && catalog.find(songId)
                                .filter(song -> !song.clips().isEmpty())
                                .isPresent();
    }

    private List<String> folders() {
        if (!Files.isDirectory(stage)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(stage)) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
