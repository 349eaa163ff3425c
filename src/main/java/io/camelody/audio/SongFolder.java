package io.camelody.audio;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder of one song, named by its id. */
public final class SongFolder {

    private SongFolder() {}

    /**
     * Makes the folder, and those above it, if they are not there.
     *
     * @throws IOException if the disk does not take it
     * @throws FileAlreadyExistsException if it is that of a song whose id differs in case alone, on a file system that takes
     *     the two for one
     */
    public static Path make(Path parent, String id) throws IOException {
        Path folder = parent.resolve(id);
        try {
            // nobody's, or it would be there
            return Files.createDirectory(folder);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            Files.createDirectories(folder);
        }
        String owner = folder.toRealPath().getFileName().toString();
        if (owner.equalsIgnoreCase(id) && !owner.equals(id)) {
            throw new FileAlreadyExistsException(
                    "The folder %s is that of song %s: this file system does not tell the two ids apart."
                                    .formatted(folder, owner)
                            + " Deliver one of them to another folder, with --out.");
        }
        return folder;
    }

    /** Makes a deletion safe from a power cut. An interrupt closes the channel, and does not undo the deletion. */
    static void sync(Path folder) throws IOException {
        // Windows cannot open folders, and needs it less
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        boolean interrupted = false;
        boolean done = false;
        try {
            while (!done) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
