package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * How long Vorbis or Opus in Ogg plays: the position that its last whole page states. Unknown for other codecs.
 *
 * <p>Pages are walked from the first to the last: a file whose pages stop in the middle is refused.
 */
final class Ogg {

    private static final int PAGE_HEADER = 27;
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
        Noise noise = new Noise(file.length());
        long serial = file.littleEndian(14, 4);
        long last = -1;
        long at = 0;
        while (at < file.length()) {
            if (!file.has("OggS", at)) {
                noise.add(at);
                at++;
                continue;
            }
            long next = afterPage(file, at);
            // -1: no packet ends on that page
            long position = next > file.length() ? -1 : file.littleEndian(at + 6, 8);
            if (position != -1 && file.littleEndian(at + 14, 4) == serial) {
                last = position;
            }
            at = next;
        }
        return last;
    }

    /** Where the page that begins here ends, which is beyond the end of a file that was cut. */
    private static long afterPage(FileBytes file, long page) throws IOException {
        long table = page + PAGE_HEADER;
        int segments = table > file.length() ? 0 : file.u8(table - 1);
        long end = table + segments;
        for (long segment = table; segment < table + segments && segment < file.length(); segment++) {
            end += file.u8(segment);
        }
        return end;
    }
}
