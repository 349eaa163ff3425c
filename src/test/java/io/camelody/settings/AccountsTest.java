package io.camelody.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountsTest {

    private static final AccountFile FOXAI_2 = new AccountFile("foxai-2", "foxai", "file:/home/foxai.camel.yaml");

    @TempDir
    private Path home;

    @Test
    void whatAnAccountDoesNotSetIsItsVendors() {
        PropertyFiles files = load(Map.of(
                "camelody.foxai-2.like", "foxai",
                "camelody.foxai-2.submit-rate", "2",
                "camelody.foxai-2.price", "",
                "camelody.foxai.timeout", "{{camelody.common}}",
                "camelody.common", "9m"));

        assertThat(files.find("camelody.foxai-2.timeout")).contains("9m");
        assertThat(files.find("camelody.foxai-2.submit-rate")).contains("2");
        assertThat(files.find("camelody.foxai-2.price")).contains("");
        assertThat(files.find("camelody.foxai-2.nothing")).isEmpty();
        assertThat(files.all())
                .containsEntry("camelody.foxai-2.base-url", "https://api.foxaihub.com/api/v2")
                .containsEntry("camelody.foxai-2.submit-rate", "2");
        assertThat(files.names()).doesNotContain("camelody.foxai-2.base-url");
    }

    @Test
    void aSecretIsNeverTakenOver() {
        PropertyFiles files = load(Map.of(
                "camelody.foxai-2.like", "foxai",
                "camelody.foxai.api-key", "one",
                "camelody.foxai.login.password", "two"));

        assertThat(files.find("camelody.foxai-2.api-key")).isEmpty();
        assertThat(files.find("camelody.foxai-2.login.password")).isEmpty();
        assertThat(files.all()).containsEntry("camelody.foxai-2.api-key", "");
    }

    @Test
    void theEnvironmentMakesAndSetsAnAccountToo() {
        PropertyFiles files = PropertyFiles.load(
                home,
                Map.of(
                        "CAMELODY_FOXAI_2_LIKE", "foxai",
                        "CAMELODY_FOXAI_2_API_KEY", "key",
                        "CAMELODY_FOXAI_2_TIMEOUT", "7m",
                        "CAMELODY_FOXAI_POLL_BATCH", "3"),
                Map.of());

        assertThat(files.accounts().likes()).containsOnly(Map.entry("foxai-2", "foxai"));
        assertThat(files.find("camelody.foxai-2.api-key")).contains("key");
        assertThat(files.find("camelody.foxai-2.timeout")).contains("7m");
        assertThat(files.find("camelody.foxai-2.poll-batch")).contains("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "camelody.foxai-2.like"})
    void anEstateHasAccountsByVariablesToo(String listed) {
        Map<String, String> environment = Map.of("CAMELODY_FOXAI_2_LIKE", "foxai");
        Set<String> names = listed.isEmpty() ? Set.of() : Set.of(listed);

        PropertyFiles files = PropertyFiles.over(name -> Optional.empty(), names, environment);

        assertThat(files.accounts().likes()).containsOnly(Map.entry("foxai-2", "foxai"));
        assertThat(files.find("camelody.foxai-2.timeout")).isEqualTo(files.find("camelody.foxai.timeout"));
    }

    @Test
    void eachMistakeIsNamed() throws IOException {
        assertThat(problemsOf("camelody.foxai-2.like", "foxy"))
                .isEqualTo(
                        "Expected camelody.foxai-2.like to be a vendor that has a file in routes/vendors (foxai, senseaudio, sunomusic), got: \"foxy\".");
        assertThat(problemsOf("camelody.foxai-2.like", "foxai-2"))
                .startsWith("Expected camelody.foxai-2.like to be a vendor");
        assertThat(problemsOf("camelody.foxai.like", "senseaudio"))
                .isEqualTo(
                        "Expected camelody.foxai.like to name a new account; routes/vendors has a file of its own for foxai. Choose another name, such as foxai-2.");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), "camelody.foxai-2.like = foxai\n");
        assertThat(problemsOf("camelody.foxai-3.like", "foxai-2"))
                .isEqualTo(
                        "Expected camelody.foxai-3.like to be a vendor with a file, got: \"foxai-2\", which is like foxai itself.");
    }

    @Test
    void accountsThatAreLikeEachOtherAreToldAndReadNothing() {
        PropertyFiles files = load(Map.of("camelody.a.like", "b", "camelody.b.like", "a"));

        assertThat(files.find("camelody.a.timeout")).isEmpty();
        assertThatThrownBy(() -> demandGood(files))
                .hasMessageContaining("camelody.a.like")
                .hasMessageContaining("camelody.b.like");
    }

    @Test
    void onlyNamesThatAreTheVendorsAreExchanged() {
        String text =
                """
                - route:
                    id: camelody-foxai-song-submit
                    group: camelody-foxai
                    description: Asks foxai, like camelody-foxaihub and camelody-foxai's own.
                    from:
                      uri: direct
                      parameters: {name: "camelody-foxai-song-submit"}
                      steps:
                        - setHeader: {name: x-foxai-token, constant: "{{camelody.foxai.api-key}} {{?camelody.foxai.region}}"}
                        - to: "{{camelody.foxai.base-url}}/foxai/music"
                        - to: direct:camelody-vendor-answer
                        - to: direct:camelody-other-foxai
                        - to: "{{camelody.foxai-eu.base-url}}"
                """;

        assertThat(FOXAI_2.read(text))
                .isEqualTo(
                        """
                        - route:
                            id: camelody-foxai-2-song-submit
                            group: camelody-foxai-2
                            description: Asks foxai, like camelody-foxaihub and camelody-foxai-2's own.
                            from:
                              uri: direct
                              parameters: {name: "camelody-foxai-2-song-submit"}
                              steps:
                                - setHeader: {name: x-foxai-token, constant: "{{camelody.foxai-2.api-key}} {{?camelody.foxai-2.region}}"}
                                - to: "{{camelody.foxai-2.base-url}}/foxai/music"
                                - to: direct:camelody-vendor-answer
                                - to: direct:camelody-other-foxai
                                - to: "{{camelody.foxai-eu.base-url}}"
                        """);
    }

    @Test
    void aPlaceIsReadAsItWasWritten() {
        assertThat(AccountFile.at(FOXAI_2.place())).contains(FOXAI_2);
        assertThat(AccountFile.at(FOXAI_2.file())).isEmpty();
    }

    private PropertyFiles load(Map<String, String> settings) {
        return PropertyFiles.load(home, Map.of(), settings);
    }

    private String problemsOf(String name, String value) {
        PropertyFiles files = load(Map.of(name, value));
        try {
            demandGood(files);
            return "";
        } catch (BadSettingsException e) {
            return String.join("\n", e.problems());
        }
    }

    private void demandGood(PropertyFiles files) {
        Settings settings = new Settings(files::find, name -> name);
        files.accounts().check(RouteFiles.find(home).vendors(), settings);
        settings.demandGood();
    }
}
