package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;

/** How long a FLAC plays, by its STREAMINFO block; unknown where it was written as a stream. */
final class Flac {

    private static final int FIRST_BLOCK = 4;
    private static final int BLOCK_HEADER = 4;

    private Flac() {}

    static OptionalDouble seconds(FileBytes file) throws IOException {
        if ((file.u8(FIRST_BLOCK) & 0x7f) != 0) {
            throw new UnplayableException("it does not begin with its STREAMINFO");
        }
        long position = FIRST_BLOCK;
        boolean last = false;
        while (!last) {
            last = (file.u8(position) & 0x80) != 0;
            position += BLOCK_HEADER + file.bigEndian(position + 1, 3);
        }
        // the first frame begins with fourteen ones
        if (file.u8(position) != 0xff || (file.u8(position + 1) & 0xfc) != 0xf8) {
            throw new UnplayableException("it has no sound");
        }
        // 20 bits of sample rate, 3 of channels, 5 of sample size, 36 of samples
        long numbers = file.bigEndian(FIRST_BLOCK + BLOCK_HEADER + 10, 8);
        long hertz = numbers >>> 44;
        long samples = numbers & 0xf_ffff_ffffL;
        return hertz == 0 || samples == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) samples / hertz);
    }
}
