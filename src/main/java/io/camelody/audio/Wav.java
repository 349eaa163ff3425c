package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How long a WAV plays: its sound bytes, as many as are there, by its bytes a second. A file with less sound than its header
 * states was cut, and is refused.
 */
final class Wav {

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final long UNKNOWN_FROM = 0x7ff0_0000L;
    private static final Set<String> TAGS = Set.of("LIST", "id3 ", "ID3 ");
    /** Whoever writes tags reads all but the sound into memory. */
    private static final long LARGEST_CHUNK = 16 << 20;

    private static final double WHOLE = 0.95;

    private Wav() {}

    static OptionalDouble seconds(FileBytes file) throws IOException {
        long position = FIRST_CHUNK;
        long bytesPerSecond = 0;
        while (!file.has("data", position)) {
            if (file.has("fmt ", position)) {
                bytesPerSecond = file.littleEndian(position + CHUNK_HEADER + 8, 4);
            }
            long size = file.littleEndian(position + 4, 4);
            position += CHUNK_HEADER + size + (size & 1);
        }
        long there = file.length() - position - CHUNK_HEADER;
        if (bytesPerSecond == 0 || there <= 0) {
            throw new UnplayableException("it has no sound");
        }
        // who writes a WAV as a stream does not know its size, and states 0 or the largest number, signed or not
        long stated = file.littleEndian(position + 4, 4);
        boolean known = stated > 0 && stated < UNKNOWN_FROM;
        if (known && there < stated * WHOLE) {
            throw new UnplayableException("it has %d of %d bytes of sound".formatted(there, stated));
        }
        long sound = known ? Math.min(stated, there) : there;
        return OptionalDouble.of((double) sound / bytesPerSecond);
    }

    static Sound sound(FileBytes file) throws IOException {
        Sound sound = new Sound();
        long position = FIRST_CHUNK;
        while (position + CHUNK_HEADER <= file.length()) {
            String name = file.text(position, 4);
            long size = file.littleEndian(position + 4, 4);
            long end = Math.min(position + CHUNK_HEADER + size, file.length());
            if (!name.equals("data") && size > LARGEST_CHUNK) {
                throw new UnplayableException("its chunk \"%s\" has %d bytes".formatted(name, size));
            }
            if (!TAGS.contains(name)) {
                sound.part(position, end);
            }
            position = end + (size & 1);
        }
        return sound;
    }
}
