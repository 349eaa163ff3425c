package io.camelody.audio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of an audio file that its sound is made of: what whoever writes tags into it has to leave as they are.
 *
 * <p>For MP3 everything from the first frame on; for FLAC the STREAMINFO and the frames; for WAV each chunk but the lists of
 * tags; for Ogg the headers of the codec and each page of sound but for its number and checksum; for M4A the media, the tracks,
 * and where in the media each chunk of a track begins.
 */
public final class Sound {

    private record Part(long from, long bytes) {}

    private final List<Part> parts = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();

    Sound() {}

    /**
     * Whether two files play the same to the last bit.
     *
     * @throws IOException if one cannot be read, or is not built as audio is
     */
    public static boolean isSame(Path one, Path other) throws IOException {
        try (FileBytes first = new FileBytes(one);
                FileBytes second = new FileBytes(other)) {
            AudioType type = AudioType.of(first);
            if (AudioType.of(second) != type) {
                return false;
            }
            Sound sound = of(type, first);
            Sound otherSound = of(type, second);
            if (sound.parts.size() != otherSound.parts.size() || !sound.numbers.equals(otherSound.numbers)) {
                return false;
            }
            for (int i = 0; i < sound.parts.size(); i++) {
                Part part = sound.parts.get(i);
                Part otherPart = otherSound.parts.get(i);
                if (part.bytes != otherPart.bytes || !first.isSame(part.from, second, otherPart.from, part.bytes)) {
                    return false;
                }
            }
            return !sound.parts.isEmpty();
        }
    }

    /** How many bytes of a file are no part of its sound: its tags, and little else. */
    static long besides(Path file) throws IOException {
        try (FileBytes bytes = new FileBytes(file)) {
            Sound sound = of(AudioType.of(bytes), bytes);
            return bytes.length() - sound.parts.stream().mapToLong(Part::bytes).sum();
        }
    }

    private static Sound of(AudioType type, FileBytes file) throws IOException {
        return switch (type) {
            case MP3 -> Mp3.sound(file);
            case WAV -> Wav.sound(file);
            case M4A -> M4aSound.of(file);
            case FLAC -> Flac.sound(file);
            case OGG -> Ogg.sound(file);
        };
    }

    /** Adds the bytes between two positions. */
    Sound part(long from, long to) {
        parts.add(new Part(from, to - from));
        return this;
    }

    /** Adds what the file says in a number that may be written in other bytes. */
    void number(long number) {
        numbers.add(number);
    }
}
