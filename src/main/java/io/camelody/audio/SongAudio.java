package io.camelody.audio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.audio.BrokenDownloadException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Fetches the clips of a song into a folder of its own in the home, where the sinks find them.
 *
 * <p>Each clip succeeds or fails by itself: a sound one gets {@code file, bytes, sha256, seconds}, another {@code error} and
 * {@code errorKind}, a word of {@link BrokenDownloadException.Kind}. What an earlier try has fetched of the
 * same task's clips is checked and kept, and what it has begun goes on. A clip that the vendor gave twice is fetched once. Covers are taken along and fail nothing.
 * A clip comes to its place finished, with its tags: what stands there is what the sinks get.
 * After an interrupt nothing more is asked for. Thread-safe.
 */
public final class SongAudio {

    /**
     * What one try came to.
     *
     * @param whole whether every clip is here
     * @param retryAfter the longest time that a host asked to be left alone for
     * @param interrupted whether the try was broken off, which says nothing about the clips that are not here
     */
    public record Fetched(boolean whole, Optional<Duration> retryAfter, boolean interrupted) {}

    private final AudioFetcher fetcher;
    private final Stage stage;
    private final Predicate<JsonNode> endedBadly;
    private final Finish finish;

    /**
     * @param stage holds a folder for each song that is on its way to its sinks
     * @param endedBadly whether the vendor says that a clip will never have audio, whatever URL stands beside it
     * @param finish gives clips their names and their tags
     */
    public SongAudio(AudioFetcher fetcher, Path stage, Predicate<JsonNode> endedBadly, Finish finish) {
        this.fetcher = fetcher;
        this.stage = new Stage(stage);
        this.endedBadly = endedBadly;
        this.finish = finish;
    }

    /**
     * Fetches what is missing and notes in each clip what became of it.
     *
     * @param song the song's document, changed in place; a clip that ended badly at the vendor is not missing, and
     *     neither is one that is here already
     * @throws UncheckedIOException if the disk does not take the song's folder
     */
    public Fetched fetch(ObjectNode song) {
        try (Stage.Place place = stage.open(song)) {
            return fetch(song, place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Fetched fetch(ObjectNode song, Stage.Place place) {
        boolean whole = true;
        Optional<Duration> retryAfter = Optional.empty();
        List<String> names = finish.names().of(song);
        int number = 0;
        for (JsonNode node : song.path("clips")) {
            number++;
            ObjectNode clip = (ObjectNode) node;
            forget(clip);
            Optional<String> nothing = nothingToFetch(song.path("clips"), number);
            if (nothing.isPresent()) {
                clip.put("error", nothing.get());
                continue;
            }
            Optional<BrokenDownloadException> broken = fetchClip(song, number, place, names.get(number - 1));
            whole &= broken.isEmpty();
            retryAfter = Stream.of(retryAfter, broken.flatMap(BrokenDownloadException::retryAfter))
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder());
        }
        return new Fetched(whole, retryAfter, Thread.currentThread().isInterrupted());
    }

    /** Where a song's clips and covers are, under the names that its document gives. */
    public Path folder(String songId) {
        return stage.folder(songId);
    }

    /** Forgets a song whose clips nobody waits for any more. What cannot be deleted is left. */
    public void clear(String songId) {
        stage.clear(songId);
    }

    /** Why there is nothing to fetch: the clip ended badly, or an earlier one that is here has its id or its URL. */
    private Optional<String> nothingToFetch(JsonNode clips, int number) {
        JsonNode clip = clips.path(number - 1);
        if (endedBadly.test(clip)) {
            return Optional.of("The vendor ended this clip as \"%s\"."
                    .formatted(clip.path("status").asText()));
        }
        for (int earlier = 1; earlier < number; earlier++) {
            JsonNode other = clips.path(earlier - 1);
            if (other.hasNonNull("file") && (isSame("id", clip, other) || isSame("audioUrl", clip, other))) {
                return Optional.of("The vendor gave clip %d once more.".formatted(earlier));
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(String field, JsonNode clip, JsonNode other) {
        return clip.hasNonNull(field) && clip.get(field).equals(other.get(field));
    }

    private static void forget(ObjectNode clip) {
        clip.remove(List.of("error", "errorKind", "file", "bytes", "sha256", "seconds"));
    }

    private Optional<BrokenDownloadException> fetchClip(ObjectNode song, int number, Stage.Place place, String name) {
        ObjectNode clip = (ObjectNode) song.path("clips").get(number - 1);
        try {
            Optional<AudioFile> before = AudioFile.existing(place.folder(), place.files(), name);
            if (before.isPresent()) {
                fetchCover(clip, place, name);
            }
            AudioFile audio = before.isPresent() ? before.get() : finished(song, number, place, name);
            clip.put("file", audio.file().getFileName().toString());
            clip.put("bytes", audio.bytes());
            clip.put("sha256", audio.sha256());
            audio.seconds().ifPresent(seconds -> {
                clip.put("seconds", Math.round(seconds * 1000) / 1000.0);
                if (!clip.hasNonNull("duration")) {
                    clip.put("duration", Math.round(seconds * 1000) / 1000.0);
                }
            });
            return Optional.empty();
        } catch (BrokenDownloadException e) {
            clip.put("error", e.getMessage());
            clip.put("errorKind", e.kind().toString());
            return Optional.of(e);
        }
    }

    /** Fetches a clip and its cover, and makes of them what the sinks get. */
    private AudioFile finished(ObjectNode song, int number, Stage.Place place, String name) {
        ObjectNode clip = (ObjectNode) song.path("clips").get(number - 1);
        String url = clip.path("audioUrl").asText("");
        return fetcher.fetchAudio(url, place.folder(), name, seconds(clip), (part, type) -> {
            Optional<Path> cover = fetchCover(clip, place, name);
            if (Thread.currentThread().isInterrupted()) {
                throw new BrokenDownloadException(
                        Kind.INTERRUPTED, "The fetch was interrupted.", "folder: " + place.folder());
            }
            finish.finish(part, type, ClipWords.of(song, clip), cover);
        });
    }

    private Optional<Path> fetchCover(ObjectNode clip, Stage.Place place, String name) {
        Optional<Path> here = Stream.of(ImageType.values())
                .map(type -> name + "." + type.suffix())
                .filter(place.files()::contains)
                .map(place.folder()::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
        String url = clip.path("imageUrl").asText("");
        clip.remove(List.of("image", "imageError"));
        if (here.isEmpty() && url.isBlank()) {
            return here;
        }
        try {
            Path cover = here.isPresent() ? here.get() : fetcher.fetchImage(url, place.folder(), name);
            clip.put("image", cover.getFileName().toString());
            return Optional.of(cover);
        } catch (BrokenDownloadException e) {
            clip.put("imageError", e.getMessage());
            return Optional.empty();
        }
    }

    private static OptionalDouble seconds(ObjectNode clip) {
        double stated = clip.path("duration").asDouble(0);
        return stated > 0 ? OptionalDouble.of(stated) : OptionalDouble.empty();
    }
}
