package io.camelody.wiring;

import io.camelody.settings.RouteFiles;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The names that route files give, each with where it stands: ids of routes, templates and configurations, and the direct
 * endpoints where routes begin. Of names that are given twice Camel tells some, without their files, and some not at all.
 */
public final class RouteNames {

    private static final String CONFIGURATION = "The route configuration ";

    private static final Map<String, String> KINDS =
            Map.of("route", "The route ", "routeTemplate", "The route template ", "routeConfiguration", CONFIGURATION);

    private final Map<String, List<Place>> places = new LinkedHashMap<>();

    /** @param file as Camel writes its place */
    public record Place(String file, int line) {}

    /** Of these files, as Camel writes their places. */
    public static RouteNames in(Collection<String> files) {
        RouteNames names = new RouteNames();
        files.forEach(names::read);
        return names;
    }

    /** @throws BrokenRouteException naming all places of a name that is given twice */
    public void demandUnique() {
        places.forEach((name, all) -> {
            if (all.size() > 1) {
                throw new BrokenRouteException(name, all);
            }
        });
    }

    /** The file of a route configuration, which Camel does not keep. */
    public Optional<String> fileOfConfiguration(String id) {
        return Optional.ofNullable(places.get(CONFIGURATION + id))
                .map(all -> all.get(0).file());
    }

    private void read(String file) {
        try {
            Node root =
                    new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(RouteFiles.text(file)));
            if (root instanceof SequenceNode entries) {
                entries.getValue().forEach(entry -> readEntry(file, entry));
            }
        } catch (YAMLException e) {
            // no YAML: Camel says what is wrong with it, and loads nothing
        }
    }

    private void readEntry(String file, Node entry) {
        field(entry, "from").ifPresent(from -> readBeginning(file, from));
        KINDS.forEach((kind, words) -> field(entry, kind).ifPresent(definition -> {
            field(definition, "id").ifPresent(id -> add(words + text(id), file, id));
            field(definition, "from").ifPresent(from -> readBeginning(file, from));
        }));
    }

    private void readBeginning(String file, Node from) {
        field(from, "uri").ifPresent(uri -> {
            if (text(uri).equals("direct")) {
                field(from, "parameters")
                        .flatMap(parameters -> field(parameters, "name"))
                        .ifPresent(name -> add("The endpoint direct:" + text(name), file, name));
            } else if (text(uri).startsWith("direct:")) {
                add(
                        "The endpoint "
                                + text(uri)
                                        .replaceFirst("^direct:/*", "direct:")
                                        .replaceFirst("[?].*", ""),
                        file,
                        uri);
            }
        });
    }

    private void add(String name, String file, Node node) {
        places.computeIfAbsent(name, key -> new ArrayList<>())
                .add(new Place(file, node.getStartMark().getLine() + 1));
    }

    private static Optional<Node> field(Node node, String name) {
        return node instanceof MappingNode map
                ? map.getValue().stream()
                        .filter(field -> text(field.getKeyNode()).equals(name))
                        .map(field -> field.getValueNode())
                        .findFirst()
                : Optional.empty();
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
