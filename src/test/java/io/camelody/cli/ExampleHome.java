package io.camelody.cli;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A home with a route of {@code src/examples} in it, put there as the examples say. */
final class ExampleHome {

    private ExampleHome() {}

    /** @param name of the file under {@code src/examples/routes}, without its endings */
    static void with(String name, Path home) {
        with(name, home, text -> text);
    }

    /** The same, with a fault in it. */
    static void with(String name, Path home, UnaryOperator<String> fault) {
        String file = name + ".camel.yaml";
        try {
            String text = Files.readString(Path.of("src/examples/routes", file));
            Files.writeString(Files.createDirectories(home.resolve("routes")).resolve(file), fault.apply(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ids of all songs, in the order in which they were accepted. */
    static List<String> songs(SongLedger ledger) {
        return ledger.catalog().page(Optional.empty(), Optional.empty(), Cursor.START, 100).stream()
                .map(Song::id)
                .toList();
    }
}
