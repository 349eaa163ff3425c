package io.camelody.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.request.Ahead;
import io.camelody.request.Json;
import io.camelody.request.Portion;
import io.camelody.request.Problem;
import io.camelody.request.ReadItem;
import io.camelody.request.RejectedFile;
import io.camelody.request.RequestId;
import io.camelody.request.RequestReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A file of an inbox while this node reads it, a portion at a time, the next one while the last is accepted. What is refused
 * goes to its list of rejected requests. The claim on the drop is kept meanwhile; the reading ends where that is lost. Not
 * thread-safe.
 */
public final class DroppedFile implements Closeable {

    /** Requests that are handed over together, with what the file knows of each. */
    public record Chunk(
            ArrayNode requests,
            List<String> ids,
            List<String> sources,
            List<ReadItem> items,
            List<ReadItem> unreadable) {}

    private final HeldDrop held;
    private final RequestReader reader;
    private final Ahead<Chunk> chunks;
    private final RejectedFile rejected;
    private ReadItem broken;
    private int good;
    private int standing;
    private int refused;

    DroppedFile(HeldDrop held) {
        this.held = held;
        this.reader = RequestReader.read(held.file());
        this.chunks = new Ahead<>(reading());
        Path list = held.inbox().at(InboxFolder.REJECTED + "/" + held.drop().path());
        this.rejected = new RejectedFile(
                list.getParent(), held.drop().path(), list.getFileName().toString(), held.folder());
    }

    HeldDrop held() {
        return held;
    }

    /** The requests of the file, the next ones read while the last are accepted. */
    Iterator<Chunk> chunks() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return held.isOurs() && chunks.hasNext();
            }

            @Override
            public Chunk next() {
                return chunks.next();
            }
        };
    }

    private Iterator<Chunk> reading() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return reader.hasNext();
            }

            @Override
            public Chunk next() {
                return chunk();
            }
        };
    }

    private Chunk chunk() {
        Chunk chunk = new Chunk(
                Json.MAPPER.createArrayNode(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        Portion portion = new Portion();
        boolean isRoom = true;
        while (isRoom && reader.hasNext()) {
            ReadItem item = reader.next();
            isRoom = portion.takes(item);
            if (item.unreadable().isPresent()) {
                chunk.unreadable().add(item);
            } else {
                chunk.requests().add(item.json());
                chunk.items().add(item);
                chunk.sources().add(held.file() + ":" + item.line());
                // the drop names the file as it is, so its line is name enough, and the same when it is read once more
                chunk.ids()
                        .add(RequestId.derive(
                                held.drop().path(), "", item.line(), held.drop().batch()));
            }
        }
        return chunk;
    }

    /** Takes down what became of a chunk's requests. */
    void note(Chunk chunk, JsonNode receipts) {
        for (ReadItem item : chunk.unreadable()) {
            if (item.raw().isEmpty()) {
                broken = item;
            } else {
                refuse(item, List.of(item.unreadable().orElseThrow()));
            }
        }
        for (int i = 0; i < chunk.items().size(); i++) {
            JsonNode receipt = receipts.path(i);
            if (receipt.path("problems").isArray()) {
                List<Problem> problems = new ArrayList<>();
                receipt.path("problems").forEach(problem -> problems.add(problem(problem)));
                refuse(chunk.items().get(i), problems);
            } else {
                good++;
                standing += receipt.path("isNew").asBoolean()
                                || receipt.path("sameBatch").asBoolean()
                        ? 0
                        : 1;
            }
        }
    }

    private static Problem problem(JsonNode problem) {
        return Json.MAPPER.convertValue(problem, Problem.class);
    }

    private void refuse(ReadItem item, List<Problem> problems) {
        refused++;
        try {
            rejected.reject(item.line(), item.raw(), problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends the reading. Where the file broke off counts as one refused request, if there is any other in it.
     *
     * @return why not one request could be read of it; empty if one could
     */
    Optional<String> finish() throws IOException {
        Optional<String> asAWhole = Optional.empty();
        if (broken != null) {
            Problem why = broken.unreadable().orElseThrow();
            if (good + refused == 0) {
                asAWhole = Optional.of(why.message());
            } else {
                refuse(broken, List.of(why));
            }
            broken = null;
        }
        // where the drop was lost the next portion may still be read
        chunks.close();
        reader.close();
        return asAWhole;
    }

    /** Lets the list of rejected requests appear, if there is any. */
    void tellRefused() throws IOException {
        rejected.close();
    }

    int standing() {
        return standing;
    }

    int refused() {
        return refused;
    }

    /** Gives the drop back where it is not done with. */
    @Override
    public void close() throws IOException {
        try (held;
                reader;
                chunks) {
            rejected.discard();
        }
    }
}
