package io.camelody.intake;

import io.camelody.ledger.Drops;
import io.camelody.ledger.Drops.Drop;
import io.camelody.ledger.Drops.Taken;
import io.camelody.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A drop that this node has taken, for as long as its claim holds; what is asked of it after that does nothing. Not thread-safe.
 */
final class HeldDrop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldDrop.class);

    private final Drops drops;
    private final InboxFolder inbox;
    private final Drop drop;
    private final ClaimFolder folder;
    private Optional<Taken> taken;

    private HeldDrop(Drops drops, InboxFolder inbox, Taken taken) throws IOException {
        this.drops = drops;
        this.inbox = inbox;
        this.drop = taken.drop();
        this.taken = Optional.of(taken);
        this.folder = ClaimFolder.takeOver(inbox, taken);
    }

    static HeldDrop of(Drops drops, InboxFolder inbox, Taken taken) throws IOException {
        try {
            return new HeldDrop(drops, inbox, taken);
        } catch (IOException | RuntimeException e) {
            drops.release(taken);
            throw e;
        }
    }

    Drop drop() {
        return drop;
    }

    InboxFolder inbox() {
        return inbox;
    }

    Path file() {
        return inbox.at(drop.path());
    }

    /** Where nobody else writes. */
    Path folder() {
        return folder.path();
    }

    /** Whether the drop is still this node's, and kept so. Asked as often as one likes. */
    boolean isOurs() {
        return holds(taken.flatMap(drops::keep));
    }

    private boolean holds(Optional<Taken> now) {
        if (taken.isPresent() && now.isEmpty()) {
            LOG.warn("A file is left to another node, which has taken it over. (file: {})", file());
            folder.remove();
        }
        taken = now;
        return now.isPresent();
    }

    /** All of it is accepted or refused, and it goes there, as seen from the inbox. @return whether it may */
    boolean noteRead(String keptAs, int standing, int refused) {
        return holds(taken.filter(claim -> drops.read(claim, keptAs, standing, refused)));
    }

    /**
     * Moves the file out of the inbox, when that has been noted.
     *
     * @throws NoSuchFileException if it is not there, or another node has taken the drop over
     */
    void moveTo(String keptAs) throws IOException {
        folder.fetch(file());
        folder.deliver(inbox.at(keptAs));
        InboxFolder.bringToDisk(file().getParent());
    }

    /** Puts what was written in {@link #folder} where others see it, unless another node has taken the drop over. */
    void publish(Path written, Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a claim was lost which a step failed under; the ledger knows. */
    boolean isLost() {
        return !holds(taken.flatMap(drops::renew));
    }

    /** Whether the file left the inbox under a claim before this one; it is brought to its place then, and the drop is over. */
    boolean hadLeft() throws IOException {
        if (drop.keptAs().isEmpty() || !folder.hasFile() && !folder.hasLeft()) {
            return false;
        }
        // somebody may have put a file there since the name was found free
        String kept = inbox.free(drop.keptAs().get());
        if (folder.hasFile() && noteRead(kept, drop.standing(), drop.refused())) {
            folder.deliver(inbox.at(kept));
        }
        end();
        return true;
    }

    /** It is out of the inbox. What could not be read has made no songs, and so has what was taken away unread. */
    void end() {
        boolean isToReport = drop.keptAs()
                .filter(kept -> !kept.startsWith(InboxFolder.REJECTED + "/"))
                .isPresent();
        end(isToReport);
    }

    void end(boolean isToReport) {
        taken.ifPresent(claim -> drops.moved(claim, isToReport));
        taken = Optional.empty();
        folder.remove();
    }

    /** Its report is written. */
    void reported() {
        taken.ifPresent(drops::reported);
        taken = Optional.empty();
        folder.remove();
    }

    /** Gives it back if it is not done with. */
    @Override
    public void close() {
        try {
            taken.ifPresent(drops::release);
        } catch (LedgerException e) {
            LOG.warn(
                    "A file cannot be given back, and is taken again in two minutes: {} (file: {})",
                    e.getMessage(),
                    file());
        }
        taken = Optional.empty();
    }
}
