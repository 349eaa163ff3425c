package io.camelody.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** The kinds of cover image that are kept, told apart by their first bytes. */
enum ImageType {
    JPEG("jpg", "image/jpeg"),
    PNG("png", "image/png"),
    WEBP("webp", "image/webp"),
    GIF("gif", "image/gif");

    private final String suffix;
    private final String mediaType;

    ImageType(String suffix, String mediaType) {
        this.suffix = suffix;
        this.mediaType = mediaType;
    }

    static Optional<ImageType> ofFirstBytes(byte[] head) {
        String text = new String(head, ISO_8859_1);
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return Optional.of(WEBP);
        }
        return text.startsWith("GIF8") ? Optional.of(GIF) : Optional.empty();
    }

    String suffix() {
        return suffix;
    }

    String mediaType() {
        return mediaType;
    }
}
