package io.camelody.component;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a {@code song:} endpoint does. */
public enum SongOperation {
    REQUEST,
    GENERATE,
    ACCEPTED,
    SUBMITTED,
    GENERATED,
    FINISHED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static SongOperation of(String word) {
        return Arrays.stream(values())
                .filter(operation -> operation.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("Expected song: to be followed by one of %s, got: \"%s\"."
                                .formatted(
                                        Arrays.stream(values())
                                                .map(SongOperation::word)
                                                .collect(Collectors.joining(", ")),
                                        word)));
    }
}
