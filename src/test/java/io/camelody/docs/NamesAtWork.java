package io.camelody.docs;

import io.camelody.component.SongRuntime;
import io.camelody.component.WorkListener.Call;
import io.camelody.component.WorkSettings;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.Step;
import io.camelody.metrics.Exposition;
import io.camelody.metrics.SongMeters;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.TestVendors;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Names that are there only when something is at work: the columns of a ledger, and what is counted. */
final class NamesAtWork {

    private final Path folder;

    NamesAtWork(Path folder) {
        this.folder = folder;
    }

    /** Of the tables that somebody asks for a bill or a list; the others are the program's own. */
    Set<String> columns() throws SQLException {
        Set<String> names = new TreeSet<>();
        ledger().close();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String table : List.of("song", "task", "event")) {
                ResultSet columns = statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')");
                while (columns.next()) {
                    names.add(table + "." + columns.getString(1));
                }
            }
        }
        return names;
    }

    /** With their tags, once everything that is counted has happened. */
    Set<String> meters() {
        try (SongLedger ledger = ledger();
                Exposition program = new Exposition(Map.of("data", () -> OptionalLong.of(1)))) {
            SongMeters meters = new SongMeters(program.registry(), runtime(ledger));
            meters.called("foxai", Step.SONG, Call.SUBMIT, Optional.empty(), Duration.ofSeconds(1));
            return program.registry().getMeters().stream()
                    .map(Meter::getId)
                    .filter(id -> id.getName().startsWith("camelody."))
                    .map(id -> id.getTags().stream()
                            .map(Tag::getKey)
                            .sorted()
                            .collect(Collectors.joining(",", id.getName() + "{", "}")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static SongRuntime runtime(SongLedger ledger) {
        WorkSettings work = new WorkSettings(
                Duration.ofMinutes(20),
                Duration.ofMinutes(5),
                3,
                Duration.ZERO,
                List.of("file"),
                Optional.empty(),
                WebhookSettings.none());
        return new SongRuntime(
                ledger,
                new SongLedger.Scope(false, Optional.empty()),
                TestVendors.vendors(List.of("foxai"), Map.of()),
                work,
                new SongRuntime.Time(Clock.systemUTC(), new Random(1)));
    }

    private SongLedger ledger() {
        return SongLedger.openForWork(url(), Clock.systemUTC());
    }

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }
}
