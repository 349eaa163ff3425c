package io.camelody.docs;

import io.camelody.settings.RouteFiles;
import io.camelody.testkit.TestCamel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** The routes of the jar as Camel reads them, in a context that starts none. */
final class ShippedRoutes implements AutoCloseable {

    private static final Pattern BEAN = Pattern.compile("(?:\"#|ref: )(camelody[A-Z][A-Za-z0-9]*)");

    private static final Pattern VARIABLE = Pattern.compile(
            "variable\\.([a-zA-Z]+)|variable\\(\"([a-zA-Z]+)" + "|variableSend: (\\w+)|setVariable:\\s+name: (\\w+)");

    private final ModelCamelContext context = (ModelCamelContext) TestCamel.context();
    private final StringBuilder text = new StringBuilder();

    ShippedRoutes() throws Exception {
        for (String place : RouteFiles.find(Path.of("no home")).places()) {
            Resource file = PluginHelper.getResourceLoader(context).resolveResource(place);
            context.addRoutes(PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(file)
                    .iterator()
                    .next());
            text.append(text(file));
        }
    }

    /** The ids of routes that begin with {@code direct:} and their id. */
    Set<String> calledByName() {
        return routes().filter(ShippedRoutes::isCalledByName)
                .map(RouteDefinition::getRouteId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The ids of the others, of the templates and of the configurations. */
    Set<String> others() {
        Set<String> ids = routes().filter(route -> !isCalledByName(route))
                .map(RouteDefinition::getRouteId)
                .collect(Collectors.toCollection(TreeSet::new));
        context.getRouteTemplateDefinitions().forEach(template -> ids.add(template.getId()));
        context.getRouteConfigurationDefinitions().forEach(configuration -> ids.add(configuration.getId()));
        return ids;
    }

    /** Those that the program makes, of the jar's routes and of the examples. */
    Set<String> beans() throws IOException {
        String java = textOf("src/main/java", ".java");
        Set<String> names = named(BEAN, text + textOf("src/examples", ".camel.yaml"));
        names.removeIf(name -> !java.contains("\"" + name + "\""));
        return names;
    }

    /** What a bean of the routes or an estate's own route may find under a name. */
    Set<String> variables() {
        return named(VARIABLE, text.toString());
    }

    private static Set<String> named(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(ShippedRoutes::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String textOf(String folder, String ending) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(ending)).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private static String group(MatchResult found) {
        return Stream.iterate(1, i -> i + 1)
                .map(found::group)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    private Stream<RouteDefinition> routes() {
        return context.getRouteDefinitions().stream();
    }

    private static boolean isCalledByName(RouteDefinition route) {
        return route.getInput().getEndpointUri().equals("direct:" + route.getRouteId());
    }

    private static String text(Resource file) throws IOException {
        try (var in = file.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
