package io.camelody.audio;

import java.util.Map;

/** The media types of the files that clips and covers are kept in. */
public final class MediaTypes {

    private static final Map<String, String> IMAGES =
            Map.of("jpg", "image/jpeg", "png", "image/png", "webp", "image/webp", "gif", "image/gif");

    private MediaTypes() {}

    /** By a file name's ending, as {@link AudioType} and the covers' types give it. */
    public static String ofName(String name) {
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        for (AudioType type : AudioType.values()) {
            if (type.suffix().equals(suffix)) {
                return type.mediaType();
            }
        }
        return IMAGES.getOrDefault(suffix, "application/octet-stream");
    }
}
