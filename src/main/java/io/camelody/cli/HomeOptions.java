package io.camelody.cli;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongLedger;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command that has to do with a home takes. */
final class HomeOptions {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "Where config/, routes/, data/ and songs/ lie; what is not there comes from the program. Default: the current directory.")
    private Path home = Path.of("");

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting, such as camelody.foxai.timeout=8m, over the home's file and the environment. Can be given more than once.")
    private Map<String, String> properties = new LinkedHashMap<>();

    /** What a command needs to find this home, with a blank before it; empty for the current directory. */
    String argument() {
        return home.toString().isEmpty() ? "" : " --home " + home;
    }

    Workplace read() {
        return read(Map.of());
    }

    /** @param stronger settings that hold over those of the command line */
    Workplace read(Map<String, String> stronger) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.putAll(stronger);
        return Workplace.read(folder(), System.getenv(), all);
    }

    /** @throws UsageException if it is not there */
    Path folder() {
        if (!Files.isDirectory(home.toAbsolutePath())) {
            throw new UsageException(
                    "The home %s is not a folder. Give one that is there with --home.".formatted(home));
        }
        return home.toAbsolutePath().normalize();
    }

    /**
     * The home's ledger, to look at it beside a process that works on it; empty if nothing was ever accepted there. One that has
     * gone elsewhere is as it was then, which is told.
     */
    static Optional<SongLedger> ledgerToSee(Workplace place, PrintWriter err) {
        Optional<SongLedger> ledger = SongLedger.findBeside(place.ledger());
        ledger.flatMap(SongLedger::movedTo)
                .ifPresent(to -> err.printf(
                        "The ledger was moved to %s, or that was begun; this is how its file was left. Set camelody.ledger.url to where it is now.%n",
                        to));
        return ledger;
    }

    /**
     * The same, to steer songs.
     *
     * @throws LedgerException if it has gone elsewhere
     */
    static Optional<SongLedger> ledgerToSteer(Workplace place) {
        Optional<SongLedger> ledger = SongLedger.findBeside(place.ledger());
        try {
            ledger.ifPresent(SongLedger::demandHere);
            return ledger;
        } catch (LedgerException e) {
            ledger.ifPresent(SongLedger::close);
            throw e;
        }
    }
}
