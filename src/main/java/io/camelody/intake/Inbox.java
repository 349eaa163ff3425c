package io.camelody.intake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Drops;
import io.camelody.ledger.Drops.Taken;
import io.camelody.ledger.SongLedger;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the routes of a drop folder do with a file: read it in chunks of requests, take down what became of each, and put it
 * away. A file stays in the inbox until all of it is accepted or refused, so when a process dies it is read again, and each of
 * its requests is accepted once. Where several nodes see the inbox, one of them has a file. Thread-safe.
 */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private static final String FILE = "droppedFile";
    private static final String CHUNK = "chunk";

    private final Drops drops;
    private final boolean sandbox;

    public Inbox(SongLedger ledger, boolean sandbox) {
        this.drops = ledger.drops();
        this.sandbox = sandbox;
    }

    /**
     * The body is the file, the variable {@code folder} the inbox. It {@link #isOpen} then, unless it is not for this node:
     * another one has it, or it is gone since it was seen.
     */
    public void open(Exchange exchange) throws IOException {
        InboxFolder inbox = new InboxFolder(Path.of(exchange.getVariable("folder", String.class)));
        Path file = exchange.getMessage().getBody(File.class).toPath();
        Optional<DroppedFile> dropped = Files.exists(file) ? open(inbox, inbox.within(file)) : Optional.empty();
        dropped.ifPresent(opened -> {
            exchange.setVariable(FILE, opened);
            exchange.setVariable("requestBatch", opened.held().drop().batch());
        });
    }

    private Optional<DroppedFile> open(InboxFolder inbox, String path) throws IOException {
        Optional<Taken> taken = drops.take(inbox.name(), path, sandbox);
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        HeldDrop held = HeldDrop.of(drops, inbox, taken.get());
        try {
            if (held.hadLeft()) {
                // what lies there now is another drop
                return open(inbox, path);
            }
            if (Files.exists(held.file())) {
                return Optional.of(new DroppedFile(held));
            }
            held.end();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    public boolean isOpen(Exchange exchange) {
        return file(exchange) != null;
    }

    /**
     * The file's requests, chunk by chunk.
     *
     * @throws IllegalStateException if it is not open, which a route has to ask before
     */
    public Iterator<DroppedFile.Chunk> chunks(Exchange exchange) {
        if (!isOpen(exchange)) {
            throw new IllegalStateException(
                    "Another node has the file, or it is gone, and the route of the drop folder does not ask. Put the filter on camelodyInbox.isOpen into the home's own routes/intake-folder.camel.yaml, as the shipped one has it, or delete that file.");
        }
        return file(exchange).chunks();
    }

    /** The body is a chunk, and becomes the list of its requests, with what {@code song:request} is to know of them. */
    public void layOut(Exchange exchange) {
        DroppedFile.Chunk chunk = exchange.getMessage().getBody(DroppedFile.Chunk.class);
        exchange.setVariable(CHUNK, chunk);
        exchange.setVariable("requestIds", chunk.ids());
        exchange.setVariable("requestSources", chunk.sources());
        exchange.getMessage().setBody(chunk.requests());
    }

    /** The body is the receipts. */
    public void note(Exchange exchange) {
        ArrayNode receipts = exchange.getMessage().getBody(ArrayNode.class);
        file(exchange).note(exchange.getVariable(CHUNK, DroppedFile.Chunk.class), receipts);
    }

    /**
     * All of the file has been taken: it goes to {@code done/}, or to {@code rejected/} if nothing of it could be read. Nothing
     * moves if another node has taken it over.
     */
    public void putAway(Exchange exchange) throws IOException {
        DroppedFile dropped = file(exchange);
        HeldDrop held = dropped.held();
        Optional<String> error = dropped.finish();
        String folder = error.isEmpty() ? InboxFolder.DONE : InboxFolder.REJECTED;
        String kept = held.inbox()
                .free(held.drop().keptAs().orElse(folder + "/" + held.drop().path()));
        if (!held.isOurs() || !held.noteRead(kept, dropped.standing(), dropped.refused())) {
            return;
        }
        try {
            dropped.tellRefused();
            if (error.isPresent()) {
                tellUnread(held, kept, error.get());
            }
            held.moveTo(kept);
        } catch (NoSuchFileException e) {
            if (held.isLost()) {
                return;
            }
            if (Files.exists(held.file())) {
                throw e;
            }
            LOG.warn("A file was taken in and has vanished since. (file: {})", held.file());
        }
        held.end(error.isEmpty());
        LOG.info(
                "A file was taken in. (file: {}, now: {})",
                held.file(),
                held.inbox().at(kept));
    }

    private static void tellUnread(HeldDrop held, String kept, String error) throws IOException {
        Path written = Files.writeString(held.folder().resolve("error.txt"), error + "\n");
        held.publish(written, held.inbox().at(kept + ".error.txt"));
    }

    /** Whether or not it went well. */
    public void close(Exchange exchange) throws IOException {
        DroppedFile dropped = file(exchange);
        if (dropped != null) {
            dropped.close();
        }
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure != null) {
            LOG.error(
                    "A file was not taken in and stays where it is; will be tried again: {} (file: {})",
                    failure.getMessage(),
                    exchange.getMessage().getHeader(Exchange.FILE_PATH));
        }
    }

    private static DroppedFile file(Exchange exchange) {
        return exchange.getVariable(FILE, DroppedFile.class);
    }
}
