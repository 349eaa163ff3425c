package io.camelody.intake;

import io.camelody.ledger.Drops;
import io.camelody.ledger.Drops.Drop;
import io.camelody.ledger.Drops.Taken;
import io.camelody.ledger.SongLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops that have begun and whose file is not in the inbox any more: it was moved by a process that died before it noted so, or
 * somebody has taken it away. Another file under the name would be taken for them.
 */
public final class LeftBehind {

    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

    private final Drops drops;
    private final boolean sandbox;

    public LeftBehind(SongLedger ledger, boolean sandbox) {
        this.drops = ledger.drops();
        this.sandbox = sandbox;
    }

    /** Ends those of these inboxes. Those of others, which cannot be seen here, are left to the nodes that see them. */
    public void settle(List<Path> inboxes) {
        List<Drop> all = drops.leftBehind(sandbox);
        Map<String, InboxFolder> seen = all.isEmpty() ? Map.of() : InboxFolder.byName(inboxes);
        for (Drop drop : all) {
            InboxFolder inbox = seen.get(drop.inbox());
            if (inbox != null && !Files.exists(inbox.at(drop.path()))) {
                try {
                    settle(inbox, drop);
                } catch (IOException e) {
                    LOG.warn("A file's move is not noted yet; will be tried again: {} (file: {})", e, drop.path());
                }
            }
        }
    }

    private void settle(InboxFolder inbox, Drop drop) throws IOException {
        Optional<Taken> taken = drops.take(drop);
        if (taken.isPresent()) {
            try (HeldDrop held = HeldDrop.of(drops, inbox, taken.get())) {
                if (!held.hadLeft()) {
                    held.end();
                }
            }
        }
    }
}
