package io.camelody.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

    private final Map<String, String> values = new HashMap<>();

    private final Settings settings =
            new Settings(name -> Optional.ofNullable(values.get(name)), PropertyFiles::variable);

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "90s, PT1M30S",
        "6m, PT6M",
        "1h, PT1H",
        "2d, PT48H",
        "0s, PT0S",
        "' 6m ', PT6M",
        "999999999d, PT23999999976H"
    })
    void readsDurationsWithTheirUnit(String text, Duration duration) {
        assertThat(Settings.durationOf(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2 m", "-2m", "2.5m", "2M", "m", "1h30m", "9999999999s", "6min"})
    void takesNothingElseForADuration(String text) {
        assertThat(Settings.durationOf(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0.5S, 500ms", "PT1M30S, 90s", "PT6M, 6m", "PT1H, 1h", "PT36H, 36h", "PT0S, 0s", "PT1.5S, 1500ms"})
    void writesDurationsAsItReadsThem(Duration duration, String text) {
        assertThat(Settings.words(duration)).isEqualTo(text);
        assertThat(Settings.durationOf(text)).contains(duration);
    }

    @Test
    void aDurationThatIsTooShortOrNoneIsAProblem() {
        values.put("a", "2");
        values.put("b", "1s");

        settings.durationAtLeast("a", Duration.ofSeconds(10));
        settings.durationAtLeast("b", Duration.ofSeconds(90));
        settings.durationAtLeast("c", Duration.ZERO);

        assertProblems(
                "Expected a to be a duration of at least 10s, got: \"2\". Write a number and a unit, such as 90s or 6m.",
                "Expected b to be a duration of at least 90s, got: \"1s\". Write a number and a unit, such as 90s or 6m.",
                "Expected c to be a duration of at least 0s, got: \"\". Write a number and a unit, such as 90s or 6m.");
    }

    @ParameterizedTest
    @CsvSource({"0.035, 35000", "1, 1000000", "0, 0", "12.5, 12500000", "0.5000000, 500000", "0.000001, 1", "'', 0"})
    void readsPricesInDollars(String text, long micros) {
        values.put("price", text);

        assertThat(settings.price("price")).isEqualTo(micros);
        assertThatCode(settings::demandGood).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0,035", "free", "$1", "0.0000001", "1e2", "9999999999999", "NaN"})
    void takesNothingElseForAPrice(String text) {
        values.put("price", text);

        settings.price("price");

        assertProblems("Expected price to be a price in US dollars such as 0.035, got: \"" + text + "\".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "5.0", "five", "", "99999999999"})
    void aNumberOutOfRangeIsAProblem(String text) {
        values.put("n", text);

        settings.count("n", 1, 100, "");

        assertProblems("Expected n to be a whole number from 1 to 100, got: \"" + text + "\".");
    }

    @Test
    void readsListsWordsAndTextWithoutBlanks() {
        values.put("list", " a, b ,,c ");
        values.put("blank", "  ");
        values.put("word", "hold");

        assertThat(settings.list("list")).containsExactly("a", "b", "c");
        assertThat(settings.list("blank")).isEmpty();
        assertThat(settings.text("blank")).isEmpty();
        assertThat(settings.oneOf("word", List.of("hold", "resubmit"), "hold")).isEqualTo("hold");
        assertThat(settings.oneOf("absent", List.of("hold", "resubmit"), "resubmit"))
                .isEqualTo("resubmit");
        assertThat(settings.read()).containsExactlyInAnyOrder("list", "blank", "word", "absent");
    }

    @Test
    void allProblemsOfAllVendorsAreSaidAtOnce() {
        values.putAll(Map.of(
                "camelody.foxai.can", "prompt, dance",
                "camelody.foxai.timeout", "6 minutes",
                "camelody.foxai.on-doubt", "maybe",
                "camelody.foxai.poll-batch", "0",
                "camelody.foxai.price", "cheap",
                "camelody.foxai.submit-rate", "0"));

        VendorSettings.read("foxai", settings);
        VendorSettings.read("sunomusic", settings);

        assertThatThrownBy(settings::demandGood).isInstanceOfSatisfying(BadSettingsException.class, bad -> {
            assertThat(bad.problems()).hasSize(7);
            assertThat(bad)
                    .hasMessageContaining("camelody.foxai.can to name abilities")
                    .hasMessageContaining("got: \"dance\"")
                    .hasMessageContaining("camelody.foxai.timeout")
                    .hasMessageContaining(
                            "Expected camelody.foxai.on-doubt to be one of hold, resubmit, got: \"maybe\".")
                    .hasMessageContaining("camelody.foxai.poll-batch")
                    .hasMessageContaining("camelody.foxai.price")
                    .hasMessageContaining("camelody.foxai.submit-rate")
                    .hasMessageContaining("camelody.sunomusic.can to say what the vendor can do");
        });
    }

    @Test
    void aVendorsSettingsDoNotPrintItsKey() {
        values.put("camelody.foxai.can", "prompt");
        values.put("camelody.foxai.api-key", "sk-123");

        VendorSettings vendor = VendorSettings.read("foxai", settings);

        assertThat(vendor.apiKey()).contains("sk-123");
        assertThat(vendor.keyName()).isEqualTo("CAMELODY_FOXAI_API_KEY");
        assertThat(List.of(vendor).toString()).contains("foxai").doesNotContain("sk-123");
    }

    private void assertProblems(String... problems) {
        assertThatThrownBy(settings::demandGood)
                .isInstanceOfSatisfying(BadSettingsException.class, bad -> assertThat(bad.problems())
                        .containsExactly(problems));
    }
}
