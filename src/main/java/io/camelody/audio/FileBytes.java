package io.camelody.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes of a file by position, through a window of 64 KB, so that memory does not grow with the file; or of one that is in
 * memory still.
 *
 * <p>Reading past the end is an {@link UnplayableException}. An interrupt does not disturb it. For one thread.
 */
final class FileBytes implements AutoCloseable {

    private static final int WINDOW = 1 << 16;

    private final RandomAccessFile file;
    private final long length;
    private final byte[] window;
    private long from;
    private int filled;

    FileBytes(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        length = file.length();
        window = new byte[(int) Math.min(WINDOW, length)];
    }

    /** Of bytes that are in memory. */
    FileBytes(byte[] bytes, int length) {
        this.file = null;
        this.length = length;
        this.window = bytes;
        this.filled = length;
    }

    long length() {
        return length;
    }

    int u8(long position) throws IOException {
        if (position < from || position >= from + filled) {
            load(position);
        }
        return window[(int) (position - from)] & 0xff;
    }

    long bigEndian(long position, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | u8(position + i);
        }
        return value;
    }

    long littleEndian(long position, int bytes) throws IOException {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | u8(position + i);
        }
        return value;
    }

    boolean has(String ascii, long position) throws IOException {
        if (position + ascii.length() > length) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (u8(position + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text(long position, int bytes) throws IOException {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) u8(position + i);
        }
        return new String(text, ISO_8859_1);
    }

    /** The first bytes, at most so many. */
    byte[] head(int most) throws IOException {
        byte[] head = new byte[(int) Math.min(most, length)];
        for (int i = 0; i < head.length; i++) {
            head[i] = (byte) u8(i);
        }
        return head;
    }

    /** Whether so many bytes here are those there. Both have to have them. */
    boolean isSame(long at, FileBytes other, long otherAt, long bytes) throws IOException {
        if (at + bytes > length || otherAt + bytes > other.length) {
            return false;
        }
        long same = 0;
        while (same < bytes) {
            int some = (int) Math.min(Math.min(ahead(at + same), other.ahead(otherAt + same)), bytes - same);
            int here = (int) (at + same - from);
            int there = (int) (otherAt + same - other.from);
            if (!Arrays.equals(window, here, here + some, other.window, there, there + some)) {
                return false;
            }
            same += some;
        }
        return true;
    }

    /** How many bytes from there on are in the window. */
    private long ahead(long position) throws IOException {
        u8(position);
        return from + filled - position;
    }

    private void load(long position) throws IOException {
        if (position < 0 || position >= length) {
            throw new UnplayableException("it ends inside a header");
        }
        file.seek(position);
        from = position;
        filled = Math.max(0, file.read(window));
        if (filled == 0) {
            throw new UnplayableException("it became shorter while it was read");
        }
    }

    /** Of all of them, in lower-case hexadecimal. */
    String sha256() throws IOException {
        MessageDigest sha256 = AudioFile.newSha256();
        for (long position = 0; position < length; position = from + filled) {
            u8(position);
            sha256.update(window, (int) (position - from), filled - (int) (position - from));
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
