package io.camelody.intake;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An inbox as one node sees it. It has a name that stands in it, in {@code .camelody/name}: so nodes that share the folder know that
 * they do, wherever it is mounted, and folders of two machines that happen to have one path are two.
 */
final class InboxFolder {

    private static final Logger LOG = LoggerFactory.getLogger(InboxFolder.class);

    static final String DONE = "done";
    static final String REJECTED = "rejected";

    /** What nodes keep in an inbox for themselves. */
    static final String OWN = ".camelody";

    private final Path path;

    InboxFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Those of these folders that can be seen now and have a name. */
    static Map<String, InboxFolder> byName(List<Path> folders) {
        Map<String, InboxFolder> named = new HashMap<>();
        for (Path folder : folders) {
            InboxFolder inbox = new InboxFolder(folder);
            try {
                inbox.findName().ifPresent(name -> named.put(name, inbox));
            } catch (IOException e) {
                LOG.debug("An inbox is not seen: {} (folder: {})", e, folder);
            }
        }
        return named;
    }

    /** It gets one when it is first asked for. */
    String name() throws IOException {
        Optional<String> name = findName();
        return name.isPresent() ? name.get() : makeName();
    }

    private Optional<String> findName() throws IOException {
        try {
            return Optional.of(Files.readString(own("name")).strip()).filter(name -> !name.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private String makeName() throws IOException {
        Path file = own("name");
        Files.createDirectories(file.getParent());
        String made = UUID.randomUUID().toString();
        Path draft = Files.writeString(own("name-" + made), made + "\n");
        try {
            bringToDisk(draft);
            link(draft, file);
            bringToDisk(file.getParent());
        } catch (FileAlreadyExistsException e) {
            // another node was first, and its name counts
        } finally {
            Files.delete(draft);
        }
        return findName()
                .orElseThrow(() ->
                        new IOException("The inbox has lost its name. Delete the file, and it gets another. (file: %s)"
                                .formatted(file)));
    }

    /** One alone can do it, which moving a file does not promise. */
    private static void link(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // not every file system has links
            Files.copy(draft, file);
        }
    }

    /** What it is called on every node. */
    String within(Path file) {
        return path.relativize(file.toAbsolutePath().normalize()).toString().replace(File.separatorChar, '/');
    }

    Path at(String within) {
        return path.resolve(within);
    }

    /** The name, or the next one like it that nobody has. */
    String free(String within) {
        Path wanted = at(within);
        String name = wanted.getFileName().toString();
        int dot = name.indexOf('.') <= 0 ? name.length() : name.indexOf('.');
        Path free = wanted;
        for (int i = 2; Files.exists(free); i++) {
            free = wanted.resolveSibling(name.substring(0, dot) + "-" + i + name.substring(dot));
        }
        return within(free);
    }

    Path own(String name) {
        return path.resolve(OWN).resolve(name);
    }

    /** So that what was renamed in a folder, or written to a file, is so after a power cut. */
    static void bringToDisk(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } else if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
