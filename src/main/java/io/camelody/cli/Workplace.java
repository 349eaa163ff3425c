package io.camelody.cli;

import io.camelody.component.WorkSettings;
import io.camelody.http.HttpSettings;
import io.camelody.ledger.LedgerSource;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import io.camelody.vendor.Vendors;
import io.camelody.wiring.HomeSettings;
import io.camelody.wiring.Inboxes;
import io.camelody.wiring.RouteNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A home and all settings of the program, read and found good, before anything is opened or started.
 *
 * @param settings those of the work on songs, which an estate has too
 * @param names those of its route files
 * @param http empty where HTTP is off
 * @param warnings what may not be what was meant
 */
record Workplace(
        HomeSettings settings,
        Beside<RouteNames> names,
        Inboxes inboxes,
        Optional<HttpSettings> http,
        List<String> warnings) {

    private static final String BEFORE = "camelody.work.before-submit";

    /** @throws io.camelody.settings.BadSettingsException naming every setting that is wrong */
    static Workplace read(Path home, Map<String, String> environment, Map<String, String> commandLine) {
        PropertyFiles files = PropertyFiles.load(home, environment, commandLine);
        files.find("camelody.ledger.url").ifPresent(Ahead::loadDriver);
        Settings settings =
                new Settings(files::find, name -> files.variableBehind(name).orElse(PropertyFiles.variable(name)));
        HomeSettings ofHome = HomeSettings.read(home, files, settings);
        ofHome.ledger()
                .dataSource()
                .ifPresent(bean -> settings.problem(
                        "Expected camelody.ledger.data-source to be empty, since the program has no beans, got: \"%s\". Set camelody.ledger.url."
                                .formatted(bean)));
        Beside<RouteNames> routes =
                Beside.begin("route-names", () -> RouteNames.in(ofHome.routes().places()));
        settings.text(BEFORE)
                .filter(uri -> uri.startsWith("direct:") && !routes.get().begins(uri))
                .ifPresent(uri -> settings.problem(
                        "Expected %s to be where a loaded route begins, such as direct:camelody-moderation, got: \"%s\"."
                                .formatted(BEFORE, uri)));
        Inboxes inboxes = Inboxes.read(home, settings);
        Optional<HttpSettings> http = HttpSettings.read(settings);
        settings.demandGood();
        return new Workplace(ofHome, routes, inboxes, http, UnknownSettings.find(files, ofHome.routes(), settings));
    }

    /** @param option what the name was given as, for the message */
    void demandVendor(String name, String option) {
        if (vendors().find(name).isEmpty()) {
            throw new UsageException("Expected %s to be one of %s, got: \"%s\"."
                    .formatted(option, String.join(", ", vendors().names()), name));
        }
    }

    /** Without a key no song can be made. */
    void demandKey() {
        if (vendors().withKey().isEmpty()) {
            throw new UsageException("No vendor has a key. Set %s, or run with --sandbox to try it without one."
                    .formatted(String.join(
                            " or ",
                            vendors().all().stream().map(each -> each.keyName()).toList())));
        }
    }

    Path home() {
        return settings.home();
    }

    RouteFiles routes() {
        return settings.routes();
    }

    Vendors vendors() {
        return settings.vendors();
    }

    WorkSettings work() {
        return settings.work();
    }

    /** New each time: whoever opens a ledger there closes it. */
    LedgerSource ledger() {
        return settings.ledger().source();
    }

    String ledgerUrl() {
        return settings.ledger().url();
    }

    Path songs() {
        return settings.songs();
    }

    Path data() {
        return settings.data();
    }

    Path stage() {
        return settings.stage();
    }

    Path rejected() {
        return home().resolve("rejected");
    }
}
