package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import org.junit.jupiter.api.Test;

class SandboxCommandTest {

    @Test
    void portThatIsTakenIsBadUsage() {
        try (Sandbox other = Sandbox.start(SandboxSettings.defaults())) {
            Ran ran = camelody("sandbox", "--port", other.port());

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err())
                    .startsWith("The sandbox cannot listen on port %d: ".formatted(other.port()))
                    .contains("Give another with --port");
        }
    }

    @Test
    void valuesThatCannotBeAreBadUsage() {
        assertThat(camelody("sandbox", "--port", "70000").err()).contains("from 0 to 65535");
        assertThat(camelody("sandbox", "--latency", "5").err()).contains("'--latency'", "500ms", "\"5\"");
        assertThat(camelody("sandbox", "--failures", "2").err()).contains("from 0 to 1");
        assertThat(camelody("sandbox", "--song-length", "1ms").err()).contains("at least 100 ms");
        assertThat(camelody("sandbox", "--fault", "foxai:submit").err()).contains("vendor:call:times:trouble");
        assertThat(camelody("sandbox", "--fault", "foxai:submit").code()).isEqualTo(2);
    }
}
