package io.camelody.audio;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A file on its way to disk, under a name that nobody takes for the result.
 *
 * <p>It gets its final name only when all its bytes are on the disk itself, so what stands under a final name is whole,
 * even after a power cut. Closed before that, it is deleted; one that a crash left behind is overwritten. An interrupt
 * does not disturb it. For one thread.
 */
final class PartFile implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final FileOutputStream out;
    private final MessageDigest sha256 = newSha256();
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] head = new byte[AudioType.HEAD];
    private int buffered;
    private long bytes;

    PartFile(Path path) throws IOException {
        this.path = path;
        this.out = new FileOutputStream(path.toFile());
    }

    Path path() {
        return path;
    }

    long bytes() {
        return bytes;
    }

    /** The first bytes, as many as tell a type. */
    byte[] head() {
        return Arrays.copyOf(head, (int) Math.min(bytes, head.length));
    }

    void write(ByteBuffer piece) throws IOException {
        for (int i = 0; i < piece.remaining() && bytes + i < head.length; i++) {
            head[(int) bytes + i] = piece.get(piece.position() + i);
        }
        bytes += piece.remaining();
        while (piece.hasRemaining()) {
            if (buffered == BUFFER) {
                flush();
            }
            int some = Math.min(piece.remaining(), BUFFER - buffered);
            piece.get(buffer, buffered, some);
            buffered += some;
        }
    }

    private void flush() throws IOException {
        sha256.update(buffer, 0, buffered);
        out.write(buffer, 0, buffered);
        buffered = 0;
    }

    /** Ends the writing, so that the file can be looked into; returns its SHA-256. */
    String finish() throws IOException {
        flush();
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Brings the finished file to the disk itself and gives it its final name, in place of what may stand there. */
    void renameTo(Path place) throws IOException {
        out.getFD().sync();
        out.close();
        Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
        // Windows cannot open folders, and needs it less
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            sync(place.toAbsolutePath().getParent());
        }
    }

    /** Makes a rename safe from a power cut. An interrupt closes the channel and comes too late to undo the rename. */
    private static void sync(Path folder) throws IOException {
        boolean interrupted = false;
        boolean done = false;
        try {
            while (!done) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(path);
        }
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
