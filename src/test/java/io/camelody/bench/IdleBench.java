package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code camelody run} costs while there is nothing to do: with three vendors, an inbox and HTTP, on SQLite and on
 * PostgreSQL. Processor time is that of the process alone. Nothing fails for being much.
 */
class IdleBench {

    private static final Duration WARM = Duration.ofSeconds(Integer.getInteger("bench.idle-warm", 20));
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("bench.idle-seconds", 30));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path home;

    @Test
    void idleRunOnSqlite() throws Exception {
        measure("SQLite", List.of());
    }

    @Test
    void idleRunOnPostgres() throws Exception {
        // the program takes a URL without the user, who comes first in that of the tests' own server
        String url = PostgresServer.schema();
        measure(
                "PostgreSQL",
                List.of(
                        "camelody.ledger.url=" + url.replaceFirst("user=[^&]*&", ""),
                        "camelody.ledger.user=" + url.replaceFirst(".*[?&]user=([^&]*).*", "$1")));
    }

    private void measure(String ledger, List<String> settings) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        List<String> properties = new ArrayList<>(List.of("camelody.http.port=0"));
        List.of("foxai", "sunomusic", "senseaudio")
                .forEach(name -> properties.add("camelody." + name + ".api-key=none"));
        properties.addAll(settings);
        properties.forEach(property -> arguments.addAll(List.of("--property", property)));
        try (Child making = Child.camelody(home, List.of("--version"), Map.of("CAMELODY_ARCHIVE", "now"))) {
            making.await(PATIENCE);
            assertThat(making.exitCode()).as(making.said()).isZero();
        }
        try (Child camelody = Child.camelody(home, arguments, Map.of())) {
            camelody.awaitSaid("Ctrl-C stops", PATIENCE);
            // time is what is measured
            Thread.sleep(WARM.toMillis());
            Duration before = camelody.cpu();
            Thread.sleep(IDLE.toMillis());
            double share = 100.0 * camelody.cpu().minus(before).toNanos() / IDLE.toNanos();
            long resident = camelody.residentKb() / 1024;
            assertThat(camelody.isAlive()).as(camelody.said()).isTrue();
            FIGURES.atMost(1, "idle run on " + ledger + ", of a core", share, " %", "over " + IDLE.toSeconds() + " s");
            FIGURES.atMost(
                    160,
                    "  resident",
                    resident,
                    " MB",
                    "after " + WARM.plus(IDLE).toSeconds() + " s");
        }
    }
}
