package io.camelody.audio;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file on its way to disk, under a name that nobody takes for the result.
 *
 * <p>It gets its final name only when all its bytes are on the disk itself, so what stands under a final name is whole,
 * even after a power cut. Closed before that, it is deleted with its note, unless it is to be kept and has one. An interrupt
 * does not disturb it. For one thread.
 *
 * <p>What fits into {@link #BUFFER} stays in memory until it is finished, and is written once, as a cover mostly is.
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
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] head = new byte[AudioType.HEAD];

    /** Null while all that came is in the buffer. */
    private RandomAccessFile file;

    private int buffered;
    private long bytes;
    private boolean noted;
    private boolean kept;
    private boolean named;

    /** Of what an earlier fetch may have left; {@link #begin} or {@link #continueWith} comes before any byte. */
    PartFile(Path path) throws IOException {
        if (!Files.isDirectory(path.getParent())) {
            // before anything is fetched for it
            throw new NoSuchFileException(path.getParent().toString());
        }
        this.path = path;
        this.note = path.resolveSibling(path.getFileName() + ".json");
    }

    /** What is missing of a file that an earlier fetch began; empty if nothing here can be trusted. */
    Optional<Rest> rest() throws IOException {
        long there = path.toFile().length();
        long from = (there - 1) / BLOCK * BLOCK;
        return from <= 0
                ? Optional.empty()
                : Origin.read(note).filter(origin -> there <= origin.length()).map(origin -> new Rest(origin, from));
    }

    /** Starts with the first byte, and notes where it comes from, if that is known. */
    void begin(Optional<Origin> origin) throws IOException {
        // or, after a power cut, an old note might vouch for new bytes, or a new one for old bytes
        forgetOrigin();
        if (path.toFile().length() > 0) {
            open();
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
        open();
        file.seek(0);
        file.readFully(head);
        bytes = rest.from();
        file.seek(bytes);
    }

    /** Where it is, or will be when it does not fit into memory any more. */
    Path path() {
        return path;
    }

    /** How many have come. */
    long bytes() {
        return bytes;
    }

    /** What came, or has been made of it since, to be looked into until it is changed. */
    FileBytes look() throws IOException {
        return file == null ? new FileBytes(buffer, buffered) : new FileBytes(path);
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

    private void open() throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    private void flush() throws IOException {
        if (file == null) {
            open();
        }
        if (buffered == 0) {
            return;
        }
        file.write(buffer, 0, buffered);
        buffered = 0;
        if (noted && file.getFilePointer() % BLOCK == 0) {
            file.getFD().sync();
        }
    }

    /** Ends the writing, so that it can be looked into. */
    void finish() throws IOException {
        if (file != null) {
            flush();
        }
    }

    /** The file, for those who need one; not yet on the disk itself. */
    Path written() throws IOException {
        flush();
        return path;
    }

    /**
     * Puts other bytes in the place of the first ones, at least as many. From then on the part is no longer what its origin
     * has, so a process that dies here leaves one that is not continued.
     *
     * @return whether it could be done; if not, the disk has no room for it and the part is as it was
     * @throws IOException if the disk failed in the middle: the part is of no use any more
     */
    boolean replaceStart(long first, byte[] by) throws IOException {
        long more = by.length - first;
        if (file == null && !noted && buffered + more <= BUFFER) {
            System.arraycopy(buffer, (int) first, buffer, by.length, buffered - (int) first);
            System.arraycopy(by, 0, buffer, 0, by.length);
            buffered += (int) more;
            return true;
        }
        flush();
        long end = file.length();
        if (!reserve(end, more)) {
            return false;
        }
        forgetOrigin();
        // from the end, so that nothing is written over what has not been read
        for (long to = more == 0 ? first : end; to > first; ) {
            int some = (int) Math.min(to - first, BUFFER);
            to -= some;
            file.seek(to);
            file.readFully(buffer, 0, some);
            file.seek(to + more);
            file.write(buffer, 0, some);
        }
        file.seek(0);
        file.write(by);
        return true;
    }

    /** Has the disk take what the file is to grow by, so that nothing else can fail for want of room. */
    private boolean reserve(long end, long more) throws IOException {
        try {
            file.seek(end);
            for (long left = more; left > 0; left -= BUFFER) {
                file.write(buffer, 0, (int) Math.min(left, BUFFER));
            }
            return true;
        } catch (IOException e) {
            file.setLength(end);
            return false;
        }
    }

    /** Takes another file's bytes, and that file with them. */
    void replaceBy(Path other) throws IOException {
        forgetOrigin();
        // some systems have no open file replaced
        file.close();
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
        open();
    }

    /**
     * Brings the finished file to the disk itself and gives it its final name, in place of what may stand there. The name
     * itself may be lost in a power cut: then the file is a part again, and the next fetch ends it.
     */
    void renameTo(Path place) throws IOException {
        flush();
        file.getFD().sync();
        file.close();
        Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
        named = true;
        if (noted) {
            Files.deleteIfExists(note);
        }
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
        if (named) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            if (!kept || !Files.exists(note)) {
                Files.deleteIfExists(path);
                forgetOrigin();
            }
        }
    }
}
