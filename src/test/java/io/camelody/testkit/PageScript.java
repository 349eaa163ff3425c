package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A script of {@code src/test/page}, which drives a browser. Where there is none, the test that asks for it is skipped. */
public final class PageScript {

    private static final Path FOLDER = Path.of("src/test/page");
    private static final int MINUTES = 5;

    private PageScript() {}

    /**
     * Runs the script's tests; one that fails here fails there.
     *
     * @return what it said
     */
    public static String run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        Optional<Path> node = program("node");
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> program(name).stream())
                .findFirst();
        assumeTrue(node.isPresent(), "The page is not tested: no node on the PATH. Install Node 20 or newer.");
        assumeTrue(chromium.isPresent(), "The page is not tested: no chromium on the PATH. apt-get install chromium");
        assumeTrue(
                Files.isDirectory(FOLDER.resolve("node_modules/playwright-core")),
                "The page is not tested: no playwright-core. npm ci --prefix " + FOLDER);
        Path output = Files.createTempFile("camelody-page", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(node.get().toString(), "--test", script)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("CHROMIUM", chromium.get().toString());
            Process process = builder.start();
            try {
                assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                        .as("ended within %d minutes: %s", MINUTES, Files.readString(output))
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
