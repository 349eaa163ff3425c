package io.camelody.audio;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file on its way to disk, under a name that nobody takes for the result.
 *
 * <p>It gets its final name only when all its bytes are on the disk itself, so what stands under a final name is whole,
 * even after a power cut. Closed before that, it is deleted with its note, unless it is to be kept and has one. An interrupt
 * does not disturb it. For one thread.
 *
 * <p>A part with a note of its {@link Origin} is brought to the disk itself at the end of each {@link #BLOCK}, before a byte
 * of the next one is written. So whatever happened to the machine, all blocks but the last of those that its length shows
 * are as they came, and from there it is continued.
 */
final class PartFile implements AutoCloseable {

    /** How much may have to be fetched twice. A whole number of buffers. */
    static final int BLOCK = 1 << 19;

    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final Path note;
    private final RandomAccessFile file;
    private final MessageDigest sha256 = newSha256();
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] head = new byte[AudioType.HEAD];
    private int buffered;
    private long bytes;
    private boolean noted;
    private boolean kept;

    /** Opens what an earlier fetch may have left; {@link #begin} or {@link #continueWith} comes before any byte. */
    PartFile(Path path) throws IOException {
        this.path = path;
        this.note = path.resolveSibling(path.getFileName() + ".json");
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** What is missing of a file that an earlier fetch began; empty if nothing here can be trusted. */
    Optional<Rest> rest() throws IOException {
        long there = file.length();
        long from = (there - 1) / BLOCK * BLOCK;
        return from <= 0
                ? Optional.empty()
                : Origin.read(note).filter(origin -> there <= origin.length()).map(origin -> new Rest(origin, from));
    }

    /** Starts with the first byte, and notes where it comes from, if that is known. */
    void begin(Optional<Origin> origin) throws IOException {
        // or, after a power cut, an old note might vouch for new bytes, or a new one for old bytes
        forgetOrigin();
        if (file.length() > 0) {
            file.setLength(0);
            file.getFD().sync();
        }
        noted = origin.isPresent();
        if (noted) {
            origin.get().write(note);
        }
    }

    /** Goes on behind what is here already; from now on all is as if it had been written just now. */
    void continueWith(Rest rest) throws IOException {
        noted = true;
        file.seek(0);
        while (bytes < rest.from()) {
            file.readFully(buffer);
            sha256.update(buffer);
            if (bytes == 0) {
                System.arraycopy(buffer, 0, head, 0, head.length);
            }
            bytes += BUFFER;
        }
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
        file.write(buffer, 0, buffered);
        buffered = 0;
        if (noted && file.getFilePointer() % BLOCK == 0) {
            file.getFD().sync();
        }
    }

    /** Ends the writing, so that the file can be looked into; returns its SHA-256. */
    String finish() throws IOException {
        flush();
        return HexFormat.of().formatHex(sha256.digest());
    }

    /**
     * Brings the finished file to the disk itself and gives it its final name, in place of what may stand there. The name
     * itself may be lost in a power cut: then the file is a part again, and the next fetch ends it.
     */
    void renameTo(Path place) throws IOException {
        file.getFD().sync();
        file.close();
        Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(note);
    }

    /** Leaves the part for a later fetch to continue, when it is closed. */
    void keep() {
        kept = true;
    }

    private void forgetOrigin() throws IOException {
        if (Files.deleteIfExists(note)) {
            SongFolder.sync(note.toAbsolutePath().getParent());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            if (!kept || !Files.exists(note)) {
                Files.deleteIfExists(path);
                forgetOrigin();
            }
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
