package io.camelody.cli;

import io.camelody.ledger.SongLedger;
import io.camelody.wiring.BrokenRouteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The routes of a home, loaded and not started, on a ledger of their own that is gone afterwards: the home stays as it was. */
final class Rehearsal implements AutoCloseable {

    private final Path folder;
    private final SongLedger ledger;
    private final Engine engine;

    private Rehearsal(Path folder, SongLedger ledger, Engine engine) {
        this.folder = folder;
        this.ledger = ledger;
        this.engine = engine;
    }

    /** @throws BrokenRouteException if a route cannot be loaded */
    static Rehearsal of(Workplace place) throws IOException {
        Path folder = Files.createTempDirectory("camelody-rehearsal");
        SongLedger ledger = SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), Clock.systemUTC());
        try {
            return new Rehearsal(folder, ledger, Engine.load(place, ledger));
        } catch (BrokenRouteException e) {
            clear(ledger, folder);
            throw e;
        }
    }

    Engine engine() {
        return engine;
    }

    @Override
    public void close() throws IOException {
        engine.close();
        clear(ledger, folder);
    }

    private static void clear(SongLedger ledger, Path folder) throws IOException {
        ledger.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
