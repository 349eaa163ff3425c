package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.request.SongRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A song as JSON: the shape of {@code song.json}, of {@code camelody show} and of what {@code song:finished} gives. Its members
 * are described in {@code song.schema.json}.
 */
public final class SongDocument {

    /** A document that a program for the last version might take amiss has another. */
    private static final int SCHEMA = 1;

    private SongDocument() {}

    public static ObjectNode of(Song song) {
        ObjectNode document = Json.object();
        document.put("schema", SCHEMA);
        document.put("id", song.id());
        document.put("state", song.state().word());
        song.reason().ifPresent(reason -> document.put("reason", reason.word()));
        song.message().ifPresent(message -> document.put("message", message));
        document.put("vendor", song.vendor());
        song.lyricsVendor().ifPresent(vendor -> document.put("lyricsVendor", vendor));
        document.put("sandbox", song.sandbox());
        song.source().ifPresent(source -> document.put("source", source));
        document.put("price", dollars(song.price()));
        time(document, "acceptedAt", Optional.of(song.acceptedAt()));
        time(document, "submittedAt", song.submittedAt());
        time(document, "generatedAt", song.generatedAt());
        time(document, "finishedAt", song.finishedAt());
        document.set("request", SongRequest.shown(song.request()));
        if (!song.notes().isEmpty()) {
            document.set("notes", Json.MAPPER.valueToTree(song.notes()));
        }
        song.written().ifPresent(written -> document.set("written", written));
        ArrayNode tasks = document.putArray("tasks");
        song.tasks().forEach(task -> tasks.add(of(task)));
        document.set("clips", song.clips());
        if (!song.sinks().isEmpty()) {
            document.set("sinks", SinkDelivery.json(song.sinks()));
        }
        return document;
    }

    /** The short form, a line of {@code camelody songs --json}. */
    public static ObjectNode summary(Song song) {
        ObjectNode summary = Json.object();
        summary.put("id", song.id());
        summary.put("vendor", song.vendor());
        summary.put("state", song.state().word());
        summary.put("reason", song.reason().map(Reason::word).orElse(null));
        summary.put("message", song.message().orElse(null));
        ArrayNode taskIds = summary.putArray("taskIds");
        song.tasks().stream().flatMap(task -> task.taskId().stream()).forEach(taskIds::add);
        summary.put("price", dollars(song.price()));
        summary.put("sandbox", song.sandbox());
        time(summary, "acceptedAt", Optional.of(song.acceptedAt()));
        time(summary, "submittedAt", song.submittedAt());
        time(summary, "generatedAt", song.generatedAt());
        time(summary, "finishedAt", song.finishedAt());
        ArrayNode files = summary.putArray("files");
        for (JsonNode clip : song.clips()) {
            if (clip.path("places").hasNonNull("file")) {
                files.add(clip.get("places").get("file"));
            }
        }
        return summary;
    }

    /** What a song is called: as its request says, else as its written lyrics or its first clip are. */
    public static Optional<String> title(Song song) {
        return title(
                song.request(),
                song.written().<JsonNode>map(written -> written).orElse(MissingNode.getInstance()),
                song.clips());
    }

    static Optional<String> title(JsonNode request, JsonNode written, JsonNode clips) {
        return Stream.of(
                        request.path("title"),
                        written.path("title"),
                        clips.path(0).path("title"))
                .map(title -> title.asText(""))
                .filter(title -> !title.isEmpty())
                .findFirst();
    }

    /** Micro-dollars as dollars, without zeros at the end. */
    public static BigDecimal dollars(long micros) {
        BigDecimal dollars = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
        return dollars.scale() < 0 ? dollars.setScale(0) : dollars;
    }

    private static ObjectNode of(Task task) {
        ObjectNode node = Json.object();
        node.put("step", task.step().word());
        node.put("vendor", task.vendor());
        node.put("taskId", task.taskId().orElse(null));
        node.put("outcome", task.outcome().word());
        node.put("price", dollars(task.price()));
        task.status().ifPresent(status -> node.put("status", status));
        task.error().ifPresent(error -> node.put("error", error));
        time(node, "intendedAt", Optional.of(task.intendedAt()));
        time(node, "endedAt", task.endedAt());
        task.answer().ifPresent(answer -> node.put("answer", answer));
        return node;
    }

    private static void time(ObjectNode node, String field, Optional<Instant> time) {
        time.ifPresent(at -> node.put(field, at.toString()));
    }
}
