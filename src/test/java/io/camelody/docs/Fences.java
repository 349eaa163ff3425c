package io.camelody.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fenced blocks of the project's pages: the README, {@code src/docs} and the READMEs of {@code src/examples}.
 *
 * @param line where the block begins in its page
 */
public record Fences(Path page, int line, String language, String text) {

    public static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        for (String folder : List.of("src/docs", "src/examples")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .sorted()
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    static List<Fences> of(Path page) throws IOException {
        List<Fences> fences = new ArrayList<>();
        List<String> block = null;
        String opening = "";
        int number = 0;
        for (String line : Files.readAllLines(page)) {
            number++;
            String fence = line.strip();
            if (block == null && fence.startsWith("```")) {
                opening = line;
                block = new ArrayList<>();
            } else if (block != null && fence.equals("```")) {
                String language = opening.strip().substring(3);
                fences.add(new Fences(page, number - block.size() - 1, language, String.join("\n", block) + "\n"));
                block = null;
            } else if (block != null) {
                int indent = opening.indexOf('`');
                block.add(line.isBlank() ? "" : line.substring(Math.min(indent, line.length())));
            }
        }
        if (block != null) {
            throw new IllegalStateException("%s ends within a fenced block".formatted(page));
        }
        return fences;
    }

    public static List<Fences> all() throws IOException {
        List<Fences> all = new ArrayList<>();
        for (Path page : pages()) {
            all.addAll(of(page));
        }
        return all;
    }

    public static List<Fences> in(String language) throws IOException {
        return all().stream().filter(fence -> fence.language().equals(language)).toList();
    }

    public List<String> lines() {
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    /** Where to look, as an editor opens it. */
    @Override
    public String toString() {
        return page + ":" + line;
    }
}
