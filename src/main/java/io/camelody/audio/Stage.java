package io.camelody.audio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a folder for each song whose clips wait for its sinks. Clips are known by their place in the song alone, so a note in
 * the folder says whose they are: those of an earlier task never pass for the new one's, nor those of the sandbox for real ones.
 *
 * <p>The note comes to the disk itself after all that was there before is gone from it, and before any clip. So whenever the
 * process or the machine dies, what stands beside a note is its own, and what has none is fetched again.
 */
final class Stage {

    private static final String NOTE = "whose.json";

    private final Path root;

    Stage(Path root) {
        this.root = root.toAbsolutePath();
    }

    /** @param files what there is in it already */
    record Place(Path folder, Set<String> files) {}

    /**
     * Makes a song's folder, or finds it with what was fetched for the same end of its task.
     *
     * @throws IOException if the disk does not take it, or does not give up what is another's
     */
    Place open(ObjectNode song) throws IOException {
        Path folder = SongFolder.make(root, song.path("id").textValue());
        Path note = folder.resolve(NOTE);
        byte[] own = whose(song);
        List<Path> there = contents(folder);
        if (there.contains(note) && Arrays.equals(Files.readAllBytes(note), own)) {
            return new Place(
                    folder,
                    there.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
        for (Path file : there) {
            Files.delete(file);
        }
        if (!there.isEmpty()) {
            SongFolder.sync(folder);
        }
        Files.write(note, own, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        return new Place(folder, Set.of());
    }

    Path folder(String songId) {
        return root.resolve(songId);
    }

    /** What cannot be deleted is left. */
    void clear(String songId) {
        Path folder = folder(songId);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            contents(folder).forEach(file -> file.toFile().delete());
            folder.toFile().delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A song is generated once by each task that it goes on with, and not every task has an id. */
    private static byte[] whose(ObjectNode song) {
        return Json.write(Json.object()
                        .put("sandbox", song.path("sandbox").asBoolean())
                        .put("generatedAt", song.path("generatedAt").asText()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What is in folders comes before them. */
    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }
}
