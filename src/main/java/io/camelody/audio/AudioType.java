package io.camelody.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Optional;

/** The kinds of audio that are delivered, told apart by their first bytes: a host's Content-Type is often wrong. */
public enum AudioType {
    MP3("mp3", "audio/mpeg"),
    WAV("wav", "audio/wav"),
    M4A("m4a", "audio/mp4"),
    FLAC("flac", "audio/flac"),
    OGG("ogg", "audio/ogg");

    /** How many of the first bytes {@link #ofFirstBytes} looks at. */
    static final int HEAD = 12;

    private final String suffix;
    private final String mediaType;

    AudioType(String suffix, String mediaType) {
        this.suffix = suffix;
        this.mediaType = mediaType;
    }

    /** The type that a file beginning like this has; the first 12 bytes are enough, and fewer may be too few. */
    public static Optional<AudioType> ofFirstBytes(byte[] head) {
        String text = new String(head, 0, Math.min(head.length, HEAD), ISO_8859_1);
        if (text.startsWith("RIFF") || text.startsWith("RF64")) {
            return text.startsWith("WAVE", 8) ? Optional.of(WAV) : Optional.empty();
        }
        if (text.startsWith("fLaC")) {
            return Optional.of(FLAC);
        }
        if (text.startsWith("OggS")) {
            return Optional.of(OGG);
        }
        if (text.startsWith("ftyp", 4)) {
            return isPicture(text.substring(8)) ? Optional.empty() : Optional.of(M4A);
        }
        if (text.startsWith("ID3") || Mp3.isFrameHeader(head)) {
            return Optional.of(MP3);
        }
        return Optional.empty();
    }

    static AudioType of(FileBytes file) throws IOException {
        return ofFirstBytes(file.head(HEAD))
                .orElseThrow(() -> new UnplayableException("it does not begin as any known type does"));
    }

    // HEIC and AVIF pictures come in the same container as M4A
    private static boolean isPicture(String brand) {
        return brand.startsWith("hei") || brand.startsWith("avi") || brand.startsWith("mif") || brand.startsWith("msf");
    }

    /** The file name's ending, without the dot. */
    public String suffix() {
        return suffix;
    }

    public String mediaType() {
        return mediaType;
    }
}
