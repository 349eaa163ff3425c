package io.camelody.cli;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code camelody songs}: lists songs a page at a time, so that memory does not grow with the ledger. */
@Command(
        name = "songs",
        description = {
            "Lists songs in the order in which they were accepted, also while a batch runs.",
            "WHEN is the time of a song's end, or how long ago it was accepted.",
            "Vendors that are paused are named below the list."
        },
        footer = {
            "",
            "Examples:",
            "  camelody songs --state in-doubt",
            "  camelody songs --state failed --json | jq -r '.[].id'"
        })
final class SongsCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Option(
            names = "--state",
            paramLabel = "S",
            description =
                    "Only songs in this state: accepted, submitted, generated, in-doubt, delivered, failed, cancelled.")
    private Optional<String> state = Optional.empty();

    @Option(names = "--vendor", paramLabel = "V", description = "Only songs that this vendor makes.")
    private Optional<String> vendor = Optional.empty();

    @Option(names = "--json", description = "One JSON array, an element a song.")
    private boolean json;

    @Override
    public Integer call() {
        Optional<SongState> wanted = state.map(SongsCommand::stateOf);
        PrintWriter out = spec.commandLine().getOut();
        Optional<SongLedger> there =
                HomeOptions.ledgerToSee(home.read(), spec.commandLine().getErr());
        try (SongLedger ledger = there.orElse(null)) {
            if (json) {
                printJson(ledger, wanted, out);
            } else {
                printTable(ledger, wanted, out);
            }
            if (ledger != null) {
                out.flush();
                ledger.pauses()
                        .standing(false)
                        .forEach(pause -> spec.commandLine().getErr().println(PauseLine.of(pause)));
            }
        }
        return Camelody.OK;
    }

    private static SongState stateOf(String word) {
        return SongState.of(word)
                .orElseThrow(() -> new UsageException("Expected --state to be one of %s, got: \"%s\"."
                        .formatted(String.join(", ", SongState.words()), word)));
    }

    private void printTable(SongLedger ledger, Optional<SongState> wanted, PrintWriter out) {
        SongTable table = new SongTable(out, Clock.systemUTC().instant(), ZoneId.systemDefault());
        forEachPage(ledger, wanted, out, table::print);
        if (table.isEmpty()) {
            out.println(wanted.isEmpty() && vendor.isEmpty() ? "No songs yet." : "No such songs.");
        }
    }

    private void printJson(SongLedger ledger, Optional<SongState> wanted, PrintWriter out) {
        String[] before = {"["};
        forEachPage(ledger, wanted, out, page -> {
            for (Song song : page) {
                out.print(before[0] + Json.write(SongDocument.summary(song)));
                before[0] = ",\n";
            }
        });
        out.println(before[0].equals("[") ? "[]" : "]");
    }

    private void forEachPage(
            SongLedger ledger, Optional<SongState> wanted, PrintWriter out, Consumer<List<Song>> print) {
        Cursor after = Cursor.START;
        // a reader that has seen enough, such as head, ends it
        while (ledger != null && !out.checkError()) {
            List<Song> page = ledger.catalog().page(wanted, vendor, after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            print.accept(page);
            Song last = page.get(page.size() - 1);
            after = new Cursor(last.acceptedAt(), last.id());
        }
    }
}
