package io.camelody.request;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads request files one request at a time, so that memory does not grow with a file.
 *
 * <p>{@code .jsonl} and {@code .ndjson} hold one JSON object a line, {@code .json} and {@code .yaml} one object or an array
 * of them, {@code .csv} a table whose first line names the fields, and the whole text of a {@code .txt} is a prompt. All are
 * UTF-8. What cannot be read is an item too, with the reason in
 * it, and reading goes on: on the next line, or where a whole file is spoilt, in the next file. One request may take
 * 1 MB.
 *
 * <p>Nothing is checked here but that it is JSON; that is for {@link RequestRules}. Not thread-safe. Close it.
 */
public final class RequestReader implements Iterator<ReadItem>, Closeable {

    /** The length of one request at most, in bytes (in characters inside a JSON array). */
    static final int LIMIT = 1 << 20;

    /** How much of a request beyond the limit is kept to recognise it by, in characters. */
    static final int KEPT = 1000;

    private final RequestFiles found;
    private final Iterator<Path> files;
    private Path file;
    private RequestSource source;
    private ReadItem next;

    private RequestReader(RequestFiles found) {
        this.found = found;
        this.files = found.files().iterator();
    }

    /** Reads a file, or the files of a folder and its folders. A path where nothing is gives one item that says so. */
    public static RequestReader read(Path fileOrFolder) {
        return new RequestReader(RequestFiles.under(fileOrFolder));
    }

    /** The files that are read, in their order, and how many others lie among them. */
    public RequestFiles found() {
        return found;
    }

    @Override
    public boolean hasNext() {
        while (next == null && (source != null || files.hasNext())) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public ReadItem next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ReadItem item = next;
        next = null;
        return item;
    }

    @Override
    public void close() throws IOException {
        if (source != null) {
            source.close();
            source = null;
        }
    }

    private ReadItem advance() {
        try {
            if (source == null) {
                file = files.next();
                if (Files.exists(file) && !Files.isDirectory(file) && !RequestFiles.isKnown(file)) {
                    return ReadItem.unreadable(file, 1, "", unknownSuffix(file));
                }
                source = open(file);
            }
            ReadItem item = source.next();
            if (item == null) {
                close();
            }
            return item;
        } catch (IOException e) {
            int line = source == null ? 1 : source.line();
            abandon(e);
            return ReadItem.unreadable(file, line, "", unreadable(file, e));
        }
    }

    private void abandon(IOException because) {
        try {
            close();
        } catch (IOException e) {
            because.addSuppressed(e);
            source = null;
        }
    }

    private static RequestSource open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        // only a folder that could not be listed is among the files
        if (Files.isDirectory(file)) {
            throw new AccessDeniedException(file.toString());
        }
        return switch (RequestFiles.suffix(file)) {
            case "jsonl", "ndjson" -> new LineSource(file);
            case "json" -> JsonSource.ofJson(file);
            case "yaml", "yml" -> JsonSource.ofYaml(file);
            case "csv" -> new CsvSource(file);
            default -> new TextSource(file);
        };
    }

    private static Problem unknownSuffix(Path file) {
        String suffix = RequestFiles.suffix(file);
        String got = suffix.isEmpty() ? "none" : "." + Problem.cut(suffix);
        return Problem.about("", "the suffix of " + file.getFileName(), RequestFiles.SUFFIXES, got, "");
    }

    private static Problem unreadable(Path file, IOException e) {
        String got = "an input error (" + e.getMessage() + ")";
        if (e instanceof NoSuchFileException) {
            got = "nothing there";
        } else if (e instanceof AccessDeniedException) {
            got = "no permission to read it";
        }
        return Problem.about("", file.toString(), "a file that can be read", got, "");
    }
}
