package io.camelody.audio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is said about one clip of a song, for its tags, its file's name and lists.
 *
 * @param title as the request says, else as the written lyrics or the clip are called
 * @param style as the request says, else as the clip does
 * @param lyrics what is sung: as the vendor says, else as they were written or asked for
 * @param prompt the description that the song was made from
 * @param date the day, in UTC, on which the song was accepted, such as {@code 2026-11-20}
 */
public record ClipWords(
        String songId,
        String vendor,
        Optional<String> model,
        Optional<String> title,
        Optional<String> style,
        Optional<String> lyrics,
        Optional<String> prompt,
        String date) {

    private static final int DATE = "2026-11-20".length();

    /** @param song the song's document, as {@code song.json} has it */
    public static ClipWords of(JsonNode song, JsonNode clip) {
        JsonNode request = song.path("request");
        JsonNode written = song.path("written");
        String acceptedAt = song.path("acceptedAt").asText();
        return new ClipWords(
                song.path("id").asText(),
                song.path("vendor").asText(),
                first(clip.path("model"), request.path("model")),
                first(request.path("title"), written.path("title"), clip.path("title")),
                first(request.path("style"), clip.path("style")),
                first(clip.path("lyrics"), written.path("lyrics"), request.path("lyrics")),
                first(request.path("prompt"), request.path("writeLyrics"), request.at("/writeLyrics/prompt")),
                acceptedAt.substring(0, Math.min(DATE, acceptedAt.length())));
    }

    private static Optional<String> first(JsonNode... candidates) {
        return Stream.of(candidates)
                .map(ClipWords::text)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private static String text(JsonNode node) {
        if (!node.isArray()) {
            return node.asText("").strip();
        }
        List<String> parts = new ArrayList<>();
        node.forEach(part -> parts.add(part.asText("").strip()));
        return String.join(", ", parts);
    }
}
