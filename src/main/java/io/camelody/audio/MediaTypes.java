package io.camelody.audio;

import java.util.Arrays;
import java.util.Optional;

/** The media types of the files of a song, whose endings were made from their first bytes. */
public final class MediaTypes {

    /** Of plain bytes. */
    public static final String UNKNOWN = "application/octet-stream";

    private MediaTypes() {}

    /** By a file name's ending; that of plain bytes for what is neither audio nor a cover. */
    public static String ofName(String file) {
        String suffix = file.substring(file.lastIndexOf('.') + 1);
        Optional<String> audio = Arrays.stream(AudioType.values())
                .filter(type -> type.suffix().equals(suffix))
                .map(AudioType::mediaType)
                .findFirst();
        return audio.or(() -> Arrays.stream(ImageType.values())
                        .filter(type -> type.suffix().equals(suffix))
                        .map(ImageType::mediaType)
                        .findFirst())
                .orElse(UNKNOWN);
    }
}
