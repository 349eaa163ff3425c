package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of the pages, run or at least understood by the program. */
class ReadmeIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    @TempDir
    Path home;

    @Test
    void theFirstCommandMakesTheSongsThatTheReadmeShows() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        Matcher shown = Pattern.compile("```sh\\n\\./camelody (batch [^\\n]*)\\n```.*?```\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(shown.find()).isTrue();
        List<String> command =
                new ArrayList<>(List.of(PACKED.resolve("camelody").toString()));
        command.addAll(List.of(shown.group(1).split(" ")));
        command.addAll(List.of("--home", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(words(output.replace(home + "/", ""))).isEqualTo(words(shown.group(2)));
        try (Stream<Path> songs = Files.list(home.resolve("songs"))) {
            assertThat(songs.filter(Files::isDirectory))
                    .hasSize(13)
                    .allSatisfy(song -> assertThat(song.resolve("song.json")).exists());
        }
    }

    @Test
    void everyCommandThatThePagesShowIsOneThatTheProgramTakes() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path page :
                List.of(Path.of("README.md"), Path.of("src/docs/operate.md"), Path.of("src/docs/add-a-vendor.md"))) {
            Files.readString(page)
                    .lines()
                    .filter(line -> line.matches("(\\./)?camelody [a-z].*"))
                    .forEach(commands::add);
        }

        assertThat(commands).hasSizeGreaterThan(10).allSatisfy(line -> {
            String command = line.replaceFirst("^(\\./)?camelody ", "").split(" {3,}")[0];
            for (String variant : variants(command)) {
                CommandLine.ParseResult parsed = Camelody.commandLine().parseArgs(variant.split(" "));
                assertThat(parsed.hasSubcommand()).isTrue();
            }
        });
    }

    /** "resolve ID --task-id T | --resubmit" is two commands. */
    private static List<String> variants(String command) {
        String[] options = command.split(" \\| ");
        String common = options[0].replaceFirst(" --.*", "");
        List<String> all = new ArrayList<>(List.of(options[0]));
        for (int i = 1; i < options.length; i++) {
            all.add(common + " " + options[i]);
        }
        return all;
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
