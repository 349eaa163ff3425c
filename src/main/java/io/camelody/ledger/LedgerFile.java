package io.camelody.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The file that a ledger is in. A new one gets its name only when it is whole, so whatever else stands there, or is missing
 * beside what is left of it, is damage; and no ledger is ever begun in the place of a damaged one.
 */
final class LedgerFile {

    private static final String PREFIX = "jdbc:sqlite:";

    private LedgerFile() {}

    /** @throws LedgerException if the URL is not one of SQLite */
    static Path of(String url) {
        if (!url.startsWith(PREFIX) || url.length() == PREFIX.length()) {
            throw new LedgerException(
                    "Expected camelody.ledger.url to start with jdbc:sqlite: and a file, got: \"%s\".".formatted(url));
        }
        return Path.of(url.substring(PREFIX.length()));
    }

    /**
     * Whether there is a ledger.
     *
     * @throws LedgerException if there is something that cannot be one, or less than all of one
     */
    static boolean isThere(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new LedgerException(
                        "Expected camelody.ledger.url to name a file, got a folder. (ledger: %s)".formatted(file));
            }
            if (Files.exists(file)) {
                if (Files.size(file) == 0) {
                    throw damaged("empty", file);
                }
                return true;
            }
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new LedgerException(
                        "The ledger is a link to a file that is not there. Mount its disk, or take the link away. (ledger: %s)"
                                .formatted(file));
            }
            if (hasLastChanges(file)) {
                throw damaged("gone, and its last changes are still in " + beside(file, "-wal"), file);
            }
            return false;
        } catch (IOException e) {
            throw new LedgerException("read", e, file.toString());
        }
    }

    /**
     * Reads every page of the file, and writes nothing.
     *
     * @throws LedgerException if it is damaged
     */
    static void demandWhole(Path file) {
        Properties readOnly = new Properties();
        readOnly.setProperty("open_mode", "1");
        try (Connection connection = DriverManager.getConnection(PREFIX + file, readOnly);
                Statement statement = connection.createStatement()) {
            String found = statement.executeQuery("PRAGMA quick_check(1)").getString(1);
            if (!found.equals("ok")) {
                throw damaged("damaged: " + found.replaceAll("\\s+", " "), file);
            }
            long odd = Files.size(file)
                    % statement.executeQuery("PRAGMA page_size").getInt(1);
            // with changes at hand that are still to be moved into it, a page may have been broken off
            if (odd > 0 && !hasLastChanges(file)) {
                throw damaged("damaged: its last page is cut short", file);
            }
        } catch (SQLException | IOException e) {
            throw new LedgerException("read", e, file.toString());
        }
    }

    private static boolean hasLastChanges(Path file) throws IOException {
        Path wal = beside(file, "-wal");
        return Files.exists(wal) && Files.size(wal) > 0;
    }

    static LedgerException damaged(String how, Path file) {
        return new LedgerException(
                "The ledger is %s. %s (ledger: %s)".formatted(how, LedgerException.leftAsItIs(file), file));
    }

    /** Makes a new ledger, whole and on the disk itself before it gets its name. For one process at a time. */
    static void create(Path file) {
        try {
            Path made = beside(file, ".new");
            Files.createDirectories(file.toAbsolutePath().getParent());
            // what a process has left that died at this
            for (String part : new String[] {"", "-wal", "-shm", "-journal"}) {
                Files.deleteIfExists(beside(made, part));
            }
            LedgerSource source = LedgerSource.of(PREFIX + made);
            source.migrations().createUnlessThere(source);
            if (Files.exists(beside(made, "-wal"))) {
                throw new IOException("not all of it could be written; is the disk full?");
            }
            sync(made, StandardOpenOption.WRITE);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            if (!System.getProperty("os.name").startsWith("Windows")) {
                sync(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
            }
        } catch (IOException e) {
            throw new LedgerException("begun", e, file.toString());
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /** Beside the file itself where it is a link to it, as SQLite has it. */
    static Path beside(Path file, String ending) throws IOException {
        Path itself = Files.exists(file) ? file.toRealPath() : file;
        return itself.resolveSibling(itself.getFileName() + ending);
    }
}
