package io.camelody.cli;

import io.camelody.ledger.SongCatalog.Counts;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.RequestFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** What became of a batch, on standard output. */
final class Summary {

    private final PrintWriter out;

    Summary(PrintWriter out) {
        this.out = out;
    }

    /** @param page to listen through the songs, if there is one */
    void print(
            Workplace place,
            SongLedger ledger,
            String batch,
            Counts counts,
            BatchReader.Result read,
            Optional<Path> page,
            boolean sandbox) {
        out.println();
        row("delivered", counts.of(SongState.DELIVERED), "");
        counts.failedBy().forEach((reason, count) -> row("failed", count, reason.word()));
        row("cancelled", counts.of(SongState.CANCELLED));
        row("in doubt", counts.of(SongState.IN_DOUBT), "camelody songs --state in-doubt, then camelody resolve ID");
        row("waiting", counts.open(), "the same command, without --again, goes on with them");
        notInUse(place, ledger, batch);
        row("refused", read.refused(), read.firstRefusal().map(SongTable::plain).orElse(""));
        read.rejections().forEach(file -> out.printf("  %8s  %s%n", "", "see " + file));
        row("there before", read.standing(), "not made again; --again makes new songs of requests without an id");
        row("files skipped", read.skippedFiles(), "not " + RequestFiles.SUFFIXES);
        String unpriced = sandbox || counts.unpriced() == 0
                ? ""
                : "and %d tasks without a price: set camelody.<vendor>.price".formatted(counts.unpriced());
        out.printf(
                "  %-13s %8s  %s%n",
                "cost", "$" + SongDocument.dollars(counts.price()).toPlainString(), unpriced);
        if (counts.of(SongState.DELIVERED) > 0) {
            out.printf("  %-13s %8s  %s%n", "songs", "", place.songs());
        }
        page.ifPresent(file -> out.printf("  %-13s %8s  %s%n", "listen", "", file));
        ledger.catalog().findSinkWait(batch).ifPresent(wait -> out.printf("%n%s%n", SinkWaitLine.of(wait)));
        ledger.pauses().standing(sandbox).forEach(pause -> out.printf("%n%s%n", PauseLine.of(pause)));
        failures(ledger, batch, counts);
        out.flush();
    }

    private void notInUse(Workplace place, SongLedger ledger, String batch) {
        ledger.catalog().openByVendor(batch).forEach((vendor, count) -> {
            if (!place.vendors().names().contains(vendor)) {
                out.printf(
                        "  %-13s %8s  %d of them for %s, which is not in use: see camelody.vendors%n",
                        "", "", count, vendor);
            }
        });
    }

    private void row(String what, int count) {
        row(what, count, "");
    }

    private void row(String what, int count, String remark) {
        if (count > 0 || what.equals("delivered")) {
            out.printf("  %-13s %8d  %s%n", what, count, remark);
        }
    }

    /** The first few songs that want a person's attention, by name. */
    private void failures(SongLedger ledger, String batch, Counts counts) {
        for (SongState state : new SongState[] {SongState.FAILED, SongState.IN_DOUBT}) {
            if (counts.of(state) > 0) {
                out.println();
                ledger.catalog()
                        .pageOfBatch(batch, state, Cursor.START, 10)
                        .forEach(song -> out.printf(
                                "  %s %s: %s%n",
                                song.id(), state, song.message().orElse("")));
                if (counts.of(state) > 10) {
                    out.printf("  … and %d more: camelody songs --state %s%n", counts.of(state) - 10, state);
                }
            }
        }
    }
}
