package io.camelody.intake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Drops;
import io.camelody.ledger.Drops.Drop;
import io.camelody.ledger.SongLedger;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the routes of a drop folder do with a file: read it in chunks of requests, take down what became of each, and put it
 * away. A file stays in the inbox until all of it is accepted or refused, so a process that dies reads it again, and each of
 * its requests is accepted once. Thread-safe.
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
        for (Drop drop : drops.begun(sandbox)) {
            // a process that died between the move and noting it
            if (!Files.exists(Path.of(drop.path()))) {
                drops.moved(drop);
            }
        }
    }

    /** The body is the file, the variable {@code folder} the inbox. */
    public void open(Exchange exchange) {
        Path inbox = Path.of(exchange.getVariable("folder", String.class))
                .toAbsolutePath()
                .normalize();
        Path file = exchange.getMessage()
                .getBody(File.class)
                .toPath()
                .toAbsolutePath()
                .normalize();
        Drop drop = drops.take(file.toString(), sandbox);
        if (drop.keptAs().filter(kept -> Files.exists(Path.of(kept))).isPresent()) {
            drops.moved(drop);
            drop = drops.take(file.toString(), sandbox);
        }
        exchange.setVariable(FILE, new DroppedFile(inbox, file, drop));
        exchange.setVariable("requestBatch", drop.batch());
    }

    /** The file's requests, chunk by chunk. */
    public Iterator<DroppedFile.Chunk> chunks(Exchange exchange) {
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

    /** All of the file has been taken: it goes to {@code done/}, or to {@code rejected/} if nothing of it could be read. */
    public void putAway(Exchange exchange) throws IOException {
        DroppedFile dropped = file(exchange);
        Optional<String> error = dropped.finish();
        Drop drop = dropped.drop();
        Path under = dropped.inbox().resolve(error.isEmpty() ? SettledFiles.DONE : SettledFiles.REJECTED);
        Path kept = drop.keptAs()
                .map(Path::of)
                .orElseGet(() -> free(under.resolve(dropped.inbox().relativize(dropped.file()))));
        Files.createDirectories(kept.getParent());
        if (error.isPresent()) {
            Files.writeString(kept.resolveSibling(kept.getFileName() + ".error.txt"), error.get() + "\n");
        }
        drops.read(drop, kept.toString(), dropped.standing(), dropped.refused());
        move(dropped.file(), kept);
        drops.moved(drop);
        if (error.isPresent()) {
            drops.reported(drop);
        }
        LOG.info("A file was taken in. (file: {}, now: {})", dropped.file(), kept);
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
                    dropped == null ? "" : dropped.file());
        }
    }

    private static DroppedFile file(Exchange exchange) {
        return exchange.getVariable(FILE, DroppedFile.class);
    }

    private static Path free(Path wanted) {
        String name = wanted.getFileName().toString();
        int dot = name.indexOf('.') <= 0 ? name.length() : name.indexOf('.');
        Path free = wanted;
        for (int i = 2; Files.exists(free); i++) {
            free = wanted.resolveSibling(name.substring(0, dot) + "-" + i + name.substring(dot));
        }
        return free;
    }

    /** On the disk itself when this returns: a file that came back after a power cut would be taken for another drop. */
    private static void move(Path file, Path kept) throws IOException {
        try {
            Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            LOG.warn("A file was taken in and has vanished since. (file: {})", file);
        }
        if (!System.getProperty("os.name").startsWith("Windows")) {
            for (Path folder : new Path[] {kept.getParent(), file.getParent()}) {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}
