package io.camelody.wiring;

import io.camelody.ledger.LedgerSource;
import io.camelody.settings.BadSettingsException;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;

/**
 * Where the ledger is.
 *
 * @param url of its file; empty where a {@code DataSource} has it
 * @param dataSource the name of the bean that has it
 */
public record LedgerSettings(String url, Optional<String> dataSource) {

    private static final String SQLITE = "jdbc:sqlite:";

    /** @throws BadSettingsException if the registry has no such bean */
    LedgerSource source(Registry registry) {
        return dataSource
                .map(name -> Optional.ofNullable(registry.lookupByNameAndType(name, DataSource.class))
                        .map(LedgerSource::of)
                        .orElseThrow(() -> new BadSettingsException(List.of(
                                "Expected camelody.ledger.data-source to name a bean of type javax.sql.DataSource, got: \"%s\"; there is none."
                                        .formatted(name)))))
                .orElseGet(() -> LedgerSource.of(url));
    }

    /** A relative file in the URL lies in the home, wherever the process was started. */
    static LedgerSettings read(Path home, Settings settings) {
        Optional<String> dataSource = settings.text("camelody.ledger.data-source");
        String url = settings.text("camelody.ledger.url").orElse("");
        if (dataSource.isPresent()) {
            return new LedgerSettings("", dataSource);
        }
        if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
            settings.problem("Expected camelody.ledger.url to be jdbc:sqlite: and a file, got: \"%s\".".formatted(url));
            return new LedgerSettings("", Optional.empty());
        }
        return new LedgerSettings(SQLITE + home.resolve(url.substring(SQLITE.length())), Optional.empty());
    }
}
