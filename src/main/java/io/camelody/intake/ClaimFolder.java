package io.camelody.intake;

import io.camelody.ledger.Drops.Taken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one claim on a drop has to itself in the inbox, {@code .camelody/<drop>/<claim>/}. All that a node does for a drop where
 * others see it is a rename out of this folder, or into it, after the ledger has said that the claim holds. Who takes the drop over
 * takes the folders of the claims before away first: a node that stood still and wakes finds its way gone, whatever it still
 * believes, and no lock of the file system is needed.
 */
final class ClaimFolder {

    /** The file on its way out of the inbox. */
    private static final String FILE = "file";

    /** Says that the file has left the inbox: by then it is in this folder, or at its place. */
    private static final String LEFT = "left";

    private static final Logger LOG = LoggerFactory.getLogger(ClaimFolder.class);

    private final Path folder;

    private ClaimFolder(Path folder) {
        this.folder = folder;
    }

    static ClaimFolder takeOver(InboxFolder inbox, Taken taken) throws IOException {
        Path ofDrop = inbox.own(taken.drop().batch());
        ClaimFolder own = new ClaimFolder(ofDrop.resolve(Integer.toString(taken.number())));
        Files.createDirectories(own.folder);
        for (Path each : in(ofDrop)) {
            // this node may itself be one that wakes
            if (Integer.parseInt(each.getFileName().toString()) < taken.number()) {
                own.takeAway(each);
            }
        }
        return own;
    }

    private void takeAway(Path earlier) throws IOException {
        Path taken = folder.resolve(earlier.getFileName());
        Files.move(earlier, taken, StandardCopyOption.ATOMIC_MOVE);
        for (String each : List.of(FILE, LEFT)) {
            try (Stream<Path> all = Files.walk(taken)) {
                Optional<Path> found = all.filter(path -> path.endsWith(each)).findFirst();
                if (found.isPresent()) {
                    Files.move(found.get(), folder.resolve(each), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        delete(taken);
    }

    Path path() {
        return folder;
    }

    /** Whether the file has left the inbox, under this claim or one before, and has not come to its place. */
    boolean hasFile() {
        return Files.exists(folder.resolve(FILE));
    }

    /** Whether the file has left the inbox for good, and somebody may have brought it to its place. */
    boolean hasLeft() {
        return Files.exists(folder.resolve(LEFT));
    }

    /** @throws NoSuchFileException if the file is not there any more, or another node has taken the drop over */
    void fetch(Path file) throws IOException {
        Files.move(file, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** On the disk itself when this returns: a file that came back after a power cut would be taken for another drop. */
    void deliver(Path kept) throws IOException {
        Files.createDirectories(kept.getParent());
        // before it is at its place, where a file alone proves nothing: it may be somebody else's
        Files.write(folder.resolve(LEFT), new byte[0]);
        InboxFolder.bringToDisk(folder);
        Files.move(folder.resolve(FILE), kept, StandardCopyOption.ATOMIC_MOVE);
        InboxFolder.bringToDisk(kept.getParent());
    }

    /** With what is of no more use; not while the file is in it. */
    void remove() {
        if (hasFile()) {
            return;
        }
        delete(folder);
        folder.getParent().toFile().delete();
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    /** As far as it can be: what another process still has open may not go away yet, and is in nobody's way. */
    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Something stays in an inbox that is of no more use: {} (folder: {})", e, folder);
        }
    }
}
