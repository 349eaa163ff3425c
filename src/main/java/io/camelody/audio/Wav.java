package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/** How long a WAV plays: its sound bytes, as many as are there, by its bytes a second. */
final class Wav {

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;

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
        // who writes a WAV as a stream does not know its size, and states 0 or the largest number
        long stated = file.littleEndian(position + 4, 4);
        long sound = stated == 0 ? there : Math.min(stated, there);
        return OptionalDouble.of((double) sound / bytesPerSecond);
    }
}
