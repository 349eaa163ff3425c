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
    private static final int LONGEST_SEGMENT = 255;
    private static final int HEADERS = 3;
    private static final int TAGS = 1;
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

    /** Of Vorbis: the first and the third packet, the second being its tags, and the pages after them, which begin anew. */
    static Sound sound(FileBytes file) throws IOException {
        Sound sound = new Sound();
        int packets = 0;
        for (long page = 0; page + PAGE_HEADER <= file.length(); page = afterPage(file, page)) {
            if (!file.has("OggS", page)) {
                throw new UnplayableException("its pages stop at byte " + page);
            }
            if (packets >= HEADERS) {
                // all but the number of the page and its checksum
                sound.part(page, page + 18).part(page + 26, afterPage(file, page));
            } else {
                packets = headers(file, page, packets, sound);
            }
        }
        return sound;
    }

    /** Adds what a page has of the codec's headers, of which so many have ended before it; returns how many have now. */
    private static int headers(FileBytes file, long page, int before, Sound sound) throws IOException {
        int packets = before;
        int segments = file.u8(page + PAGE_HEADER - 1);
        long at = page + PAGE_HEADER + segments;
        for (int i = 0; i < segments; i++) {
            int bytes = file.u8(page + PAGE_HEADER + i);
            if (packets != TAGS) {
                sound.part(at, at + bytes);
            }
            at += bytes;
            packets += bytes < LONGEST_SEGMENT ? 1 : 0;
        }
        return packets;
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
