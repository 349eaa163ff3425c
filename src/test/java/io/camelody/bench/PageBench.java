package io.camelody.bench;

import io.camelody.cli.ServedProgram;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.PageScript;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How long the page keeps a person waiting with many open songs, while others go on. Skipped without a browser. */
class PageBench {

    private static final int SONGS = Integer.getInteger("bench.page-songs", 10_000);

    /** What a person takes for at once, in milliseconds. */
    private static final int AT_ONCE = 100;

    private static final Pattern TOLD =
            Pattern.compile("# (.+): (\\d+) tasks longer than 50 ms, the longest (\\d+) ms");

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    void openSongsAreListed() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults());
                ServedProgram served = ServedProgram.run(home, sandbox, Map.of("camelody.foxai.submit-rate", "20"))) {
            served.accept(SONGS);
            Map<String, String> environment =
                    Map.of("CAMELODY_URL", served.url(), "CAMELODY_SONGS", Integer.toString(SONGS));
            Matcher told = TOLD.matcher(PageScript.run("many.test.mjs", environment));
            while (told.find()) {
                FIGURES.atMost(
                        AT_ONCE,
                        "page, %,d open songs, %s: longest task".formatted(SONGS, told.group(1)),
                        Integer.parseInt(told.group(3)),
                        " ms",
                        told.group(2) + " tasks longer than 50 ms");
            }
        }
    }
}
