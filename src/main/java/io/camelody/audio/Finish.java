package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a fetched clip what the sinks get: with its tags, under its own name.
 *
 * <p>Tags are written into a copy, and what was fetched goes only when the copy has its name. A copy whose sound is not that of
 * the clip to the last bit, or that cannot be tagged, is thrown away: then the clip goes to the sinks as it was fetched. Where
 * that may be the disk's fault, being nearly full, it waits for the next try instead.
 */
public final class Finish {

    private static final Logger LOG = LoggerFactory.getLogger(Finish.class);

    /** For the words of a clip, and what the library leaves free behind them. */
    private static final long ROOM = 256 << 10;

    /** Tags that are there already are read into memory. */
    private static final long MOST_TAGS = 16 << 20;

    private final boolean tags;
    private final FileNames names;

    Finish(boolean tags, FileNames names) {
        this.tags = tags;
        this.names = names;
    }

    /** Reads {@code camelody.tags} and {@code camelody.songs.name}. */
    public static Finish read(Settings settings) {
        boolean tags =
                settings.oneOf("camelody.tags", List.of("on", "off"), "on").equals("on");
        return new Finish(tags, FileNames.read(settings));
    }

    FileNames names() {
        return names;
    }

    /**
     * Gives the clip its place, {@code folder/name.suffix}.
     *
     * @throws BrokenDownloadException of kind interrupted, the clip being where it was
     * @throws IOException if the disk does not take it
     */
    AudioFile finish(AudioFile fetched, Path folder, String name, ClipWords words, Optional<Path> cover)
            throws IOException {
        Path place = folder.resolve(name + "." + fetched.type().suffix());
        Optional<AudioFile> tagged = tags ? tagged(fetched, words, cover) : Optional.empty();
        AudioFile finished = tagged.orElse(fetched);
        Files.move(finished.file(), place, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(fetched.file());
        return finished.movedTo(place);
    }

    private static Optional<AudioFile> tagged(AudioFile fetched, ClipWords words, Optional<Path> cover)
            throws IOException {
        Path copy = fetched.file().resolveSibling("tagging-" + fetched.file().getFileName());
        try {
            Files.copy(fetched.file(), copy, StandardCopyOption.REPLACE_EXISTING);
            if (Sound.besides(fetched.file()) > MOST_TAGS) {
                throw new IOException("It has more than %d bytes of tags already.".formatted(MOST_TAGS));
            }
            Tagger.write(copy, fetched.type(), words, cover);
            if (!Sound.isSame(fetched.file(), copy)) {
                throw new IOException("Its sound would not have stayed the same.");
            }
            sync(copy);
            if (!hasRoom(fetched, cover)) {
                throw new IOException("The disk is nearly full, and may not have taken all of its tags.");
            }
            return Optional.of(
                    new AudioFile(copy, fetched.type(), Files.size(copy), AudioFile.sha256(copy), fetched.seconds()));
        } catch (IOException e) {
            boolean hasRoom = hasRoom(fetched, cover);
            Files.deleteIfExists(copy);
            if (Thread.currentThread().isInterrupted()) {
                throw new BrokenDownloadException(
                        Kind.INTERRUPTED, "Its tags were interrupted.", "file: " + fetched.file());
            }
            if (!hasRoom) {
                throw e;
            }
            LOG.warn(
                    "A clip is delivered without tags: {} (song: {}, clip: {})",
                    e.getMessage(),
                    words.songId(),
                    fetched.file().getFileName());
            return Optional.empty();
        }
    }

    /**
     * Whether one more copy with tags would fit, as the library needs it. Without, its word counts for nothing: of a disk that
     * is full it does not say so, and of a WAV it writes half a tag without a word.
     */
    private static boolean hasRoom(AudioFile fetched, Optional<Path> cover) throws IOException {
        File folder = fetched.file().getParent().toFile();
        long needed = fetched.bytes() + (cover.isPresent() ? Files.size(cover.get()) : 0) + ROOM;
        // a file system that does not know its size is none that is full
        return folder.getTotalSpace() == 0 || folder.getUsableSpace() >= needed;
    }

    private static void sync(Path file) throws IOException {
        // not a channel, which an interrupt closes
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.getFD().sync();
        }
    }
}
