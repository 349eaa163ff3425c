package io.camelody.intake;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camelody.ledger.Drops.Drop;
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
import java.nio.file.StandardCopyOption;
import java.util.List;
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
    private final boolean sandbox;

    public DropReports(SongLedger ledger, boolean sandbox) {
        this.ledger = ledger;
        this.sandbox = sandbox;
    }

    /** Writes those that are due. One that cannot be written is due again. */
    public void write() {
        for (Drop drop : ledger.drops().ended(sandbox)) {
            Path kept = Path.of(drop.keptAs().orElseThrow());
            Path report = kept.resolveSibling(kept.getFileName() + ".report.json");
            try {
                write(drop, report);
                ledger.drops().reported(drop);
                LOG.info("All songs of a file have ended. (report: {})", report);
            } catch (IOException e) {
                LOG.warn("A report is not written yet; will be tried again: {} (report: {})", e, report);
            }
        }
    }

    private void write(Drop drop, Path report) throws IOException {
        Files.createDirectories(report.getParent());
        Path part = report.resolveSibling(report.getFileName() + ".part");
        try (JsonGenerator json = Json.MAPPER.createGenerator(Files.newBufferedWriter(part))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("file", drop.path());
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
        Files.move(part, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
