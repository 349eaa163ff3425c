package io.camelody.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The request files of a path: the file itself, or those of a folder and its folders, sorted by name.
 *
 * <p>In a folder, files and folders whose name starts with a dot, files still being written ({@code *.part}, {@code
 * *.tmp}) and what Camelody wrote about rejected ones ({@code *.rejected.jsonl}, {@code *.error.txt}) are passed
 * over. A path that was named is taken whatever it is called, and a file that cannot be opened is among the files:
 * reading it tells why.
 *
 * @param skipped how many files of the folder have a suffix that no request file has
 */
public record RequestFiles(List<Path> files, int skipped) {

    /** What request files end in, in words. */
    public static final String SUFFIXES = ".json, .jsonl, .ndjson, .yaml, .yml, .csv or .txt";

    private static final Set<String> KNOWN = Set.of("json", "jsonl", "ndjson", "yaml", "yml", "csv", "txt");

    /** Looks at names alone; nothing is opened. */
    public static RequestFiles under(Path fileOrFolder) {
        if (!Files.isDirectory(fileOrFolder)) {
            return new RequestFiles(List.of(fileOrFolder), 0);
        }
        Walk walk = new Walk(fileOrFolder);
        try {
            Files.walkFileTree(fileOrFolder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + fileOrFolder + " could not be listed", e);
        }
        Collections.sort(walk.files);
        return new RequestFiles(List.copyOf(walk.files), walk.skipped);
    }

    static boolean isKnown(Path file) {
        return KNOWN.contains(suffix(file));
    }

    /** What follows the last dot of the name, in lower case; empty if there is no dot. */
    static String suffix(Path file) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private static final class Walk extends SimpleFileVisitor<Path> {

        private final Path root;
        private final List<Path> files = new ArrayList<>();
        private int skipped;

        Walk(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean hidden = !folder.equals(root) && name(folder).startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(file).toLowerCase(Locale.ROOT);
            boolean passedOver = name.startsWith(".")
                    || name.endsWith(".part")
                    || name.endsWith(".tmp")
                    || name.endsWith(RejectedFile.SUFFIX)
                    || name.endsWith(".error.txt");
            if (passedOver) {
                return FileVisitResult.CONTINUE;
            }
            if (isKnown(file)) {
                files.add(file);
            } else {
                skipped++;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (!(e instanceof FileSystemLoopException)) {
                files.add(file);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
