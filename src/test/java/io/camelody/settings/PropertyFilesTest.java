package io.camelody.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PropertyFilesTest {

    private static final String TIMEOUT = "camelody.foxai.timeout";

    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private Path home;

    @Test
    void theStrongerSettingHolds() throws IOException {
        assertThat(PropertyFiles.load(home, NONE, NONE).find(TIMEOUT)).contains("6m");

        home(TIMEOUT + " = 7m");
        assertThat(PropertyFiles.load(home, NONE, NONE).find(TIMEOUT)).contains("7m");

        Map<String, String> environment = Map.of("CAMELODY_FOXAI_TIMEOUT", "8m");
        assertThat(PropertyFiles.load(home, environment, NONE).find(TIMEOUT)).contains("8m");

        Map<String, String> commandLine = Map.of(TIMEOUT, "9m");
        assertThat(PropertyFiles.load(home, environment, commandLine).find(TIMEOUT))
                .contains("9m");
    }

    @Test
    void whatAHomeDoesNotSetKeepsItsDefault() throws IOException {
        home("camelody.songs = elsewhere");

        PropertyFiles files = PropertyFiles.load(home, NONE, NONE);

        assertThat(files.find("camelody.songs")).contains("elsewhere");
        assertThat(files.find(TIMEOUT)).contains("6m");
        assertThat(files.all()).containsEntry("camelody.songs", "elsewhere").containsEntry(TIMEOUT, "6m");
    }

    @Test
    void aSettingThatNoFileKnowsCanComeFromTheEnvironment() {
        Map<String, String> environment = Map.of("CAMELODY_NEWVENDOR_API_KEY", "sk-1", "OTHER_THING", "x");
        PropertyFiles files = PropertyFiles.load(home, environment, NONE);

        assertThat(files.find("camelody.newvendor.api-key")).contains("sk-1");
        assertThat(files.find("other.thing")).isEmpty();
    }

    @Test
    void keysComeFromTheirOwnVariables() {
        PropertyFiles files = PropertyFiles.load(home, Map.of("FOXAI_API_KEY", "sk-{{1}}"), NONE);

        assertThat(files.find("camelody.foxai.api-key")).as("as it is").contains("sk-{{1}}");
        assertThat(files.find("camelody.sunomusic.api-key")).contains("");
    }

    @Test
    void placeholdersNameVariablesDefaultsAndOtherSettings() throws IOException {
        home(
                "a = {{env:HOST}}/{{env:PATH_PART:v2:beta}}",
                "b = {{a}}/music",
                "c = {{env:EMPTY:default}}",
                "d = {{nowhere}}!");
        PropertyFiles files = PropertyFiles.load(home, Map.of("HOST", "https://x", "EMPTY", ""), NONE);

        assertThat(files.find("b")).contains("https://x/v2:beta/music");
        assertThat(files.find("c")).contains("");
        assertThat(files.find("d")).contains("!");
    }

    @Test
    void aSettingThatReadsItselfIsRefused() throws IOException {
        home("a = {{b}}", "b = x{{a}}");
        PropertyFiles files = PropertyFiles.load(home, NONE, NONE);

        assertThatThrownBy(() -> files.find("a"))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("Expected a to have a value of its own; it reads itself through a, b.");
        assertThatThrownBy(files::all).isInstanceOf(BadSettingsException.class);
    }

    @Test
    void namesTheVariableBehindASetting() throws IOException {
        home("camelody.sunomusic.api-key = sk-plain", "camelody.x.api-key = {{env:X_KEY:none}}");
        PropertyFiles files = PropertyFiles.load(home, NONE, NONE);

        assertThat(files.variableBehind("camelody.foxai.api-key")).contains("FOXAI_API_KEY");
        assertThat(files.variableBehind("camelody.x.api-key")).contains("X_KEY");
        assertThat(files.variableBehind("camelody.sunomusic.api-key")).isEmpty();
        assertThat(files.variableBehind("camelody.nobody.api-key")).isEmpty();
        assertThat(PropertyFiles.variable("camelody.foxai.api-key")).isEqualTo("CAMELODY_FOXAI_API_KEY");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path file = home("a = \\u12");

        assertThatThrownBy(() -> PropertyFiles.load(home, NONE, NONE))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining(file.toString());

        Files.write(file, new byte[] {'a', '=', (byte) 0xff});
        assertThatThrownBy(() -> PropertyFiles.load(home, NONE, NONE))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining(file.toString());
    }

    private Path home(String... lines) throws IOException {
        Path file = home.resolve("config/application.properties");
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }
}
