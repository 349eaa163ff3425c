package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What lets the sandbox remember its tasks over a kill and a restart, as a real vendor does: one line a task, written before
 * the call that made it is answered. Tasks of more than a day ago are forgotten.
 */
final class Journal {

    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** @param firstIndex of its clips in the bill that they belong to */
    record Entry(
            String vendor,
            String step,
            String id,
            ObjectNode request,
            Instant createdAt,
            List<String> clipIds,
            int firstIndex,
            boolean atOnce) {}

    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    /** Reads what is remembered, and forgets what is old. A last line that a kill cut short was never answered. */
    List<Entry> open(Instant now) {
        List<Entry> entries = new ArrayList<>();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> kept = new ArrayList<>();
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                JsonNode node = parse(line);
                if (node != null
                        && Instant.parse(node.path("createdAt").asText()).isAfter(now.minus(REMEMBERED))) {
                    entries.add(entry(node));
                    kept.add(line);
                }
            }
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.write(part, kept);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot remember its tasks in " + file, e);
        }
    }

    synchronized void write(Entry entry) {
        ObjectNode node = Json.object()
                .put("vendor", entry.vendor())
                .put("step", entry.step())
                .put("id", entry.id())
                .put("createdAt", entry.createdAt().toString())
                .put("firstIndex", entry.firstIndex())
                .put("atOnce", entry.atOnce());
        node.set("clipIds", Json.MAPPER.valueToTree(entry.clipIds()));
        node.set("request", entry.request());
        try {
            Files.writeString(file, Json.write(node) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot remember its tasks in " + file, e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return Json.parse(line);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Entry entry(JsonNode node) {
        List<String> clipIds = new ArrayList<>();
        node.path("clipIds").forEach(id -> clipIds.add(id.textValue()));
        return new Entry(
                node.path("vendor").textValue(),
                node.path("step").textValue(),
                node.path("id").textValue(),
                (ObjectNode) node.path("request"),
                Instant.parse(node.path("createdAt").textValue()),
                clipIds,
                node.path("firstIndex").intValue(),
                node.path("atOnce").booleanValue());
    }
}
