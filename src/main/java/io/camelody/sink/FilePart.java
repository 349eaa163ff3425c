package io.camelody.sink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A stretch of a file as what a request carries: read from the disk anew for each try and never held in memory. Not
 * thread-safe; closing closes what the last try has read.
 */
final class FilePart implements ContentStreamProvider, AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final long from;
    private final long length;
    private InputStream open = InputStream.nullInputStream();

    FilePart(Path file, long from, long length) {
        this.file = file;
        this.from = from;
        this.length = length;
    }

    long length() {
        return length;
    }

    /** The four bytes of the checksum that S3 calls CRC32. */
    byte[] crc32() throws IOException {
        CRC32 crc = new CRC32();
        read(crc::update);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    /** As it stands in the ETag of what is not encrypted with a key of its own. */
    String md5() throws IOException {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            read(md5::update);
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5.", e);
        }
    }

    /** A checksum as S3 writes it. */
    static String base64(byte[] checksum) {
        return Base64.getEncoder().encodeToString(checksum);
    }

    /**
     * Holds what the server says that it got against what was sent: its checksum, and where it knows none, the ETag, if that
     * looks like the MD5 that it is by itself.
     *
     * @param etag null where it is known to be something else
     * @throws S3FailedException if it got something else
     */
    void demandSame(S3Settings settings, String key, byte[] sent, String got, String etag) throws IOException {
        boolean same;
        if (got != null) {
            same = got.equals(base64(sent));
        } else {
            String plain = etag == null ? "" : etag.replace("\"", "");
            same = !plain.matches("[0-9a-f]{32}") || plain.equals(md5());
        }
        if (!same) {
            throw new S3FailedException("S3 got other bytes than were sent.", settings, key);
        }
    }

    @Override
    public InputStream newStream() {
        try {
            close();
            open = stream();
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        open.close();
    }

    private interface Taker {

        void take(byte[] buffer, int offset, int length);
    }

    private void read(Taker taker) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = stream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                taker.take(buffer, 0, read);
            }
        }
    }

    private InputStream stream() throws IOException {
        FileChannel channel = FileChannel.open(file);
        channel.position(from);
        return new Bounded(Channels.newInputStream(channel), length);
    }

    private static final class Bounded extends FilterInputStream {

        private long left;

        Bounded(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = left == 0 ? -1 : super.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(super.available(), left);
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(Math.min(bytes, left));
            left -= skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
