package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.audio.SongFolder;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The {@code file} sink: a folder a song, with its clips, covers and {@code song.json}.
 *
 * <p>{@code song.json} is written last, by rename, after everything else is on the disk: where it stands, the song is whole.
 * Delivering the same song again writes the same folder again, and of another task's clips leaves nothing; a folder that somebody deleted is made again. Thread-safe for
 * different songs.
 */
public final class FolderSink {

    private final Path songs;
    private final Path stage;

    /**
     * @param songs holds the folders of delivered songs
     * @param stage holds the folders of fetched clips
     */
    public FolderSink(Path songs, Path stage) {
        this.songs = songs;
        this.stage = stage;
    }

    /**
     * @param song the song's document
     * @return where each of its sound clips is now, in their order
     * @throws IOException if the disk does not take them; nothing is lost by trying again
     */
    public ArrayNode deliver(ObjectNode song) throws IOException {
        try {
            return write(song);
        } catch (IOException e) {
            // a file system's own message may be no more than a path
            throw new IOException(
                    "The song could not be put into a folder of its own: %s (folder: %s)".formatted(e, songs), e);
        }
    }

    private ArrayNode write(ObjectNode song) throws IOException {
        String id = song.path("id").textValue();
        Path from = stage.resolve(id);
        Path to = SongFolder.make(songs, id);
        FormerFiles former = new FormerFiles(to);
        former.delete();
        ArrayNode places = Json.MAPPER.createArrayNode();
        for (JsonNode clip : song.path("clips")) {
            if (clip.hasNonNull("file")) {
                places.add(put(from, to, clip.path("file").textValue()));
            }
            if (clip.hasNonNull("image")) {
                put(from, to, clip.path("image").textValue());
            }
        }
        byte[] document =
                Json.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(song);
        Path part = to.resolve("song.json.part");
        Files.write(
                part,
                document,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        former.note(song);
        // the names of the clips too, before the one that says that they are there
        force(to);
        Files.move(part, to.resolve("song.json"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(to);
        force(songs);
        former.delete();
        return places;
    }

    /** A second name for the same bytes where the file system can, else a copy. */
    private static String put(Path from, Path to, String name) throws IOException {
        Path target = to.resolve(name);
        Path source = from.resolve(name);
        try {
            Files.createLink(target, source);
        } catch (IOException | UnsupportedOperationException e) {
            if (!Files.exists(target) || !Files.isSameFile(source, target)) {
                replace(target, source);
            }
        }
        return target.toAbsolutePath().normalize().toString();
    }

    private static void replace(Path target, Path source) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.deleteIfExists(part);
        try {
            Files.createLink(part, source);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
            force(part);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path file) throws IOException {
        boolean folder = Files.isDirectory(file);
        if (folder && System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(file, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
