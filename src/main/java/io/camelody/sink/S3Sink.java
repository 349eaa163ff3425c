package io.camelody.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.audio.MediaTypes;
import io.camelody.request.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The {@code s3} sink's clips: each goes up with its cover under {@code <prefix><song id>/<file>}, by itself, so that one
 * that fails holds no other up. Delivering a song again writes the same keys again, but for the clips that say that they are
 * there. Thread-safe for different songs.
 */
public final class S3Sink {

    private static final int LONGEST_TITLE = 300;

    private final S3Store store;
    private final S3Settings settings;

    public S3Sink(S3Store store, S3Settings settings) {
        this.store = store;
        this.settings = settings;
    }

    /**
     * Reads the song's document, and its files from the variable {@code folder}. Leaves where each of its sound clips is now, in their order, or {@code {error}} in the place
     * of one that is not there. Sets the variable {@code document} to the song with these places once all are there, and not
     * before: it is what {@code song.json} becomes.
     */
    public void deliver(Exchange exchange) {
        ObjectNode song = exchange.getMessage().getBody(ObjectNode.class).deepCopy();
        Path folder = Path.of(exchange.getVariable("folder", String.class));
        ArrayNode places = Json.MAPPER.createArrayNode();
        boolean whole = true;
        int number = 0;
        for (JsonNode clip : song.path("clips")) {
            number++;
            if (clip.hasNonNull("file")) {
                JsonNode place = place(song, (ObjectNode) clip, number, folder);
                places.add(place);
                whole &= place.isTextual();
                ((ObjectNode) clip).withObject("/places").set("s3", place);
            }
        }
        exchange.getMessage().setBody(places);
        if (whole) {
            exchange.setVariable("document", song);
        }
    }

    /** Of every object of a song. */
    public Map<String, String> metadata(@Variable("songId") String songId) {
        return Map.of("song-id", songId);
    }

    /** Looks at {@code song.json} as at any file. */
    public void confirm(@Body byte[] sent, @Variable("songId") String songId) {
        store.confirm(documentKey(songId), sent);
    }

    /** Says in an operator's words why {@code song.json} is not there, beside the place of the first clip: all of them are there. */
    public void explain(
            @ExchangeException RuntimeException failure,
            @Variable("songId") String songId,
            @Variable("places") ArrayNode places) {
        RuntimeException explained = failure instanceof SdkException answer
                ? new S3FailedException(answer, settings, documentKey(songId))
                : failure;
        ObjectNode first = Json.object().put("error", explained.getMessage());
        first.set("place", places.get(0));
        places.set(0, first);
    }

    private String documentKey(String songId) {
        return settings.prefix() + songId + "/song.json";
    }

    private JsonNode place(ObjectNode song, ObjectNode clip, int number, Path folder) {
        JsonNode before = clip.at("/places/s3");
        if (before.isTextual()) {
            return before;
        }
        try {
            String id = song.path("id").textValue();
            String key = put(id, folder.resolve(clip.path("file").textValue()), metadata(song, clip, number));
            if (clip.hasNonNull("image")) {
                put(id, folder.resolve(clip.path("image").textValue()), Map.of("song-id", id));
            }
            return Json.MAPPER.getNodeFactory().textNode("s3://%s/%s".formatted(settings.bucket(), key));
        } catch (IOException | S3FailedException e) {
            return Json.object().put("error", e instanceof IOException ? e.toString() : e.getMessage());
        }
    }

    private String put(String id, Path file, Map<String, String> metadata) throws IOException {
        String name = file.getFileName().toString();
        String key = "%s%s/%s".formatted(settings.prefix(), id, name);
        store.put(key, file, MediaTypes.ofName(name), metadata);
        return key;
    }

    private static Map<String, String> metadata(ObjectNode song, ObjectNode clip, int number) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("song-id", song.path("id").asText());
        metadata.put("vendor", song.path("vendor").asText());
        metadata.put("clip", Integer.toString(number));
        if (clip.hasNonNull("sha256")) {
            metadata.put("sha256", clip.path("sha256").asText());
        }
        String title = clip.path("title").asText(song.at("/request/title").asText(""));
        if (!title.isBlank()) {
            metadata.put("title", ascii(title));
        }
        return metadata;
    }

    /** What is no plain ASCII is written as in a URL, {@code %C3%A9}, and so is a percent sign. */
    static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        for (int point : text.strip().codePoints().toArray()) {
            StringBuilder next = new StringBuilder();
            if (point >= ' ' && point < 0x7f && point != '%') {
                next.appendCodePoint(point);
            } else {
                for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    next.append("%%%02X".formatted(b));
                }
            }
            if (ascii.length() + next.length() > LONGEST_TITLE) {
                break;
            }
            ascii.append(next);
        }
        return ascii.toString();
    }
}
