package io.camelody.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files for tests, without a checked exception in every test. */
final class TestFiles {

    private TestFiles() {}

    static Path write(Path file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<ReadItem> read(Path fileOrFolder) {
        try (RequestReader reader = RequestReader.read(fileOrFolder)) {
            List<ReadItem> items = new ArrayList<>();
            reader.forEachRemaining(items::add);
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
