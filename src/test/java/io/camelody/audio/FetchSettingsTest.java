package io.camelody.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({
        // a short song: 3 s less, 5 s more
        "30, 27, true", "30, 26.9, false", "30, 35, true", "30, 35.1, false",
        // a long one: 5 % less, 10 % more
        "200, 190, true", "200, 189.9, false", "200, 220, true", "200, 220.1, false",
        "149, 30, false"
    })
    void audioMayDifferFromWhatTheVendorSaidByALittle(double expected, double actual, boolean agree) {
        assertThat(FetchSettings.defaults().agree(expected, actual)).isEqualTo(agree);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings(Duration.ZERO, SECOND, SECOND, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(SECOND, SECOND.negated(), SECOND, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(SECOND, SECOND, Duration.ZERO, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(SECOND, SECOND, SECOND, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(SECOND, SECOND, SECOND, 1, Double.NaN));
    }

    private static FetchSettings settings(Duration connect, Duration stall, Duration total, long max, double part) {
        return new FetchSettings(connect, stall, total, max, part);
    }
}
