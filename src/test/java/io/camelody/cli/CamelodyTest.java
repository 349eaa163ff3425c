package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CamelodyTest {

    @Test
    void aloneItPrintsItsHelpAndIsBadUsage() {
        Ran ran = camelody();

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("Usage: camelody", "sandbox", "--sandbox");
        assertThat(ran.out()).isEmpty();
    }

    static Stream<CommandLine> commands() {
        return subcommands(Camelody.commandLine())
                .filter(command -> command.getSubcommands().isEmpty());
    }

    private static Stream<CommandLine> subcommands(CommandLine line) {
        return line.getSubcommands().values().stream().flatMap(sub -> Stream.concat(Stream.of(sub), subcommands(sub)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfACommandFitsATerminalAndHasExamplesThatItTakes(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        List<String> examples = Arrays.stream(
                        command.getCommandSpec().usageMessage().footer())
                .filter(line -> line.matches("(Example:| ) camelody .*"))
                .map(line -> line.replaceFirst("^.*? camelody ", ""))
                .map(line -> line.replaceAll("\\$\\(.*\\)|'", "ID").replaceFirst(" {2,}.*| \\|.*", ""))
                .toList();

        assertThat(command.getCommandSpec().usageMessage().footer()).allMatch(line -> line.length() <= 80);
        assertThat(examples).anyMatch(line -> ("camelody " + line).startsWith(name));
        assertThat(examples).allSatisfy(line -> Camelody.commandLine().parseArgs(line.split(" ")));
    }

    @Test
    void helpIsNoError() {
        Ran ran = camelody("batch", "--help");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Usage: camelody batch", "Exit codes:");
    }

    @Test
    void unknownCommandIsRefusedWithTheNearest() {
        Ran ran = camelody("bath");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("'bath'", "Did you mean: camelody batch?", "See camelody --help.");
    }

    @Test
    void unknownOptionIsRefusedWithoutAStackTrace() {
        Ran ran = camelody("songs", "--stat", "failed");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("'--stat'", "See camelody songs --help.").doesNotContain("\tat ");
    }

    @Test
    void homeThatIsNoFolderIsBadUsage() {
        Ran ran = camelody("songs", "--home", "/no/such/home");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("The home /no/such/home is not a folder.");
    }

    @Test
    void everyBadSettingIsNamedAtOnce() {
        Ran ran = camelody("songs", "--property", "camelody.foxai.timeout=6", "--property", "camelody.sinks=nowhere");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("camelody.foxai.timeout", "camelody.sinks", "nowhere");
    }
}
