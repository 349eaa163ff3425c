package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.audio.MediaTypes;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;

/**
 * What an earlier delivery of a song has left in its folder and the newest does not have: clips of another type or name, of a
 * task that was made again.
 *
 * <p>The old {@code song.json} is kept beside until they are gone, so that a process that dies in between has the next delivery
 * end it. Nothing is deleted that Camelody has not put there by that name, whatever else lies in the folder.
 */
final class FormerFiles {

    private final Path folder;
    private final Path document;
    private final Path old;

    FormerFiles(Path folder) {
        this.folder = folder;
        this.document = folder.resolve("song.json");
        this.old = folder.resolve("song.json.old");
    }

    /** Before {@code song.json} is replaced: keeps the old one if it names files that the new one does not. */
    void note(JsonNode song) throws IOException {
        if (Files.exists(document) && !names(song).containsAll(names(read(document)))) {
            Path part = folder.resolve("song.json.old.part");
            Files.copy(document, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, old, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * When {@code song.json} is replaced, and before the first file of a next delivery comes, should the last one have died
     * here: deletes what it does not name and the old one did.
     */
    void delete() throws IOException {
        if (!Files.exists(old)) {
            return;
        }
        Set<String> present = names(read(document));
        for (String name : names(read(old))) {
            Path former = folder.resolve(name);
            if (Files.exists(former) && !isOneOf(present, former)) {
                Files.delete(former);
            }
        }
        Files.delete(old);
    }

    /** Many a file system has one file by two names that differ in case, or in how a letter is composed. */
    private boolean isOneOf(Set<String> present, Path former) throws IOException {
        for (String name : present) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && Files.isSameFile(file, former)) {
                return true;
            }
        }
        return false;
    }

    /** A document that somebody has edited out of shape names nothing. */
    private static JsonNode read(Path document) throws IOException {
        try {
            return Json.parse(Files.readString(document));
        } catch (RuntimeException e) {
            return Json.object();
        }
    }

    private static Set<String> names(JsonNode song) {
        Set<String> names = new HashSet<>();
        for (JsonNode clip : song.path("clips")) {
            for (String member : new String[] {"file", "image"}) {
                String name = clip.path(member).asText("");
                boolean isPlain = !name.contains("/") && !name.contains("\\");
                if (isPlain && !MediaTypes.ofName(name).equals(MediaTypes.UNKNOWN)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
