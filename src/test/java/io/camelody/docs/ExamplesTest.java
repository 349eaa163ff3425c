package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of the examples, held against the examples. */
final class ExamplesTest {

    private static final Path EXAMPLES = Path.of("src/examples");

    private static final Pattern SETTING = Pattern.compile("\\{\\{(camelody\\.[a-z.-]+)}}");

    @Test
    void eachRouteHasALine() throws IOException {
        String list = Files.readString(EXAMPLES.resolve("README.md"));

        assertThat(routes()).isNotEmpty().allSatisfy(file -> assertThat(list)
                .contains("](%s)".formatted(EXAMPLES.relativize(file).toString().replace('\\', '/'))));
    }

    @Test
    void eachSettingOfAFileIsSaidInItsFirstLines() throws IOException {
        for (Path file : routes()) {
            String text = Files.readString(file);
            String first = text.substring(0, text.indexOf("- route:"));

            assertThat(SETTING.matcher(text).results().map(MatchResult::group).distinct())
                    .as("%s", file)
                    .isNotEmpty()
                    .allSatisfy(
                            used -> assertThat(first).contains("#   " + used.substring(2, used.length() - 2) + " = "));
        }
    }

    private static List<Path> routes() throws IOException {
        try (Stream<Path> all = Files.walk(EXAMPLES)) {
            return all.filter(file -> file.getParent().endsWith("routes")
                            || file.getParent().endsWith("sinks"))
                    .filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }
}
