package io.camelody.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.audio.MediaTypes;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the files of clips on this machine: where the file sink put them, else where they wait for their sinks. Whatever the
 * ledger says, and wherever links lead, nothing outside of these two folders is found.
 */
public final class ClipFiles {

    private final SongCatalog songs;
    private final List<Path> folders;

    /**
     * @param delivered holds the folders of the file sink
     * @param stage holds the folders of clips that wait
     */
    public ClipFiles(SongCatalog songs, Path delivered, Path stage) {
        this.songs = songs;
        this.folders = List.of(delivered, stage);
    }

    /** @throws ProblemException 404 if there is no such song or clip, or it is not here */
    ClipFile audio(String songId, String number) {
        JsonNode clip = clip(songId, number);
        String name = clip.path("file").asText("");
        boolean isWhole = clip.hasNonNull("sha256");
        for (Path path : find(songId, clip, name)) {
            long size = path.toFile().length();
            boolean asFetched = isWhole && size == clip.path("bytes").asLong(-1);
            String tag = asFetched ? '"' + clip.path("sha256").asText() + '"' : tag(path, size);
            return served(path, size, tag, songId);
        }
        throw notHere(clip, number);
    }

    /** @throws ProblemException 404 if there is no such song or clip, or its cover is not here */
    ClipFile cover(String songId, String number) {
        JsonNode clip = clip(songId, number);
        for (Path path : find(songId, clip, clip.path("image").asText(""))) {
            long size = path.toFile().length();
            return served(path, size, tag(path, size), songId);
        }
        throw notHere(clip, number);
    }

    private JsonNode clip(String songId, String number) {
        Song song =
                songs.find(songId).orElseThrow(() -> new ProblemException(404, "not-found", "There is no such song."));
        JsonNode clip =
                number.matches("[1-9]\\d{0,3}") ? song.clips().path(Integer.parseInt(number) - 1) : song.clips();
        if (!clip.isObject()) {
            throw new ProblemException(
                    404,
                    "not-found",
                    "The song has %d clips, counted from 1."
                            .formatted(song.clips().size()));
        }
        return clip;
    }

    private List<Path> find(String songId, JsonNode clip, String name) {
        List<Path> found = new ArrayList<>();
        if (name.isEmpty()) {
            return found;
        }
        try {
            List<Path> places = new ArrayList<>();
            if (clip.path("places").hasNonNull("file")) {
                places.add(Path.of(clip.path("places").path("file").asText()).resolveSibling(name));
            }
            for (Path folder : folders) {
                places.add(folder.resolve(songId).resolve(name));
            }
            for (Path place : places) {
                realWithin(place).ifPresent(found::add);
            }
        } catch (InvalidPathException e) {
            // no name of a file
        }
        return found;
    }

    private Optional<Path> realWithin(Path place) {
        try {
            Path real = place.toRealPath();
            for (Path folder : folders) {
                if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath()) && Files.isRegularFile(real)) {
                    return Optional.of(real);
                }
            }
        } catch (IOException e) {
            // not here
        }
        return Optional.empty();
    }

    private static String tag(Path path, long size) {
        return "\"%x-%x\"".formatted(size, path.toFile().lastModified());
    }

    private static ClipFile served(Path path, long size, String tag, String songId) {
        String file = path.getFileName().toString();
        String name = (songId + "-" + file).replaceAll("[^A-Za-z0-9._-]", "_");
        return new ClipFile(path, size, tag, MediaTypes.ofName(file).orElse("application/octet-stream"), name);
    }

    private static ProblemException notHere(JsonNode clip, String number) {
        List<String> places = new ArrayList<>();
        for (Map.Entry<String, JsonNode> place : clip.path("places").properties()) {
            if (place.getValue().isTextual()) {
                places.add(place.getKey() + " has it at " + place.getValue().textValue());
            }
        }
        String where = places.isEmpty() ? "" : " " + String.join("; ", places) + ".";
        return new ProblemException(
                404, "not-here", "What is asked for of clip %s is not on this machine.%s".formatted(number, where));
    }
}
