package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> NAMES = List.of("prompt", "style", "negativeStyle", "foxai", "s3", "file", "at");

    @ParameterizedTest
    @CsvSource({
        "promt,prompt",
        "rpompt,prompt",
        "Stile,style",
        "negative-stlye,negativeStyle",
        "fox,foxai",
        "FOXAI,foxai",
        "s4,s3",
        "fiel,file"
    })
    void aSlipOfTheFingersFindsTheName(String slip, String meant) {
        assertThat(NearestName.to(slip, NAMES)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"tempo", "colour", "x", "''", "stylishness"})
    void whatIsNotNearHasNoSuggestion(String name) {
        assertThat(NearestName.to(name, NAMES)).isEmpty();
    }

    @Test
    void aNameOfAMegabyteCostsNothing() {
        assertThat(NearestName.to("p".repeat(1 << 20), NAMES)).isEmpty();
    }
}
