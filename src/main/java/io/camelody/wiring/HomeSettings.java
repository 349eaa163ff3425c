package io.camelody.wiring;

import io.camelody.audio.FetchSettings;
import io.camelody.audio.Finish;
import io.camelody.component.WorkSettings;
import io.camelody.ledger.Budget;
import io.camelody.outgoing.AddressRule;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import io.camelody.sink.S3Settings;
import io.camelody.vendor.Vendors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A home and the settings of the work on songs, as the program and an estate both have them, read before anything is opened
 * or started.
 *
 * @param properties every setting with its placeholders resolved, for the routes
 * @param routes the files of the home and of the jar, without the sinks that are not in use
 * @param addresses where URLs that others gave may lead
 * @param songs the folder of the file sink
 * @param s3 where the s3 sink puts songs; empty where that is not in use
 */
public record HomeSettings(
        Path home,
        Map<String, String> properties,
        RouteFiles routes,
        Vendors vendors,
        WorkSettings work,
        Budget budget,
        FetchSettings fetch,
        Finish finish,
        AddressRule addresses,
        LedgerSettings ledger,
        Path songs,
        Optional<S3Settings> s3) {

    /** Reads them, and notes in the settings what is wrong with them: the caller demands them good. */
    public static HomeSettings read(Path home, PropertyFiles files, Settings settings) {
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
        return new HomeSettings(
                home,
                files.all(),
                routes.withSinks(work.sinksInUse()),
                vendors,
                work,
                Budget.read(vendors.names(), settings),
                fetch(settings),
                Finish.read(settings),
                AddressRule.read(settings),
                LedgerSettings.read(home, settings),
                home.resolve(settings.text("camelody.songs").orElse("songs")),
                work.sinks().contains("s3") ? Optional.of(s3(settings)) : Optional.empty());
    }

    private static S3Settings s3(Settings settings) {
        if (!Jars.have("org.apache.camel.component.aws2.s3.AWS2S3Component")
                || !Jars.have("software.amazon.awssdk.http.apache.ApacheHttpClient")) {
            settings.problem(
                    "camelody.sinks names s3, for which Amazon's client is not there. Add the dependency org.apache.camel:camel-aws2-s3, or take s3 out.");
        }
        return S3Settings.read(settings);
    }

    private static FetchSettings fetch(Settings settings) {
        Duration second = Duration.ofSeconds(1);
        return new FetchSettings(
                settings.durationAtLeast("camelody.audio.connect-timeout", second),
                settings.durationAtLeast("camelody.audio.stall-timeout", second),
                settings.durationAtLeast("camelody.audio.total-timeout", second),
                settings.count("camelody.audio.max-bytes", 1, Integer.MAX_VALUE, ""),
                FetchSettings.defaults().durationTolerance());
    }

    /** What Camelody keeps for itself. */
    public Path data() {
        return home.resolve("data");
    }

    /** Where clips wait for the sinks. */
    public Path stage() {
        return data().resolve("audio");
    }
}
