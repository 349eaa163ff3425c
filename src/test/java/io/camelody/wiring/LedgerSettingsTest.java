package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.settings.BadSettingsException;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerSettingsTest {

    private static final String POSTGRES = "jdbc:postgresql://db.example/songs";

    @Test
    void fileLiesInTheHome() {
        assertThat(read(Map.of("camelody.ledger.url", "jdbc:sqlite:data/l.db")).url())
                .isEqualTo("jdbc:sqlite:" + Path.of("/home/data/l.db"));
    }

    @Test
    void databaseHasItsUserAndAPasswordThatIsNotShown() {
        LedgerSettings settings = read(Map.of(
                "camelody.ledger.url", POSTGRES, "camelody.ledger.user", "me", "camelody.ledger.password", "hush"));

        assertThat(settings.url()).isEqualTo(POSTGRES);
        assertThat(settings.user()).contains("me");
        assertThat(settings.password()).contains("hush");
        assertThat(settings).asString().doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                POSTGRES + "?password=hush",
                POSTGRES + "?ssl=true&user=me&password=hush",
                "jdbc:postgresql://me:hush@db.example/songs"
            })
    void secretInTheUrlIsRefusedAndNotRepeated(String url) {
        assertThatThrownBy(() -> read(Map.of("camelody.ledger.url", url)))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("camelody.ledger.password")
                .hasMessageNotContaining("hush");
    }

    @Test
    void anotherDatabaseIsNoLedger() {
        assertThatThrownBy(() -> read(Map.of("camelody.ledger.url", "jdbc:h2:mem:x")))
                .hasMessageContaining("jdbc:postgresql:");
    }

    @Test
    void fewerConnectionsThanANodeNeedsAreRefused() {
        assertThatThrownBy(() -> read(Map.of("camelody.ledger.url", POSTGRES, "camelody.ledger.connections", "2")))
                .hasMessageContaining("camelody.ledger.connections to be a whole number from 4 to 1000, got: \"2\"");
    }

    private static LedgerSettings read(Map<String, String> values) {
        Settings settings = new Settings(name -> Optional.ofNullable(values.get(name)), UnaryOperator.identity());
        LedgerSettings read = LedgerSettings.read(Path.of("/home"), settings);
        settings.demandGood();
        return read;
    }
}
