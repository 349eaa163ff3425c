package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is to be answered.
 *
 * @param from the first byte of the body that is sent, and {@code to} the first that is not
 * @param grows the body is a file that is still being written: its length is not announced
 */
record Answer(int status, Map<String, String> headers, Blob body, long from, long to, boolean grows) {

    static Answer of(int status, String contentType, Blob body) {
        return new Answer(status, Map.of("Content-Type", contentType), body, 0, body.length(), false);
    }

    static Answer json(int status, JsonNode json) {
        return text(status, "application/json", Json.write(json));
    }

    static Answer text(int status, String contentType, String text) {
        return of(status, contentType, Blob.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    Answer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, from, to, grows);
    }

    long length() {
        return to - from;
    }

    /** The same behind these bytes. */
    Answer after(Blob before) {
        Blob both = Blob.of(
                Stream.of(before, body).flatMap(blob -> blob.pieces().stream()).toList());
        return new Answer(status, headers, both, from, before.length() + to, grows);
    }

    /** The first half of the body, as if that were all. */
    Answer half() {
        return new Answer(status, headers, body, from, from + length() / 2, false);
    }
}
