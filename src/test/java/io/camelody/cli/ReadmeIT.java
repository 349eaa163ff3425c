package io.camelody.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camelody.docs.Fences;
import io.camelody.docs.ShownCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sessions of the pages, command by command in a shell, and the calls to the service that they show. */
class ReadmeIT {

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+)");

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

    /** A folder with {@code ./camelody} and {@code src/}, as they lie in a folder and in the archive. */
    @TempDir
    Path folder;

    @BeforeEach
    void unpack() throws IOException {
        Files.createSymbolicLink(folder.resolve("camelody"), PACKED.resolve("camelody"));
        Files.createSymbolicLink(folder.resolve("src"), PACKED.resolve("src"));
    }

    /** JUnit deletes a link too, and complains that it leads elsewhere. */
    @AfterEach
    void unlink() throws IOException {
        Files.delete(folder.resolve("camelody"));
        Files.delete(folder.resolve("src"));
    }

    @Test
    void whatTheReadmeLinksToIsInTheArchive() throws IOException {
        Matcher links = LINK.matcher(Files.readString(PACKED.resolve("README.md")));

        assertThat(links.results().map(link -> PACKED.resolve(link.group(1))))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    @Test
    void sessionsPrintWhatThePagesShow() throws Exception {
        List<Fences> sessions = Fences.in("console");

        assertThat(sessions).isNotEmpty();
        for (Fences session : sessions) {
            for (String part : session.text().split("(?m)^\\$ ")) {
                if (!part.isEmpty()) {
                    String[] shown = part.split("\n", 2);
                    String printed = shell(shown[0], session);
                    assertThat(printed.stripTrailing().lines().map(String::stripTrailing))
                            .as("%s: %s", session, shown[0])
                            .zipSatisfy(lines(shown[1]), (line, pattern) -> assertThat(line)
                                    .matches(pattern));
                }
            }
        }
        try (Stream<Path> songs = Files.list(folder.resolve("songs"))) {
            assertThat(songs.filter(Files::isDirectory))
                    .hasSize(13)
                    .allSatisfy(song -> assertThat(song.resolve("song.json")).exists());
        }
    }

    @Test
    void theServiceAnswersTheCallsThatThePagesShow() throws Exception {
        assumeTrue(isThere("curl"), "no curl: the calls that the pages show are not made");
        List<ShownCommand> calls = Fences.in("sh").stream()
                .flatMap(fence -> ShownCommand.in(fence).stream())
                .filter(command -> command.words().get(0).equals("curl"))
                .toList();

        assertThat(calls).isNotEmpty();
        try (Child program = Child.start(folder, "run", "--sandbox", "--property", "camelody.http.port=0")) {
            Matcher url = await().atMost(Duration.ofSeconds(60))
                    .until(() -> LISTENING.matcher(program.output()), Matcher::find);
            for (ShownCommand call : calls) {
                String here = call.text().replaceAll("http://127\\.0\\.0\\.1:8080/?", url.group(1) + "/");
                String status = shell(here + " -sS -m 30 -o /dev/null -w '%{http_code}'", call);
                assertThat(status).as(call.text()).startsWith("2");
            }
        }
    }

    /** A line of a page as a pattern: {@code …} is what differs by machine. */
    private static List<String> lines(String shown) {
        return shown.stripTrailing()
                .lines()
                .map(line -> Pattern.quote(line.stripTrailing()).replace("…", "\\E.*\\Q"))
                .toList();
    }

    private String shell(String command, Object shown) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("stderr.txt").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s: %s", shown, command, output + Files.readString(folder.resolve("stderr.txt")))
                .isZero();
        return output;
    }

    private static boolean isThere(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
