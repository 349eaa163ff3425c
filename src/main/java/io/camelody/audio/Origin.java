package io.camelody.audio;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Which version of which file the bytes of a {@code .part} are from: what must be known to continue it.
 *
 * <p>It stands beside the part, in {@code NAME.part.json}, from before the first byte does. A host that gives no length, no
 * ranges or no strong validator leaves none, and neither does a growing stream; their parts are never continued.
 *
 * @param url as the vendor gave it
 * @param validator a strong ETag with its quotes, or a Last-Modified as the host wrote it
 * @param length of the whole file
 */
record Origin(String url, String validator, long length) {

    private static final int LARGEST_NOTE = 1 << 16;

    /** @throws IllegalArgumentException if this cannot be what {@link #of} once gave */
    Origin {
        if (length <= 0 || !validator.matches("[ -~]+")) {
            throw new IllegalArgumentException("Expected a length and a validator, got: " + length + ", " + validator);
        }
    }

    /** Empty where the file could not be continued from its host. */
    static Optional<Origin> of(AudioUrl source, Answer answer) {
        long length = answer.length().orElse(0);
        // what is smaller is not worth a note
        return length > PartFile.BLOCK && answer.offersRanges()
                ? answer.strongValidator()
                        .map(validator -> new Origin(source.uri().toString(), validator, length))
                : Optional.empty();
    }

    /** Reads a note. One that is damaged is as good as none. */
    static Optional<Origin> read(Path note) throws IOException {
        // an interrupt would close a channel
        try (InputStream in = new FileInputStream(note.toFile())) {
            JsonNode json = Json.parse(new String(in.readNBytes(LARGEST_NOTE), StandardCharsets.UTF_8));
            return Optional.of(new Origin(
                    json.path("url").asText(),
                    json.path("validator").asText(),
                    json.path("length").asLong()));
        } catch (FileNotFoundException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Writes a note, in place of what may stand there. After a power cut it is whole or not there. */
    void write(Path note) throws IOException {
        String json = Json.write(
                Json.object().put("url", url).put("validator", validator).put("length", length));
        Path draft = note.resolveSibling(note.getFileName() + ".new");
        try {
            try (FileOutputStream out = new FileOutputStream(draft.toFile())) {
                out.write(json.getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    boolean hasTag() {
        return validator.startsWith("\"");
    }
}
