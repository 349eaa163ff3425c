package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * How long a FLAC plays, by walking its frames from the first to the last.
 *
 * <p>A frame does not say how long it is, so the next one is searched for: it has to bear the next number and a right check
 * sum. A file with less sound than its STREAMINFO states was cut, is damaged or is encrypted, and is refused.
 */
final class Flac {

    private static final int FIRST_BLOCK = 4;
    private static final int BLOCK_HEADER = 4;
    private static final double WHOLE = 0.95;

    /** What a frame's header says; the number is that of the frame, or of its first sample where frames differ in size. */
    private record Frame(boolean numbersSamples, long number, int samples, int length) {}

    private Flac() {}

    static OptionalDouble seconds(FileBytes file) throws IOException {
        if ((file.u8(FIRST_BLOCK) & 0x7f) != 0) {
            throw new UnplayableException("it does not begin with its STREAMINFO");
        }
        // 20 bits of sample rate, 3 of channels, 5 of sample size, 36 of samples
        long numbers = file.bigEndian(FIRST_BLOCK + BLOCK_HEADER + 10, 8);
        long hertz = numbers >>> 44;
        long stated = numbers & 0xf_ffff_ffffL;
        long samples = samples(file, afterBlocks(file));
        if (samples == 0 || samples < stated * WHOLE) {
            throw new UnplayableException(
                    "it has sound for %d of %d samples; it may be protected or damaged".formatted(samples, stated));
        }
        return hertz == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) samples / hertz);
    }

    static Sound sound(FileBytes file) throws IOException {
        long info = FIRST_BLOCK + BLOCK_HEADER;
        return new Sound().part(info, info + file.bigEndian(FIRST_BLOCK + 1, 3)).part(afterBlocks(file), file.length());
    }

    private static long afterBlocks(FileBytes file) throws IOException {
        long position = FIRST_BLOCK;
        boolean last = false;
        while (!last) {
            last = (file.u8(position) & 0x80) != 0;
            position += BLOCK_HEADER + file.bigEndian(position + 1, 3);
        }
        return position;
    }

    private static long samples(FileBytes file, long first) throws IOException {
        long samples = 0;
        long frames = 0;
        long position = first;
        while (position < file.length()) {
            Frame frame = file.u8(position) == 0xff ? frameAt(file, position) : null;
            boolean isNext = frame != null && frame.number == (frame.numbersSamples ? samples : frames);
            if (isNext) {
                samples += frame.samples;
                frames++;
            }
            position += isNext ? frame.length : 1;
        }
        return samples;
    }

    /** RFC 9639, 9.1: the header of the frame that begins here, or null. */
    private static Frame frameAt(FileBytes file, long position) throws IOException {
        // the longest header is of 16 bytes, and a frame has more
        if (position + 16 > file.length() || (file.u8(position + 1) & 0xfe) != 0xf8) {
            return null;
        }
        int size = file.u8(position + 2) >> 4;
        int rate = file.u8(position + 2) & 15;
        int lead = file.u8(position + 4);
        // like UTF-8: as many bytes as the first one has leading ones, the further ones with six bits each
        int more = lead < 0x80 ? 0 : Integer.numberOfLeadingZeros(~(lead << 24)) - 1;
        long number = more == 0 ? lead : lead & (0x3f >> more);
        for (int i = 1; i <= more; i++) {
            number = number << 6 | file.u8(position + 4 + i) & 0x3f;
        }
        int at = 5 + more;
        int sizeBytes = size == 6 ? 1 : size == 7 ? 2 : 0;
        int rateBytes = rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0;
        int samples =
                switch (size) {
                    case 0 -> 0;
                    case 1 -> 192;
                    case 2, 3, 4, 5 -> 576 << size - 2;
                    case 6, 7 -> (int) file.bigEndian(position + at, sizeBytes) + 1;
                    default -> 256 << size - 8;
                };
        int length = at + sizeBytes + rateBytes;
        boolean isHeader = samples > 0 && crc8(file, position, length) == file.u8(position + length);
        return isHeader ? new Frame((file.u8(position + 1) & 1) == 1, number, samples, length + 1) : null;
    }

    private static int crc8(FileBytes file, long from, int length) throws IOException {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= file.u8(from + i);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc << 1 ^ ((crc & 0x80) == 0 ? 0 : 0x07)) & 0xff;
            }
        }
        return crc;
    }
}
