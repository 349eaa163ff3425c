package io.camelody.wiring;

import io.camelody.settings.PropertyFiles;
import io.camelody.settings.RouteFiles;
import io.camelody.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * All settings of an estate, read and found good.
 *
 * @param routes where the route files are that it takes
 * @param inboxes the drop folders; empty where {@code intake-folder} is not among its routes
 */
record EstateSettings(HomeSettings home, List<String> routes, Optional<Inboxes> inboxes) {

    private static final String ENDING = ".camel.yaml";

    private static final String HTTP = "intake-http";

    private static final String FOLDER = "intake-folder";

    /**
     * @throws io.camelody.settings.BadSettingsException naming every setting that is wrong
     * @throws BrokenRouteException if two of the files give a name
     */
    static EstateSettings read(ContextSettings own, CamelContext context) {
        PropertyFiles files = own.overShipped();
        Settings settings = new Settings(files::find, name -> name);
        Path folder = Path.of(settings.text("camelody.home").orElse(""))
                .toAbsolutePath()
                .normalize();
        HomeSettings home = HomeSettings.read(folder, files, settings);
        List<String> names = routes(home.routes(), settings);
        Optional<Inboxes> inboxes =
                names.contains(FOLDER) ? Optional.of(Inboxes.read(folder, settings)) : Optional.empty();
        settings.demandGood();
        own.addDefaults(files);
        List<String> places = home.routes().places(file -> names.contains(nameOf(file)));
        RouteNames.in(places).demandUnique();
        return new EstateSettings(home, places, inboxes);
    }

    /** The names of the files that it takes: what brings songs in from elsewhere only where it is named. */
    private static List<String> routes(RouteFiles files, Settings settings) {
        List<String> there = files.byName().keySet().stream()
                .map(EstateSettings::nameOf)
                .filter(name -> !name.equals(HTTP))
                .toList();
        List<String> wanted = settings.list("camelody.routes");
        if (wanted.equals(List.of("all"))) {
            return there.stream().filter(name -> !name.startsWith("intake-")).toList();
        }
        if (wanted.equals(List.of("none"))) {
            return List.of();
        }
        Set<String> unknown =
                wanted.stream().filter(name -> !there.contains(name)).collect(Collectors.toSet());
        if (unknown.remove(HTTP)) {
            settings.problem(
                    "camelody.routes has intake-http, which is for the program alone: who may call is decided by its own server. Call song:request from a route of yours.");
        }
        if (wanted.isEmpty() || !unknown.isEmpty()) {
            settings.problem("Expected camelody.routes to be all, none, off or names out of %s, got: \"%s\"."
                    .formatted(String.join(", ", there), String.join(", ", wanted)));
        }
        return wanted;
    }

    private static String nameOf(String file) {
        return file.substring(0, file.length() - ENDING.length());
    }
}
