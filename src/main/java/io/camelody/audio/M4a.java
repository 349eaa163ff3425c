package io.camelody.audio;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How long an M4A plays, by its movie header; unknown where it is made of fragments.
 *
 * <p>That header may come first and outlive a cut, so a file that ends before its sound does is refused. So is one that
 * says that it is encrypted: it plays for nobody without a key.
 */
final class M4a {

    private static final Set<String> CONTAINERS = Set.of("moov", "trak", "mdia", "minf", "stbl", "moof");
    // the deepest of them, stbl, in the other four
    private static final int DEEPEST = 5;
    // of Common Encryption and of FairPlay
    private static final Set<String> PROTECTED = Set.of("enca", "encv", "drms", "drmi");
    private static final int LARGEST_DESCRIPTION = 1 << 16;

    private final FileBytes file;
    private boolean header;
    private boolean sound;
    private boolean soundTrack;
    private OptionalDouble seconds = OptionalDouble.empty();

    private M4a(FileBytes file) {
        this.file = file;
    }

    static OptionalDouble seconds(FileBytes file) throws IOException {
        M4a m4a = new M4a(file);
        m4a.walk(0, file.length(), 0);
        if (!m4a.header || !m4a.sound || !m4a.soundTrack) {
            throw new UnplayableException("it has no sound, or does not say how to play it");
        }
        return m4a.seconds;
    }

    private void walk(long from, long to, int depth) throws IOException {
        long position = from;
        while (position + 8 <= to) {
            String type = file.text(position + 4, 4);
            long size = file.bigEndian(position, 4);
            int head = 8;
            if (size == 1) {
                size = file.bigEndian(position + 8, 8);
                head = 16;
            } else if (size == 0) {
                size = to - position;
            }
            if (size < head || size > to - position) {
                // some encoders leave junk behind the last box
                if (header && sound && !type.equals("mdat") && !type.equals("moov") && !type.equals("moof")) {
                    return;
                }
                throw new UnplayableException("it ends inside its sound or its header");
            }
            box(type, position + head, position + size, depth);
            position += size;
        }
    }

    private void box(String type, long from, long to, int depth) throws IOException {
        if (CONTAINERS.contains(type) && depth < DEEPEST) {
            header |= type.equals("moov");
            walk(from, to, depth + 1);
        }
        switch (type) {
            case "mdat" -> sound |= to > from;
            case "hdlr" -> soundTrack |= file.has("soun", from + 8);
            case "mvhd" ->
                seconds = file.u8(from) == 0
                        ? ratio(file.bigEndian(from + 16, 4), file.bigEndian(from + 12, 4))
                        : ratio(file.bigEndian(from + 24, 8), file.bigEndian(from + 20, 4));
            case "stsd" -> requireClear(from, Math.min(to, from + LARGEST_DESCRIPTION));
            case "pssh" -> throw isProtected();
            default -> {}
        }
    }

    /** A sample description names the codec, or what hides it, which has its key's whereabouts in a box sinf. */
    private void requireClear(long from, long to) throws IOException {
        if (to - from >= 16 && PROTECTED.contains(file.text(from + 12, 4))) {
            throw isProtected();
        }
        for (long at = from; at + 4 <= to; at++) {
            if (file.has("sinf", at)) {
                throw isProtected();
            }
        }
    }

    private static UnplayableException isProtected() {
        return new UnplayableException("it is protected (DRM) and plays only with a key");
    }

    private static OptionalDouble ratio(long duration, long timescale) {
        boolean unknown = duration <= 0 || duration == 0xffff_ffffL || timescale == 0;
        return unknown ? OptionalDouble.empty() : OptionalDouble.of((double) duration / timescale);
    }
}
