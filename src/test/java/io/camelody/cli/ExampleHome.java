package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** What the two queues of the examples refuse: a slip, no JSON, a list, and another request under an id that is taken. */
    static void assertReasons(List<String> refused) {
        assertThat(refused.get(0)).startsWith("{\"promt\": \"a slip\"} Unknown field \"promt\"");
        assertThat(refused.get(1)).startsWith("no JSON at all Expected the body to be a request as JSON");
        assertThat(refused.get(2)).endsWith("Expected the body to be one request, got: a list.");
        assertThat(refused.get(3)).contains("Expected id to be an id that no other request has, got: \"own\"");
    }
}
