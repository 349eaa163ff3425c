package io.camelody.audio;

/**
 * Counts the bytes of a file that are no part of its sound's structure.
 *
 * <p>Encoders, taggers and cutters leave a little of it. Where the structure stops, what follows is encrypted or damaged,
 * and it plays as noise, if at all.
 */
final class Noise {

    private static final int ALWAYS = 8 * 1024;
    private static final int PART = 20;

    private final long length;
    private long bytes;

    Noise(long length) {
        this.length = length;
    }

    /** @throws UnplayableException if it is too much for a sound file of that length */
    void add(long position) throws UnplayableException {
        bytes++;
        if (bytes > ALWAYS + length / PART) {
            throw new UnplayableException(
                    "its sound stops before byte %d of %d; it may be protected or damaged".formatted(position, length));
        }
    }
}
