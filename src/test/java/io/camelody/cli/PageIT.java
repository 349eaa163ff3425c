package io.camelody.cli;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.PageScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code camelody run} in a browser. What is done there stands in {@code src/test/page}. */
class PageIT {

    private static final String TOKEN = "a-token-for-the-page-s-test";

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(SandboxSettings.defaults().withLatency(Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void songsAreSentWatchedPlayedAndSteered() throws Exception {
        try (ServedProgram served = ServedProgram.run(home, sandbox, Map.of())) {
            String faults = "http://127.0.0.1:" + sandbox.port();
            PageScript.run("page.test.mjs", Map.of("CAMELODY_URL", served.url(), "CAMELODY_SANDBOX", faults));
        }
    }

    @Test
    void theTokenIsAskedForOnce() throws Exception {
        Map<String, String> settings = Map.of("camelody.http.token", TOKEN, "camelody.http.host", "127.0.0.1");
        try (ServedProgram served = ServedProgram.run(home, sandbox, settings)) {
            PageScript.run("token.test.mjs", Map.of("CAMELODY_URL", served.url(), "CAMELODY_TOKEN", TOKEN));
        }
    }

    @Test
    void tenThousandOpenSongsAreListed() throws Exception {
        try (ServedProgram served = ServedProgram.run(home, sandbox, Map.of("camelody.foxai.submit-rate", "1"))) {
            served.accept(10_000);

            PageScript.run("many.test.mjs", Map.of("CAMELODY_URL", served.url(), "CAMELODY_SONGS", "10000"));
        }
    }
}
