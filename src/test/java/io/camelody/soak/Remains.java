package io.camelody.soak;

import io.camelody.ledger.SongLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * What a run that has ended leaves.
 *
 * @param songs the folder of what was delivered
 * @param rejected folders of refused lines
 * @param stages folders of clips on their way
 */
record Remains(SongLedger ledger, Path songs, List<Path> rejected, List<Path> stages) implements AutoCloseable {

    /** Of a batch; the ledger is read from a copy, since SQLite cannot open the one on a small disk from the outside. */
    static Remains ofBatch(Path home) throws IOException {
        Path copy = Files.createTempDirectory("camelody-ledger");
        for (String file : List.of("ledger.db", "ledger.db-wal")) {
            if (Files.exists(home.resolve("data").resolve(file))) {
                Files.copy(home.resolve("data").resolve(file), copy.resolve(file));
            }
        }
        return new Remains(
                SongLedger.openBeside("jdbc:sqlite:" + copy.resolve("ledger.db"), Clock.systemUTC()),
                home.resolve("songs"),
                List.of(home.resolve("rejected")),
                List.of(home.resolve("data/audio")));
    }

    @Override
    public void close() {
        ledger.close();
    }
}
