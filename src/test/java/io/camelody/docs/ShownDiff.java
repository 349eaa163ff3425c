package io.camelody.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A diff of a page: its first line, {@code +++ PATH}, names the file of a home that it changes. */
final class ShownDiff {

    private final Fences fence;
    private final String path;
    private final List<String> lines;

    ShownDiff(Fences fence) {
        this.fence = fence;
        this.lines = fence.text().lines().toList();
        if (!lines.get(0).startsWith("+++ ")) {
            throw new IllegalArgumentException("Expected the first line of %s to be +++ PATH".formatted(fence));
        }
        this.path = lines.get(0).substring(4).strip();
    }

    /** How many lines it changes. */
    int size() {
        return lines.size() - 1;
    }

    /** To the home's own file, or to a copy of the shipped one, or to none; settings are added to what the home has. */
    void apply(Path home) throws IOException {
        Path file = home.resolve(path);
        List<String> text = new ArrayList<>();
        if (Files.exists(file)) {
            text.addAll(Files.readAllLines(file));
        } else if (!path.equals("config/application.properties") && Files.exists(Path.of(path))) {
            text.addAll(Files.readAllLines(Path.of(path)));
        }
        List<String> before = change("+");
        int at = before.isEmpty() ? text.size() : Collections.indexOfSubList(text, before);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "%s does not apply: the lines that it changes do not stand in %s".formatted(fence, path));
        }
        text.subList(at, at + before.size()).clear();
        text.addAll(at, change("-"));
        Files.createDirectories(file.getParent());
        Files.write(file, text);
    }

    private List<String> change(String without) {
        return lines.stream()
                .skip(1)
                .filter(line -> !line.startsWith(without))
                .map(line -> line.isEmpty() ? line : line.substring(1))
                .toList();
    }
}
