package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import io.camelody.settings.Settings;
import java.io.File;
import java.io.IOException;
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
 * <p>The sound stays as it came, to the last bit: of an MP3 it is moved behind the new tags as it is, and anything else is
 * tagged as a copy, whose sound is compared. A clip that cannot be tagged goes to the sinks as it was fetched. Where that may be the disk's fault, being
 * nearly full, it waits for the next try instead.
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
     * Writes a clip's tags into it, if it can have them.
     *
     * @throws BrokenDownloadException of kind interrupted or, where the disk has no room, disk: the clip is as it was fetched
     * @throws IOException if the disk failed, and what there is of the clip is of no use
     */
    void finish(PartFile part, AudioType type, ClipWords words, Optional<Path> cover) throws IOException {
        if (!tags) {
            return;
        }
        if (type == AudioType.MP3) {
            tag(part, words, cover);
        } else {
            tagCopy(part, type, words, cover);
        }
    }

    private static void tag(PartFile part, ClipWords words, Optional<Path> cover) throws IOException {
        byte[] start;
        byte[] tag;
        try {
            start = start(part);
            tag = Tagger.id3(start, words, cover);
        } catch (IOException e) {
            warn(e, part, words);
            return;
        }
        if (!part.replaceStart(start.length, tag)) {
            throw noRoom(part, null);
        }
    }

    /** What stands before the sound of an MP3. */
    private static byte[] start(PartFile mp3) throws IOException {
        try (FileBytes bytes = mp3.look()) {
            long first = Mp3.firstFrame(bytes);
            requireFew(first);
            return bytes.head((int) first);
        }
    }

    /** A copy whose sound is not that of the clip to the last bit is thrown away. */
    private static void tagCopy(PartFile part, AudioType type, ClipWords words, Optional<Path> cover)
            throws IOException {
        // no template gives such a name
        Path copy = part.path().resolveSibling("." + part.path().getFileName() + "." + type.suffix());
        Path original = part.written();
        try {
            requireFew(Sound.besides(original));
            Files.copy(original, copy, StandardCopyOption.REPLACE_EXISTING);
            Tagger.write(copy, type, words, cover);
            if (!Sound.isSame(original, copy)) {
                throw new IOException("Its sound would not have stayed the same.");
            }
            if (!hasRoom(part, cover)) {
                throw new IOException("The disk is nearly full, and may not have taken all of its tags.");
            }
        } catch (IOException e) {
            boolean hasRoom = hasRoom(part, cover);
            Files.deleteIfExists(copy);
            if (Thread.currentThread().isInterrupted()) {
                throw new BrokenDownloadException(
                        Kind.INTERRUPTED, "Its tags were interrupted.", "file: " + part.path());
            }
            if (!hasRoom) {
                throw noRoom(part, e);
            }
            warn(e, part, words);
            return;
        }
        part.replaceBy(copy);
    }

    private static void requireFew(long bytes) throws IOException {
        if (bytes > MOST_TAGS) {
            throw new IOException("It has more than %d bytes of tags already.".formatted(MOST_TAGS));
        }
    }

    private static void warn(IOException e, PartFile part, ClipWords words) {
        LOG.warn(
                "A clip is delivered without tags: {} (song: {}, clip: {})",
                e.getMessage(),
                words.songId(),
                part.path().getFileName());
    }

    /** The next try goes on from what is here. */
    private static BrokenDownloadException noRoom(PartFile part, IOException cause) {
        part.keep();
        return new BrokenDownloadException(
                Kind.DISK, "The disk has no room for the clip's tags.", "file: " + part.path(), cause);
    }

    /**
     * Whether one more copy with tags would fit, as the library needs it. Without, its word counts for nothing: of a disk that
     * is full it does not say so, and of a WAV it writes half a tag without a word.
     */
    private static boolean hasRoom(PartFile part, Optional<Path> cover) throws IOException {
        File folder = part.path().getParent().toFile();
        long needed = part.bytes() + (cover.isPresent() ? Files.size(cover.get()) : 0) + ROOM;
        // a file system that does not know its size is none that is full
        return folder.getTotalSpace() == 0 || folder.getUsableSpace() >= needed;
    }
}
