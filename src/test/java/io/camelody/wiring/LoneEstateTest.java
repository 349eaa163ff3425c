package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An estate that has none of the optional dependencies: no logging backend, no command line, no HTTP server, no Amazon. */
final class LoneEstateTest {

    /** The optional dependencies in pom.xml with what they bring, and what only tests have. */
    private static final Pattern ABSENT =
            Pattern.compile("logback|picocli|postgresql|HikariCP|vertx|netty|micrometer|prometheus|jump3r"
                    + "|software.amazon|camel-(main|quartz|aws|platform|vertx|ftp|health|management|test)|quartz|c3p0|HikariCP"
                    + "|junit|assertj|awaitility|s3proxy|jetty|sshd|standardwebhooks");

    private static final Pattern NEEDLESS =
            Pattern.compile("(?m)^.*\\bio\\.camelody\\.(cli|http|sandbox|metrics)\\..*$");

    @TempDir
    private Path home;

    @Test
    void makesASongWithoutThem() throws Exception {
        try (Sandbox vendors = Sandbox.start(
                SandboxSettings.defaults().withLatency(Duration.ofMillis(100)).withSongLength(Duration.ofSeconds(1)))) {
            ChildJvm.Ended ended = run(vendors);

            assertThat(ended.output()).contains("the song is delivered");
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output()).doesNotContainPattern(NEEDLESS);
            assertThat(ended.output()).contains("No SLF4J providers were found");
        }
    }

    @Test
    void saysWhatIsToBeAddedForWhatItAsks() throws Exception {
        try (Sandbox vendors = Sandbox.start(SandboxSettings.defaults())) {
            ChildJvm.Ended ended = run(
                    vendors,
                    "-Dcamelody.sinks=file, s3",
                    "-Dcamelody.s3.bucket=b",
                    "-Dcamelody.routes=errors, intake-folder",
                    "-Dcamelody.inbox.schedule=0 0 2 * * ?");

            assertThat(ended.exitCode()).isNotZero();
            assertThat(ended.output())
                    .contains("Add the dependency org.apache.camel:camel-aws2-s3")
                    .contains("Add the dependency org.apache.camel:camel-quartz");
        }
    }

    private ChildJvm.Ended run(Sandbox vendors, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of("-verbose:class", "-Dcamelody.home=" + home));
        vendors.settings().forEach((name, value) -> options.add("-D%s=%s".formatted(name, value)));
        options.addAll(List.of(more));
        return ChildJvm.runWithout(ABSENT, options, LoneEstate.class);
    }
}
