package io.camelody.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The requests of one file that were not accepted, for a person to mend: {@code tango.jsonl.rejected.jsonl}, one JSON
 * object a line, with the file, the line, the reason and the request as it stood there.
 *
 * <p>It appears when it is closed, and only if something was rejected; until then it is a {@code .part}. Reading the
 * same file again replaces it, or removes it if nothing is rejected any more. A folder that somebody deletes meanwhile is
 * made again. A file of the same name from another
 * folder gets a list of its own, with some letters in its name. Not thread-safe.
 *
 * <p>Where others may be about to write the same list, it grows in a folder that is this one's alone, and does not appear unless
 * that folder is still there.
 */
public final class RejectedFile implements Closeable {

    static final String SUFFIX = ".rejected.jsonl";

    private final Path folder;
    private final String source;
    private final String name;
    private final Path growing;
    private Path target;
    private RandomAccessFile part;

    /**
     * @param folder where the lists of rejected requests are; made when the first is written
     * @param source the request file
     */
    public RejectedFile(Path folder, Path source) {
        this(folder, source.toAbsolutePath().normalize().toString(), String.valueOf(source.getFileName()), folder);
    }

    /**
     * @param source what the list calls the request file
     * @param name of the request file
     * @param growing the folder where the list is until it is closed; not made here
     */
    public RejectedFile(Path folder, String source, String name, Path growing) {
        this.folder = folder;
        this.source = source;
        this.name = name;
        this.growing = growing;
    }

    /** Writes a request down, with all that is wrong with it. */
    public void reject(int line, String raw, List<Problem> problems) throws IOException {
        if (part == null) {
            Files.createDirectories(folder);
            target = ownName();
            part = new RandomAccessFile(partOf(target).toFile(), "rw");
            part.setLength(0);
        }
        ObjectNode json = Json.object()
                .put("file", source)
                .put("line", line)
                .put("reason", RefusedRequestException.messages(problems));
        ArrayNode list = json.putArray("problems");
        problems.forEach(problem -> list.addObject()
                .put("field", problem.field())
                .put("expected", problem.expected())
                .put("got", problem.got())
                .put("message", problem.message()));
        // not buffered: a list that is opened meanwhile for a file of the same name has to see that this name is taken
        part.write((Json.write(json.put("request", raw)) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Where the list is, once this is closed; empty if nothing was rejected. */
    public Optional<Path> path() {
        return Optional.ofNullable(target);
    }

    @Override
    public void close() throws IOException {
        if (part != null) {
            Files.createDirectories(folder);
            bringBack();
            part.close();
            Files.move(partOf(target), target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            part = null;
        }
        for (Path earlier : List.of(plainName(), longName())) {
            if (!earlier.equals(target) && isOwn(earlier)) {
                Files.delete(earlier);
            }
        }
    }

    /** Ends without a list, and leaves the one that there may be from before. */
    public void discard() throws IOException {
        if (part != null) {
            part.close();
            part = null;
        }
        target = null;
    }

    /** If somebody deleted the list or its folder meanwhile: what is open can be read all the same. */
    private void bringBack() throws IOException {
        if (!Files.exists(partOf(target))) {
            part.seek(0);
            Files.copy(new FileInputStream(part.getFD()), partOf(target));
        }
    }

    private Path ownName() throws IOException {
        Path plain = plainName();
        return isFree(plain) && isFree(partOf(plain)) ? plain : longName();
    }

    private boolean isFree(Path path) throws IOException {
        return !Files.exists(path) || Files.size(path) == 0 || isOwn(path);
    }

    /** Whether a list is about this file: its first line says so. */
    private boolean isOwn(Path list) throws IOException {
        if (!Files.isRegularFile(list)) {
            return false;
        }
        String start = "{\"file\":" + Json.write(TextNode.valueOf(source)) + ",";
        byte[] expected = start.getBytes(StandardCharsets.UTF_8);
        try (var in = Files.newInputStream(list)) {
            return Arrays.equals(expected, in.readNBytes(expected.length));
        }
    }

    private Path plainName() {
        return folder.resolve(name + SUFFIX);
    }

    private Path longName() {
        String letters = RequestId.derive(source, "", 1, "");
        return folder.resolve(name + "." + letters.substring(letters.length() - 6) + SUFFIX);
    }

    private Path partOf(Path target) {
        return growing.resolve(target.getFileName() + ".part");
    }
}
