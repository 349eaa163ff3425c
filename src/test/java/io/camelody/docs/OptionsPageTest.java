package io.camelody.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of all options says what the code says. */
class OptionsPageTest {

    private static final Path PAGE = Path.of("src/docs/options.md");

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        String written = OptionsPage.write();
        if (System.getProperty("camelody.write-pages") != null) {
            Files.writeString(PAGE, written);
        }

        assertThat(PAGE)
                .as("written anew by ./mvnw test -Dtest=OptionsPageTest -Dcamelody.write-pages")
                .hasContent(written);
    }

    @Test
    void everyCommandSaysWhatItsExitCodesMean() {
        assertThat(OptionsPage.commandLine().getCommandSpec().usageMessage().exitCodeList())
                .containsOnlyKeys("0", "1", "2", "130");
    }
}
