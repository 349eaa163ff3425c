package io.camelody.cli;

import io.camelody.settings.RouteFiles;
import io.camelody.wiring.RouteNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;

/** The route files of a home, each with what it defines, as Camel has read them. */
record RouteList(List<File> files) {

    /**
     * @param name under {@code routes/}
     * @param place where it is found, as Camel writes it
     * @param isOwn whether it is the home's, and not the program's
     * @param replaces whether it takes the place of a shipped one
     * @param unused why neither a batch nor a run loads it; empty if one does
     * @param entries what it defines, in its order; empty where it is not loaded
     */
    record File(
            String name, String place, boolean isOwn, boolean replaces, Optional<String> unused, List<Entry> entries) {

        /** The commands that load it. */
        List<String> loadedBy() {
            if (unused.isPresent()) {
                return List.of();
            }
            return RouteFiles.isIntake(name) ? List.of("run") : List.of("batch", "run");
        }
    }

    enum Kind {
        ROUTE,
        TEMPLATE,
        CONFIGURATION
    }

    /** @param from the endpoint where a route or those of a template begin, without its parameters */
    record Entry(Kind kind, String id, Optional<String> from, Optional<String> description) {}

    /** @param model of the routes that are loaded */
    static RouteList of(Workplace place, Model model) {
        RouteFiles all = RouteFiles.find(place.home());
        Set<String> replaced = all.replaced();
        Map<String, List<Entry>> byPlace = entries(model, RouteNames.in(all.places()));
        List<File> files = new ArrayList<>();
        all.byName()
                .forEach((name, where) -> files.add(new File(
                        name,
                        where,
                        all.isOwn(name),
                        replaced.contains(name),
                        whyUnused(name, place),
                        byPlace.getOrDefault(where, List.of()))));
        return new RouteList(files);
    }

    private static Optional<String> whyUnused(String name, Workplace place) {
        if (!place.routes().byName().containsKey(name)) {
            return Optional.of("not in camelody.sinks");
        }
        return RouteFiles.isHttpIntake(name) && place.http().isEmpty()
                ? Optional.of("camelody.http.port is empty")
                : Optional.empty();
    }

    private static Map<String, List<Entry>> entries(Model model, RouteNames names) {
        Map<String, List<Entry>> entries = new TreeMap<>();
        for (RouteConfigurationDefinition each : model.getRouteConfigurationDefinitions()) {
            names.fileOfConfiguration(each.getId())
                    .ifPresent(place -> add(entries, place, Kind.CONFIGURATION, each, Optional.empty()));
        }
        for (RouteTemplateDefinition each : model.getRouteTemplateDefinitions()) {
            add(entries, each.getResource().getLocation(), Kind.TEMPLATE, each, from(each.getRoute()));
        }
        for (RouteDefinition each : model.getRouteDefinitions()) {
            add(entries, each.getResource().getLocation(), Kind.ROUTE, each, from(each));
        }
        return entries;
    }

    private static void add(
            Map<String, List<Entry>> entries,
            String place,
            Kind kind,
            OptionalIdentifiedDefinition<?> definition,
            Optional<String> from) {
        Optional<String> description = Optional.ofNullable(definition.getDescriptionText());
        entries.computeIfAbsent(place, key -> new ArrayList<>())
                .add(new Entry(kind, definition.getId(), from, description));
    }

    /** Without parameters and without who calls: either may have a secret in it. */
    private static Optional<String> from(RouteDefinition route) {
        return Optional.of(
                route.getInput().getEndpointUri().replaceFirst("[?].*", "").replaceFirst("//[^/]*@", "//"));
    }
}
