package io.camelody.cli;

import io.camelody.audio.FetchSettings;
import io.camelody.component.WorkSettings;
import io.camelody.http.HttpSettings;
import io.camelody.ledger.Budget;
import io.camelody.outgoing.AddressRule;
import io.camelody.sandbox.Sandbox;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import io.camelody.sink.S3Settings;
import io.camelody.vendor.Vendors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quartz.CronExpression;

/**
 * A home and all of its settings, read and found good, before anything is opened or started.
 *
 * @param properties every setting with its placeholders resolved, for the routes
 * @param addresses where URLs that others gave may lead
 * @param songs the folder of the file sink
 * @param s3 where the s3 sink puts songs; empty where that is not in use
 * @param inboxes the drop folders
 * @param inboxSchedule when they are looked at, as a Quartz cron expression; empty for always
 * @param http empty where HTTP is off
 * @param warnings what may not be what was meant
 */
record Workplace(
        Path home,
        Map<String, String> properties,
        RouteFiles routes,
        Vendors vendors,
        WorkSettings work,
        Budget budget,
        FetchSettings fetch,
        AddressRule addresses,
        String ledgerUrl,
        Path songs,
        Optional<S3Settings> s3,
        List<Path> inboxes,
        Optional<String> inboxSchedule,
        Optional<HttpSettings> http,
        List<String> warnings) {

    /** @throws io.camelody.settings.BadSettingsException naming every setting that is wrong */
    static Workplace read(Path home, Map<String, String> environment, Map<String, String> commandLine) {
        PropertyFiles files = PropertyFiles.load(home, environment, commandLine);
        Settings settings =
                new Settings(files::find, name -> files.variableBehind(name).orElse(PropertyFiles.variable(name)));
        RouteFiles found = RouteFiles.find(home);
        files.accounts().check(found.vendors(), settings);
        RouteFiles routes = found.with(files.accounts());
        Vendors vendors = Vendors.read(routes.vendors(), settings);
        WorkSettings work = WorkSettings.read(settings);
        work.sinks().stream()
                .filter(sink -> !routes.sinks().contains(sink))
                .forEach(sink -> settings.problem(
                        "Expected camelody.sinks to name files of routes/sinks, got: \"%s\". There are: %s."
                                .formatted(sink, String.join(", ", routes.sinks()))));
        Duration second = Duration.ofSeconds(1);
        FetchSettings fetch = new FetchSettings(
                settings.duration("camelody.audio.connect-timeout", second),
                settings.duration("camelody.audio.stall-timeout", second),
                settings.duration("camelody.audio.total-timeout", second),
                settings.count("camelody.audio.max-bytes", 1, Integer.MAX_VALUE, ""),
                FetchSettings.defaults().durationTolerance());
        AddressRule addresses = AddressRule.read(settings);
        String ledger = ledgerUrl(home, settings);
        Path songs = home.resolve(settings.text("camelody.songs").orElse("songs"));
        Optional<S3Settings> s3 =
                work.sinks().contains("s3") ? Optional.of(S3Settings.read(settings)) : Optional.empty();
        List<Path> inboxes =
                settings.list("camelody.inbox").stream().map(home::resolve).toList();
        Optional<String> schedule = settings.text("camelody.inbox.schedule");
        schedule.filter(cron -> !CronExpression.isValidExpression(cron))
                .ifPresent(cron -> settings.problem(
                        "Expected camelody.inbox.schedule to be a Quartz cron expression, such as 0 0 2 * * ? for two at night, got: \"%s\"."
                                .formatted(cron)));
        Budget budget = Budget.read(vendors.names(), settings);
        Optional<HttpSettings> http = HttpSettings.read(settings);
        settings.demandGood();
        List<String> warnings = UnknownSettings.find(files, routes, settings);
        return new Workplace(
                home,
                files.all(),
                routes.withSinks(work.sinksInUse()),
                vendors,
                work,
                budget,
                fetch,
                addresses,
                ledger,
                songs,
                s3,
                inboxes,
                schedule,
                http,
                warnings);
    }

    /** A relative file in the URL lies in the home, wherever the program was started. */
    private static String ledgerUrl(Path home, Settings settings) {
        String prefix = "jdbc:sqlite:";
        Optional<String> url = settings.text("camelody.ledger.url");
        if (url.isEmpty() || !url.get().startsWith(prefix) || url.get().length() == prefix.length()) {
            settings.problem("Expected camelody.ledger.url to be jdbc:sqlite: and a file, got: \"%s\"."
                    .formatted(url.orElse("")));
            return "";
        }
        return prefix + home.resolve(url.get().substring(prefix.length()));
    }

    /** @param option what the name was given as, for the message */
    void demandVendor(String name, String option) {
        if (vendors.find(name).isEmpty()) {
            throw new UsageException("Expected %s to be one of %s, got: \"%s\"."
                    .formatted(option, String.join(", ", vendors.names()), name));
        }
    }

    /** The settings that make this home use a sandbox, accounts of its vendors too; what it allows to be called stays allowed. */
    Map<String, String> settingsFor(Sandbox sandbox) {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        routes.accounts().forEach(account -> sandbox.settings()
                .forEach((name, value) -> settings.put(account.read(name), value)));
        settings.merge(Sandbox.ALLOW, properties.getOrDefault(Sandbox.ALLOW, ""), (needed, own) -> own + ", " + needed);
        return settings;
    }

    /** Without a key no song can be made. */
    void demandKey() {
        if (vendors.withKey().isEmpty()) {
            throw new UsageException("No vendor has a key. Set %s, or run with --sandbox to try it without one."
                    .formatted(String.join(
                            " or ",
                            vendors.all().stream().map(each -> each.keyName()).toList())));
        }
    }

    /** What the program keeps for itself. */
    Path data() {
        return home.resolve("data");
    }

    /** Where clips wait for the sinks. */
    Path stage() {
        return data().resolve("audio");
    }

    Path rejected() {
        return home.resolve("rejected");
    }
}
