package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands in one place of a request file: something to check, or the reason why it could not be read.
 *
 * @param file the file, as it was found
 * @param line the line, or the number of the element of a JSON array, from 1; 1 in a file of one request
 * @param json null if it could not be read
 * @param raw the line itself, an element as JSON, a text file's text; of what is too long its first 1,000 characters;
 *     empty where a file as a whole could not be read
 * @param unreadable what was expected instead
 */
public record ReadItem(Path file, int line, JsonNode json, String raw, Optional<Problem> unreadable) {

    static ReadItem of(Path file, int line, JsonNode json, String raw) {
        return new ReadItem(file, line, json, raw, Optional.empty());
    }

    static ReadItem unreadable(Path file, int line, String raw, Problem problem) {
        return new ReadItem(file, line, null, raw, Optional.of(problem));
    }
}
