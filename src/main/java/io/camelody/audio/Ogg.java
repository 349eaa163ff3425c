package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/** How long Vorbis or Opus in Ogg plays: the position that its last whole page states. Unknown for other codecs. */
final class Ogg {

    private static final int PAGE_HEADER = 27;
    private static final int LARGEST_PAGE = PAGE_HEADER + 255 + 255 * 255;
    private static final int OPUS_HERTZ = 48_000;

    private Ogg() {}

    static OptionalDouble seconds(FileBytes file) throws IOException {
        long end = lastPosition(file);
        if (end <= 0) {
            throw new UnplayableException("it has no sound");
        }
        long packet = PAGE_HEADER + file.u8(PAGE_HEADER - 1);
        if (file.has("OpusHead", packet)) {
            long skipped = file.littleEndian(packet + 10, 2);
            return OptionalDouble.of((double) Math.max(0, end - skipped) / OPUS_HERTZ);
        }
        if (file.has("\u0001vorbis", packet)) {
            long hertz = file.littleEndian(packet + 12, 4);
            return hertz == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) end / hertz);
        }
        return OptionalDouble.empty();
    }

    private static long lastPosition(FileBytes file) throws IOException {
        long serial = file.littleEndian(14, 4);
        long last = -1;
        // a cut page may hide the last whole one
        for (long at = Math.max(0, file.length() - 2L * LARGEST_PAGE); at + PAGE_HEADER <= file.length(); at++) {
            if (file.u8(at) == 'O'
                    && file.has("OggS", at)
                    && file.littleEndian(at + 14, 4) == serial
                    && isWhole(file, at)) {
                long position = file.littleEndian(at + 6, 8);
                // -1: no packet ends on that page
                last = position == -1 ? last : position;
            }
        }
        return last;
    }

    private static boolean isWhole(FileBytes file, long page) throws IOException {
        int segments = file.u8(page + PAGE_HEADER - 1);
        long end = page + PAGE_HEADER + segments;
        if (end > file.length()) {
            return false;
        }
        for (int i = 0; i < segments; i++) {
            end += file.u8(page + PAGE_HEADER + i);
        }
        return end <= file.length();
    }
}
