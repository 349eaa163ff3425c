package io.camelody.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.xml.LwModelToXMLDumper;
import org.apache.camel.yaml.LwModelToYAMLDumper;

/** Route files as tools leave them that read and save them, and what Camel takes a file to mean. */
public final class SavedRoutes {

    private static final ObjectMapper YAML = new YAMLMapper();

    /** Kaoto 2.7.1 puts the steps of a step first, and then goes by the alphabet. */
    private static final Comparator<String> STEPS_FIRST =
            Comparator.comparing((String name) -> !name.equals("steps")).thenComparing(Comparator.naturalOrder());

    private SavedRoutes() {}

    /** As Kaoto saves a file: the same values, the members of each map in another order, and no comment below the head. */
    public static String byAnEditor(Path file) throws IOException {
        return YAML.writeValueAsString(reordered(YAML.readValue(Files.readString(file), Object.class)));
    }

    private static Object reordered(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(SavedRoutes::reordered).toList();
        }
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>(STEPS_FIRST);
            map.forEach((name, value) -> sorted.put((String) name, reordered(value)));
            return sorted;
        }
        return node;
    }

    /** As Camel's own writer writes the routes of a file, without what is no route. */
    public static String byCamel(Path file) throws Exception {
        CamelContext context = TestCamel.context();
        StringBuilder yaml = new StringBuilder();
        for (OptionalIdentifiedDefinition<?> route : routes(Files.readString(file), context)) {
            yaml.append(new LwModelToYAMLDumper().dumpModelAsYaml(context, route, false, true, false, false))
                    .append('\n');
        }
        return yaml.toString();
    }

    /** Everything that Camel has understood of a file, as XML, with the routes first. */
    public static List<String> meaning(String yaml) throws Exception {
        CamelContext context = TestCamel.context();
        List<OptionalIdentifiedDefinition<?>> all = new ArrayList<>(routes(yaml, context));
        all.addAll(
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteConfigurationDefinitions());
        List<String> meaning = new ArrayList<>();
        for (OptionalIdentifiedDefinition<?> each : all) {
            meaning.add(new LwModelToXMLDumper().dumpModelAsXml(context, each, false, false, false));
        }
        return meaning;
    }

    /** Before Camel merges the configurations into them. */
    private static List<OptionalIdentifiedDefinition<?>> routes(String yaml, CamelContext context) throws Exception {
        List<OptionalIdentifiedDefinition<?>> routes = new ArrayList<>();
        var file = ResourceHelper.fromString("saved.camel.yaml", yaml);
        for (RoutesBuilder loaded : PluginHelper.getRoutesLoader(context).findRoutesBuilders(file)) {
            RouteBuilder builder = (RouteBuilder) loaded;
            builder.setCamelContext(context);
            ((RouteConfigurationsBuilder) loaded).addRouteConfigurationsToCamelContext(context);
            builder.configure();
            routes.addAll(builder.getRouteTemplateCollection().getRouteTemplates());
            routes.addAll(builder.getRouteCollection().getRoutes());
        }
        return routes;
    }
}
