package io.camelody.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a receiver is told.
 *
 * @param type such as {@code song.failed}
 * @param at when it happened, or a song that is delivered was made; the same for each try
 * @param song the song's document
 */
record Event(String type, String at, ObjectNode song) {

    static final String DELIVERED = "song.delivered";

    /** The same for each try, over restarts too, and for no other event. Receivers drop what they have had by it. */
    String id() {
        String world = song.path("sandbox").asBoolean() ? "sandbox" : "real";
        String all = String.join(" ", type, at, world, song.path("id").asText());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
            return "msg_" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** @param publicUrl where the song can be looked at; empty: there are no links */
    byte[] body(Optional<String> publicUrl) {
        ObjectNode data = song.deepCopy();
        publicUrl.ifPresent(
                url -> addLinks(data, url + "/songs/" + song.path("id").asText()));
        ObjectNode body = Json.object().put("type", type).put("timestamp", timestamp());
        body.set("data", data);
        return Json.write(body).getBytes(UTF_8);
    }

    /** A delivery may come long after the song was made, which is what its id is of. */
    private String timestamp() {
        return type.equals(DELIVERED) ? song.path("finishedAt").asText(at) : at;
    }

    private static void addLinks(ObjectNode data, String self) {
        ArrayNode audio = data.putObject("links").put("self", self).putArray("audio");
        int number = 0;
        for (JsonNode clip : data.path("clips")) {
            number++;
            if (clip.path("places").hasNonNull("file")) {
                audio.add("%s/clips/%d/audio".formatted(self, number));
            }
        }
    }
}
