package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * How long an MP3 plays, by walking its frames from the first to the last.
 *
 * <p>The frame count in a Xing or VBRI header is not asked: it says how long the encoder meant the song to be, and stays
 * the same when half of the file is missing. A walk is right for constant and variable bit rates, and for files without
 * such a header. Tags before, between and after the frames are stepped over; a last frame that is cut does not count. What
 * is neither frame nor tag may be a little, as encoders and cutters leave it: more is encryption or damage, and refused.
 */
final class Mp3 {

    private static final int HEADER = 4;
    private static final int CONSECUTIVE = 3;
    // encoders and taggers leave some zeros before the first frame; more than this is another kind of file
    private static final long FIRST_WITHIN = 1 << 16;
    private static final int[] MPEG1_KBIT = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] MPEG2_KBIT = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] MPEG1_HERTZ = {44_100, 48_000, 32_000};

    /** What a frame's four bytes of header say. */
    private record Frame(int hertz, int samples, int length) {

        /** The frame with this header, or null if it is none of Layer III with a stated bit rate. */
        static Frame of(long header) {
            int version = (int) (header >> 19) & 3;
            int layer = (int) (header >> 17) & 3;
            int rate = (int) (header >> 12) & 15;
            int sampling = (int) (header >> 10) & 3;
            if (header >>> 21 != 0x7ff || version == 1 || layer != 1 || rate == 0 || rate == 15 || sampling == 3) {
                return null;
            }
            boolean mpeg1 = version == 3;
            int hertz = MPEG1_HERTZ[sampling] >> (mpeg1 ? 0 : version == 2 ? 1 : 2);
            int samples = mpeg1 ? 1152 : 576;
            int bits = (mpeg1 ? MPEG1_KBIT : MPEG2_KBIT)[rate] * 1000;
            int padding = (int) (header >> 9) & 1;
            return new Frame(hertz, samples, samples / 8 * bits / hertz + padding);
        }

        boolean isLike(Frame other) {
            return hertz == other.hertz && samples == other.samples;
        }
    }

    private Mp3() {}

    static boolean isFrameHeader(byte[] head) {
        return head.length >= HEADER
                && Frame.of((head[0] & 0xffL) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff)
                        != null;
    }

    static OptionalDouble seconds(FileBytes file) throws IOException {
        long position = firstFrame(file);
        if (position < 0) {
            throw new UnplayableException("it has no " + CONSECUTIVE + " MP3 frames in a row, and may be protected");
        }
        Noise noise = new Noise(file.length());
        double seconds = 0;
        boolean flows = true;
        Frame last = frameAt(file, position);
        while (position < file.length()) {
            Frame frame = frameAt(file, position);
            long afterTag = afterTag(file, position);
            if (frame != null && (flows && frame.isLike(last) || isRun(file, position))) {
                seconds += (double) frame.samples / frame.hertz;
                position += frame.length;
                last = frame;
                flows = true;
            } else if (afterTag > position) {
                position = afterTag;
            } else {
                noise.add(position);
                position++;
                flows = false;
            }
        }
        return OptionalDouble.of(seconds);
    }

    static Sound sound(FileBytes file) throws IOException {
        long first = firstFrame(file);
        return first < 0 ? new Sound() : new Sound().part(first, file.length());
    }

    /** Where the sound begins, behind all tags that stand before it; -1 if there is none. */
    static long firstFrame(FileBytes file) throws IOException {
        long start = afterTags(file);
        return findFrames(file, start, start + FIRST_WITHIN);
    }

    private static long afterTags(FileBytes file) throws IOException {
        long position = 0;
        for (long next = afterTag(file, 0); next > position; next = afterTag(file, position)) {
            position = next;
        }
        return position;
    }

    /** Where the tag that begins here ends; here, if there is none that the file holds. */
    private static long afterTag(FileBytes file, long position) throws IOException {
        long end = position;
        if (file.has("ID3", position) && position + 10 <= file.length()) {
            long size = 0;
            for (int i = 6; i < 10; i++) {
                size = size << 7 | file.u8(position + i) & 0x7f;
            }
            boolean footer = (file.u8(position + 5) & 0x10) != 0;
            end += 10 + size + (footer ? 10 : 0);
        } else if (file.has("APETAGEX", position) && position + 32 <= file.length()) {
            boolean header = (file.u8(position + 23) & 0x20) != 0;
            end += 32 + (header ? file.littleEndian(position + 12, 4) : 0);
        } else if (file.has("TAG", position)) {
            end += 128;
        }
        return end <= file.length() ? end : position;
    }

    /** Where the next run of frames begins, or -1. One header alone means little: any picture has some. */
    private static long findFrames(FileBytes file, long from, long to) throws IOException {
        for (long position = from; position < to && position + HEADER <= file.length(); position++) {
            if (file.u8(position) == 0xff && isRun(file, position)) {
                return position;
            }
        }
        return -1;
    }

    private static boolean isRun(FileBytes file, long position) throws IOException {
        Frame first = frameAt(file, position);
        long next = position;
        for (int i = 0; i < CONSECUTIVE; i++) {
            Frame frame = frameAt(file, next);
            if (frame == null || !frame.isLike(first)) {
                return false;
            }
            next += frame.length;
        }
        return true;
    }

    /** The frame that begins here and is whole, or null. */
    private static Frame frameAt(FileBytes file, long position) throws IOException {
        if (position + HEADER > file.length()) {
            return null;
        }
        Frame frame = Frame.of(file.bigEndian(position, HEADER));
        return frame != null && position + frame.length <= file.length() ? frame : null;
    }
}
