package io.camelody.audio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Holds a folder for each song whose clips wait for its sinks. Clips are known by their place in the song alone, so a note in
 * the folder, an empty file, says by its name whose they are: those of an earlier task never pass for the new one's, nor those of
 * the sandbox for real ones.
 *
 * <p>The note gets its name after all that was there before is gone from the disk itself, and before any clip comes. So whenever
 * the process or the machine dies, what stands beside a note is its own, and what has none is fetched again.
 *
 * <p>A cleared folder goes to the next song with its note, both under other names, since a file system takes long to make a file
 * where many have just been deleted. No more are kept than there were places open at a time, and none when none is. Thread-safe.
 */
final class Stage {

    /** No song's id has its last character. */
    private static final String SPARE = "spare~";

    private static final String NOTE = ".of~";

    private final Path root;
    private final String ownSpares = SPARE + UUID.randomUUID() + "-";
    private final Deque<Path> spares = new ArrayDeque<>();
    private long number;
    private int open;

    /** Places open at a time, since there was none. */
    private int most;

    Stage(Path root) {
        this.root = root.toAbsolutePath();
    }

    /** @param files what there is in it already */
    record Place(Path folder, Set<String> files, Stage stage) implements AutoCloseable {

        /** Nothing more comes to it. */
        @Override
        public void close() {
            stage.leave();
        }
    }

    /**
     * Makes a song's folder, or finds it with what was fetched for the same end of its task.
     *
     * @throws IOException if the disk does not take it, or does not give up what is another's
     */
    Place open(ObjectNode song) throws IOException {
        Path folder = make(song.path("id").textValue());
        String note = whose(song);
        Set<String> there = names(folder);
        boolean isSongs = there.contains(note);
        if (!isSongs) {
            takeOver(folder, there, note);
        }
        synchronized (this) {
            open++;
            most = Math.max(most, open);
        }
        return new Place(folder, isSongs ? there : Set.of(), this);
    }

    private static void takeOver(Path folder, Set<String> there, String note) throws IOException {
        Optional<String> former =
                there.stream().filter(name -> name.startsWith(NOTE)).findFirst();
        for (String name : there) {
            if (former.filter(name::equals).isEmpty()) {
                deleteAll(folder.resolve(name));
            }
        }
        if (!there.isEmpty()) {
            SongFolder.sync(folder);
        }
        if (former.isPresent()) {
            Files.move(folder.resolve(former.get()), folder.resolve(note));
        } else {
            Files.createFile(folder.resolve(note));
        }
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
            boolean isClear = true;
            for (String name : names(folder)) {
                isClear &= name.startsWith(NOTE) || new File(folder.toFile(), name).delete();
            }
            if (!isClear || !spare(folder)) {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path make(String songId) throws IOException {
        Path folder = folder(songId);
        Path spare = Files.exists(folder) ? null : takeSpare();
        if (spare != null) {
            try {
                return Files.move(spare, folder);
            } catch (IOException e) {
                // somebody has deleted it, or made the song's
                delete(spare);
            }
        }
        return SongFolder.make(root, songId);
    }

    private synchronized Path takeSpare() {
        return spares.poll();
    }

    private synchronized boolean spare(Path folder) throws IOException {
        return spares.size() < most && spares.add(Files.move(folder, root.resolve(ownSpares + number++)));
    }

    private synchronized void leave() {
        open--;
        if (open == 0) {
            most = 0;
            spares.forEach(Stage::delete);
            spares.clear();
        }
    }

    private static void delete(Path folder) {
        File[] notes = folder.toFile().listFiles();
        for (File note : notes == null ? new File[0] : notes) {
            note.delete();
        }
        folder.toFile().delete();
    }

    /** A song is generated once by each task that it goes on with, and not every task has an id. */
    private static String whose(ObjectNode song) {
        return NOTE
                + song.path("id").asText()
                + (song.path("sandbox").asBoolean() ? "~sandbox~" : "~")
                // no colons: Windows has none in names
                + song.path("generatedAt").asText().replace(':', '.');
    }

    private static Set<String> names(Path folder) throws IOException {
        String[] names = folder.toFile().list();
        if (names == null) {
            throw new IOException("The folder cannot be read: " + folder);
        }
        return Set.of(names);
    }

    /** What is in folders comes before them. */
    private static void deleteAll(Path file) throws IOException {
        try (Stream<Path> files = Files.walk(file)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
