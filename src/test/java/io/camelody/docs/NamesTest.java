package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code src/docs/names.md} lists every name that others may build on, and no other. In a section each word in code is a
 * name; in a table it is those of the first column.
 */
class NamesTest {

    private static final Path PAGE = Path.of("src/docs/names.md");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TempDir
    Path folder;

    @Test
    void thePageListsTheNamesThatThereAre() throws Exception {
        Map<String, Set<String>> listed = listed();
        Map<String, Set<String>> real = new PromisedNames(folder).bySection();

        assertThat(listed.keySet()).as("sections of %s", PAGE).containsExactlyElementsOf(real.keySet());
        assertThat(real.keySet().stream().flatMap(section -> missing(section, real.get(section), listed.get(section))))
                .as("%s is behind the code: add each to its section, and tell it in the changelog", PAGE)
                .isEmpty();
        assertThat(real.keySet().stream().flatMap(section -> missing(section, listed.get(section), real.get(section))))
                .as(
                        "promised names are gone from the code, which is for a major version: then take them out of %s, and "
                                + "tell it in the changelog",
                        PAGE)
                .isEmpty();
    }

    private static Stream<String> missing(String section, Set<String> names, Set<String> where) {
        return names.stream().filter(name -> !where.contains(name)).map(name -> section + ": " + name);
    }

    private static Map<String, Set<String>> listed() throws IOException {
        Map<String, Set<String>> sections = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                names = new TreeSet<>();
                sections.put(line.substring(3), names);
            }
            Matcher code = CODE.matcher(line.startsWith("|") ? line.split("\\|")[1] : line);
            while (code.find()) {
                names.add(code.group(1));
            }
        }
        return sections;
    }
}
