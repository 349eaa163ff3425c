package io.camelody.cli;

import static io.camelody.cli.Ran.camelody;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CamelodyTest {

    @Test
    void aloneItPrintsItsHelpAndIsBadUsage() {
        Ran ran = camelody();

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("Usage: camelody", "sandbox", "--sandbox");
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "songs", "show", "retry", "cancel", "resolve", "check", "sandbox"})
    void helpOfACommandHasAnExampleAndIsNoError(String command) {
        Ran ran = camelody(command, "--help");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Usage: camelody " + command, "Example", " camelody " + command);
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
