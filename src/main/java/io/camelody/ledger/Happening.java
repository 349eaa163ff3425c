package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a song.
 *
 * @param number in the order of all that happened in the ledger; a number never comes twice
 * @param state the state that the song has come to, or {@link #STREAMING}
 * @param reason why it failed
 * @param acceptedAt when the song was accepted, which is its place in a list
 * @param vendor who makes the song, and {@code title} what it is called, both as the ledger has them now
 */
public record Happening(
        long number,
        String songId,
        String state,
        Optional<String> reason,
        Instant at,
        Instant acceptedAt,
        String vendor,
        Optional<String> title) {

    /** No state: the song can be heard, while its task is still at work on it. */
    public static final String STREAMING = "streaming";

    /** What a subscriber is told. */
    public ObjectNode document() {
        ObjectNode document = Json.object();
        document.put("number", number);
        document.put("id", songId);
        document.put("state", state);
        reason.ifPresent(word -> document.put("reason", word));
        document.put("vendor", vendor);
        title.ifPresent(words -> document.put("title", words));
        document.put("acceptedAt", acceptedAt.toString());
        return document.put("at", at.toString());
    }
}
