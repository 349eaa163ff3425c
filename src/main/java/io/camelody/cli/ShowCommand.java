package io.camelody.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code camelody show}: all that is known of one song, and what can be done about it. */
@Command(
        name = "show",
        description = "Shows one song: what was asked, what came of it when, what it cost, and what can be done next.",
        footer = {"", "Example: camelody show tango-1"})
final class ShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HomeOptions home;

    @Parameters(paramLabel = "ID", description = "The song's id, as camelody songs lists it.")
    private String id;

    @Option(names = "--json", description = "As JSON, in the shape of song.json.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Optional<SongLedger> there =
                HomeOptions.ledgerToSee(home.read(), spec.commandLine().getErr());
        try (SongLedger ledger = there.orElse(null)) {
            Optional<Song> song = there.flatMap(open -> open.catalog().find(id));
            if (song.isEmpty()) {
                spec.commandLine().getErr().printf("There is no song %s. See camelody songs%s.%n", id, home.argument());
                return Camelody.NOT_ALL;
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                ObjectNode document = SongDocument.of(song.get());
                out.println(Json.MAPPER
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(document));
            } else {
                Optional<Pause> pause =
                        ledger.pauses().of(song.get().stepVendor(), song.get().sandbox());
                new SongPage(out, ZoneId.systemDefault(), home.argument()).print(song.get(), pause);
            }
            return Camelody.OK;
        }
    }
}
