package io.camelody.wiring;

import io.camelody.request.NearestName;
import io.camelody.settings.RouteFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The names that route files give, each with where it stands: ids of routes, templates and configurations, and the direct
 * endpoints where routes begin; and which of Camelody's endpoints they call. Of names that are given twice Camel tells some,
 * without their files, and some not at all; of a call of a route that is not there it tells when the call is made.
 */
public final class RouteNames {

    private static final String CONFIGURATION = "The route configuration ";

    private static final String ENDPOINT = "The endpoint ";

    private static final Map<String, String> KINDS =
            Map.of("route", "The route ", "routeTemplate", "The route template ", "routeConfiguration", CONFIGURATION);

    private final Map<String, List<Place>> places = new LinkedHashMap<>();
    private final Map<String, Place> calls = new LinkedHashMap<>();

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
        places.forEach(RouteNames::demandOne);
    }

    /**
     * The same of some of the files alone.
     *
     * @throws BrokenRouteException naming all places of a name that is given twice there
     */
    public void demandUniqueIn(Collection<String> files) {
        places.forEach((name, all) -> demandOne(
                name, all.stream().filter(place -> files.contains(place.file())).toList()));
    }

    private static void demandOne(String name, List<Place> all) {
        if (all.size() > 1) {
            throw new BrokenRouteException(name, all);
        }
    }

    /** @throws BrokenRouteException naming a call of an endpoint of Camelody's at which no route of the files begins */
    public void demandCalled() {
        calls.forEach((endpoint, place) -> {
            if (!begins(endpoint)) {
                throw new BrokenRouteException(endpoint, NearestName.to(endpoint, begun()), place);
            }
        });
    }

    /** Whether a route of the files begins at a direct endpoint. */
    public boolean begins(String uri) {
        String endpoint = endpoint(uri);
        return begun().stream().anyMatch(name -> mayBe(name, endpoint));
    }

    private List<String> begun() {
        return places.keySet().stream()
                .filter(name -> name.startsWith(ENDPOINT))
                .map(name -> name.substring(ENDPOINT.length()))
                .toList();
    }

    /** Whether a name is that, or becomes it with other words for its placeholders. */
    private static boolean mayBe(String name, String endpoint) {
        return endpoint.matches(
                Arrays.stream(name.split("\\{\\{.*?}}", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** The file of a route configuration, which Camel does not keep. */
    public Optional<String> fileOfConfiguration(String id) {
        return Optional.ofNullable(places.get(CONFIGURATION + id))
                .map(all -> all.get(0).file());
    }

    private void read(String file) {
        try {
            // with the parser that Camel reads them with
            Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(RouteFiles.text(file));
            if (root.orElse(null) instanceof SequenceNode entries) {
                entries.getValue().forEach(entry -> readEntry(file, entry));
            }
        } catch (YamlEngineException e) {
            // no YAML: Camel says what is wrong with it, and loads nothing
        }
    }

    private void readEntry(String file, Node entry) {
        readCalls(file, entry);
        field(entry, "from").ifPresent(from -> readBeginning(file, from));
        KINDS.forEach((kind, words) -> field(entry, kind).ifPresent(definition -> {
            field(definition, "id").ifPresent(id -> add(words + text(id), file, id));
            field(definition, "from").ifPresent(from -> readBeginning(file, from));
        }));
    }

    private void readBeginning(String file, Node from) {
        direct(from).ifPresent(name -> add(ENDPOINT + endpoint(name), file, name));
    }

    private void readCalls(String file, Node node) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(each -> readCalls(file, each));
        } else if (node instanceof MappingNode map) {
            map.getValue().stream()
                    .filter(member -> !text(member.getKeyNode()).equals("from"))
                    .forEach(member -> readCalls(file, member.getValueNode()));
            direct(node).ifPresent(name -> readCall(file, name));
            field(node, "from").flatMap(from -> field(from, "steps")).ifPresent(steps -> readCalls(file, steps));
        } else if (text(node).startsWith("direct:")) {
            readCall(file, node);
        }
    }

    private void readCall(String file, Node name) {
        if (endpoint(name).matches("direct:camelody-[A-Za-z0-9._-]+")) {
            calls.putIfAbsent(endpoint(name), place(file, name));
        }
    }

    /** What names the direct endpoint of a step or of a beginning. */
    private static Optional<Node> direct(Node node) {
        Optional<Node> uri = field(node, "uri");
        return uri.filter(found -> text(found).equals("direct"))
                .flatMap(found -> field(node, "parameters"))
                .flatMap(parameters -> field(parameters, "name"))
                .or(() -> uri.filter(found -> text(found).startsWith("direct:")));
    }

    private static String endpoint(Node name) {
        return endpoint(text(name));
    }

    private static String endpoint(String uri) {
        return "direct:" + uri.replaceFirst("^direct:/*", "").replaceFirst("[?].*", "");
    }

    private void add(String name, String file, Node node) {
        places.computeIfAbsent(name, key -> new ArrayList<>()).add(place(file, node));
    }

    private static Place place(String file, Node node) {
        return new Place(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
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
