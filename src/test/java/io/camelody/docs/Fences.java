package io.camelody.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The fenced blocks of the project's pages. */
record Fences(Path page, String language, String text) {

    private static final Pattern FENCE = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("src/docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md"), Path.of("src/examples/README.md")),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    static List<Fences> all() throws IOException {
        List<Fences> all = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = FENCE.matcher(Files.readString(page));
            while (matcher.find()) {
                all.add(new Fences(page, matcher.group(1), matcher.group(2)));
            }
        }
        return all;
    }

    List<String> lines() {
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    static Stream<Fences> in(String language) throws IOException {
        return all().stream().filter(fence -> fence.language().equals(language));
    }
}
