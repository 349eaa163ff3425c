package io.camelody.intake;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camelody.ledger.Drops;
import io.camelody.ledger.Drops.Drop;
import io.camelody.ledger.Drops.Taken;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Counts;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code <file>.report.json} beside a file that was put away when the last of its songs has ended: counts, cost, and an
 * element for each song. A song in doubt has not ended.
 */
public final class DropReports {

    private static final Logger LOG = LoggerFactory.getLogger(DropReports.class);

    private static final int PAGE = 500;

    private static final List<SongState> ENDS = List.of(SongState.DELIVERED, SongState.FAILED, SongState.CANCELLED);

    private final SongLedger ledger;
    private final Drops drops;
    private final boolean sandbox;

    public DropReports(SongLedger ledger, boolean sandbox) {
        this.ledger = ledger;
        this.drops = ledger.drops();
        this.sandbox = sandbox;
    }

    /**
     * Writes those that are due for these inboxes, one node each. One that cannot be written is due again. Those of inboxes that
     * cannot be seen here are left to the nodes that see them.
     */
    public void write(List<Path> inboxes) {
        List<Drop> all = drops.ended(sandbox);
        Map<String, InboxFolder> seen = all.isEmpty() ? Map.of() : InboxFolder.byName(inboxes);
        for (Drop drop : all) {
            InboxFolder inbox = seen.get(drop.inbox());
            try {
                Optional<Taken> taken = inbox == null ? Optional.empty() : drops.take(drop);
                if (taken.isPresent()) {
                    write(inbox, taken.get());
                }
            } catch (IOException e) {
                LOG.warn("A report is not written yet; will be tried again: {} (file: {})", e, drop.path());
            }
        }
    }

    private void write(InboxFolder inbox, Taken taken) throws IOException {
        try (HeldDrop held = HeldDrop.of(drops, inbox, taken)) {
            Path written = held.folder().resolve("report.json");
            write(held, written);
            if (held.isLost()) {
                return;
            }
            Path report = inbox.at(held.drop().keptAs().orElseThrow() + ".report.json");
            held.publish(written, report);
            held.reported();
            LOG.info("All songs of a file have ended. (report: {})", report);
        }
    }

    private void write(HeldDrop held, Path file) throws IOException {
        Drop drop = held.drop();
        try (JsonGenerator json = Json.MAPPER.createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("file", held.file().toString());
            json.writeStringField("droppedAt", drop.takenAt().toString());
            json.writeStringField("finishedAt", ledger.clock().instant().toString());
            Counts counts = ledger.catalog().count(drop.batch());
            for (SongState end : ENDS) {
                json.writeNumberField(end.word(), counts.of(end));
            }
            json.writeNumberField("refused", drop.refused());
            json.writeNumberField("thereBefore", drop.standing());
            json.writeNumberField("price", SongDocument.dollars(counts.price()));
            json.writeArrayFieldStart("songs");
            for (SongState end : ENDS) {
                writeSongs(drop, end, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void writeSongs(Drop drop, SongState end, JsonGenerator json) throws IOException {
        Cursor after = Cursor.START;
        while (true) {
            List<Song> page = ledger.catalog().pageOfBatch(drop.batch(), end, after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            for (Song song : page) {
                json.writeTree(SongDocument.summary(song));
            }
            Song last = page.get(page.size() - 1);
            after = new Cursor(last.acceptedAt(), last.id());
        }
    }
}
