package io.camelody.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of one process to work on a ledger file. The operating system gives it back when the process dies, however it
 * dies, so nothing is left to clean up.
 */
final class WorkLock implements AutoCloseable {

    private static final String PROCESS = Long.toString(ProcessHandle.current().pid());

    /** What the file says behind the process number as soon as there is a ledger. */
    private static final String BEGUN = ", begun";

    private static final int LONGEST = 64;

    /** The lock's byte lies past the process number, which others may read while it is held. */
    private static final long LOCKED_BYTE = 1L << 40;

    /**
     * What this process holds. To close any channel of a file gives back every lock that the process has on it, so a
     * second channel must not even be opened.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final boolean isFirst;

    private WorkLock(Path file, FileChannel channel, boolean isFirst) throws IOException {
        this.file = file;
        this.channel = channel;
        this.isFirst = isFirst;
        write(isFirst ? PROCESS : PROCESS + BEGUN);
    }

    /** @throws LedgerBusyException if another process works on the ledger */
    static WorkLock take(Path ledger) {
        try {
            Path folder = ledger.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path file = LedgerFile.beside(folder.toRealPath().resolve(ledger.getFileName()), ".lock");
            if (!HELD.add(file)) {
                throw new LedgerBusyException(ledger, PROCESS);
            }
            try {
                return lock(ledger, file);
            } catch (IOException | RuntimeException e) {
                HELD.remove(file);
                throw e;
            }
        } catch (IOException e) {
            throw new LedgerException(
                    "The ledger cannot be worked on: %s. Let this user write in its folder. (ledger: %s)"
                            .formatted(e, ledger),
                    e);
        }
    }

    private static WorkLock lock(Path ledger, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw new LedgerBusyException(ledger, read(channel).replace(BEGUN, ""));
            }
            return new WorkLock(file, channel, !read(channel).contains(BEGUN));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        channel.truncate(channel.write(bytes, 0));
    }

    /** Whether nobody who held it before has found or begun a ledger. */
    boolean isFirst() {
        return isFirst;
    }

    /** The ledger stands. Before that, one that died or found its disk full has left nothing that could be missed. */
    void noteBegun() {
        try {
            write(PROCESS + BEGUN);
        } catch (IOException e) {
            throw new LedgerException("The ledger's lock could not be written: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            // and with the channel the lock
            channel.close();
        } catch (IOException e) {
            throw new LedgerException("The ledger's lock could not be given back: " + e, e);
        } finally {
            HELD.remove(file);
        }
    }
}
