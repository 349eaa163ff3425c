package io.camelody.docs;

import static io.camelody.cli.Ran.camelody;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.camelody.cli.Camelody;
import io.camelody.cli.Ran;
import io.camelody.cli.TestLedger;
import io.camelody.ledger.Reason;
import io.camelody.settings.RouteFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does what each page says, from its top to its end, in a home of its own: settings are put into its file, diffs are applied,
 * commands are run in this process. What a command is to work on, a song in doubt for one, is laid out before it.
 */
class FollowedPagesTest {

    /** Commands that are not run here, by how they begin, and why. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            entry("camelody batch", "makes songs: ReadmeIT runs one, with the sandbox"),
            entry("camelody ledger copy", "needs a PostgreSQL: LedgerCopyCommandTest runs it"),
            entry("camelody run", "ends with Ctrl-C: ReadmeIT runs it"),
            entry("camelody sandbox", "ends with Ctrl-C: SandboxCommandIT runs it"),
            entry("curl ", "needs a server: ReadmeIT calls the one that it runs"),
            entry("export ", "is looked at below: it names a vendor's key"),
            entry("./mvnw ", "is this build"),
            entry("mvn dependency:copy", "needs a repository of Maven's"),
            entry("mvn package", "builds an estate: EstatesIT does it"),
            entry("java -jar", "runs it: EstatesIT"),
            entry("echo ", "gives it an order: EstatesIT"),
            entry("sqlite3 ", "is not on every machine"));

    @TempDir
    Path home;

    /** All but the one that AddAVendorTest follows, block by block. */
    static List<Path> pages() throws IOException {
        return Fences.pages().stream()
                .filter(page -> !page.endsWith("add-a-vendor.md"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatThePageSaysCanBeDone(Path page) throws Exception {
        for (Fences fence : Fences.of(page)) {
            switch (fence.language()) {
                case "properties" -> addToSettings(fence.text());
                case "diff" -> {
                    new ShownDiff(fence).apply(home);
                    checkHome(fence);
                }
                case "sh" -> {
                    assertThat(shell("-n", fence.text()))
                            .as("%s is no shell script", fence)
                            .isZero();
                    for (ShownCommand command : ShownCommand.in(fence)) {
                        run(command, fence);
                    }
                }
                default -> {}
            }
        }
    }

    @Test
    void noReasonNotToRunACommandIsLeftOver() throws IOException {
        List<String> shown = Fences.in("sh").stream()
                .flatMap(fence -> ShownCommand.in(fence).stream())
                .map(FollowedPagesTest::plain)
                .toList();

        assertThat(NOT_RUN.keySet()).allSatisfy(start -> assertThat(shown).anyMatch(line -> line.startsWith(start)));
    }

    private void run(ShownCommand command, Fences fence) throws IOException {
        boolean isRun = NOT_RUN.keySet().stream().noneMatch(plain(command)::startsWith);
        if (command.isCamelody()) {
            assertThatCode(() -> Camelody.commandLine().parseArgs(command.arguments()))
                    .as("%s: %s", fence, command.text())
                    .doesNotThrowAnyException();
            if (isRun) {
                camelodyOf(command, fence);
            }
        } else if (plain(command).startsWith("export ")) {
            String variable = command.words().get(1).replaceFirst("=.*", "");
            assertThat(Files.readString(Path.of("config/application.properties")))
                    .as("%s: %s", fence, command.text())
                    .contains("{{env:" + variable + "}}");
        } else {
            assertThat(isRun)
                    .as(
                            "%s: nobody knows how to run \"%s\". Teach FollowedPagesTest, or give it a reason in NOT_RUN",
                            fence, command.text())
                    .isFalse();
        }
    }

    private void camelodyOf(ShownCommand command, Fences fence) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of((Object[]) command.arguments()));
        arguments.addAll(List.of("--home", laidOutFor(command)));
        if (command.words().contains("check")) {
            arguments.addAll(keys());
        }

        Ran ran = camelody(arguments.toArray());

        assertThat(ran.code())
                .as("%s: %s: %s", fence, command.text(), ran.out() + ran.err())
                .isZero();
    }

    /** A song is laid out in a home of its own, so that a page may show three ways to end the same doubt. */
    private Path laidOutFor(ShownCommand command) throws IOException {
        Path own = Files.createTempDirectory(home, "songs");
        TestLedger ledger = new TestLedger(own);
        List<String> named = command.words().stream()
                .skip(2)
                .takeWhile(word -> !word.startsWith("-"))
                .toList();
        switch (command.words().get(1)) {
            case "show" -> named.forEach(ledger::delivered);
            case "retry" -> named.forEach(id -> ledger.failed(id, Reason.VENDOR_TIMEOUT, "It took too long."));
            case "cancel" -> ledger.accepted(named.toArray(String[]::new));
            case "resolve" -> named.forEach(ledger::inDoubt);
            case "resume" -> named.forEach(ledger::paused);
            case "songs", "cost" -> ledger.delivered("tango-1");
            default -> {
                return home;
            }
        }
        return own;
    }

    private void checkHome(Fences fence) {
        List<Object> arguments = new ArrayList<>(List.of("check", "--home", home));
        arguments.addAll(keys());

        Ran ran = camelody(arguments.toArray());

        assertThat(ran.code()).as("%s: %s", fence, ran.out() + ran.err()).isZero();
        assertThat(ran.out()).as("%s", fence).doesNotContain("warn  settings");
    }

    private List<Object> keys() {
        return RouteFiles.find(home).vendors().stream()
                .flatMap(vendor -> List.<Object>of("--property", "camelody." + vendor + ".api-key=k").stream())
                .toList();
    }

    private void addToSettings(String text) throws IOException {
        Path file = Files.createDirectories(home.resolve("config")).resolve("application.properties");
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String plain(ShownCommand command) {
        return String.join(" ", command.words()).replaceFirst("^\\./camelody ", "camelody ") + " ";
    }

    private int shell(String option, String script) throws IOException, InterruptedException {
        Path file = Files.writeString(home.resolve("script.sh"), script, StandardCharsets.UTF_8);
        return new ProcessBuilder("sh", option, file.toString())
                .inheritIO()
                .start()
                .waitFor();
    }
}
