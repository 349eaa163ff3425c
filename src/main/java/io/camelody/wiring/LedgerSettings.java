package io.camelody.wiring;

import io.camelody.ledger.LedgerSource;
import io.camelody.settings.BadSettingsException;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;

/**
 * Where the ledger is.
 *
 * @param url of its file or database; empty where a {@code DataSource} has it
 * @param dataSource the name of the bean that has it
 * @param user who asks the database of the URL, and {@code password} what proves it
 * @param connections to that database at most
 */
public record LedgerSettings(
        String url, Optional<String> dataSource, Optional<String> user, Optional<String> password, int connections) {

    private static final String SQLITE = "jdbc:sqlite:";

    private static final String POSTGRES = "jdbc:postgresql:";

    /** A password, or what stands before the host, which PostgreSQL's driver does not take for a user. */
    private static final Pattern SECRET = Pattern.compile("[?&](password|user)=|//[^/?]*@");

    /** @throws BadSettingsException if the registry has no such bean */
    LedgerSource source(Registry registry) {
        return dataSource
                .map(name -> Optional.ofNullable(registry.lookupByNameAndType(name, DataSource.class))
                        .map(LedgerSource::of)
                        .orElseThrow(() -> new BadSettingsException(List.of(
                                "Expected camelody.ledger.data-source to name a bean of type javax.sql.DataSource, got: \"%s\"; there is none."
                                        .formatted(name)))))
                .orElseGet(this::source);
    }

    /** Of the URL. */
    public LedgerSource source() {
        return LedgerSource.of(url, user, password, connections);
    }

    /** A relative file in the URL lies in the home, wherever the process was started. */
    static LedgerSettings read(Path home, Settings settings) {
        Optional<String> dataSource = settings.text("camelody.ledger.data-source");
        Optional<String> user = settings.text("camelody.ledger.user");
        Optional<String> password = settings.text("camelody.ledger.password");
        int connections = settings.count("camelody.ledger.connections", LedgerSource.LEAST_CONNECTIONS, 1_000, "10");
        return new LedgerSettings(
                dataSource.isPresent() ? "" : url(home, settings), dataSource, user, password, connections);
    }

    private static String url(Path home, Settings settings) {
        String url = settings.text("camelody.ledger.url").orElse("");
        if (url.startsWith(POSTGRES)) {
            demandPostgres(url, settings);
            return url;
        }
        if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
            settings.problem(
                    "Expected camelody.ledger.url to be jdbc:sqlite: and a file, or jdbc:postgresql: and a database, got: \"%s\"."
                            .formatted(url));
            return "";
        }
        return SQLITE + home.resolve(url.substring(SQLITE.length()));
    }

    private static void demandPostgres(String url, Settings settings) {
        if (SECRET.matcher(url).find()) {
            settings.problem(
                    "Expected camelody.ledger.url to be without user and password. Set camelody.ledger.user and camelody.ledger.password, which are shown nowhere.");
        }
        if (!Jars.have("org.postgresql.Driver") || !Jars.have("com.zaxxer.hikari.HikariDataSource")) {
            settings.problem(
                    "camelody.ledger.url names PostgreSQL, for which there is no driver or no pool. Add the dependencies org.postgresql:postgresql and com.zaxxer:HikariCP.");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "LedgerSettings[" + url + dataSource.orElse("") + "]";
    }
}
