package io.camelody.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import io.camelody.settings.RouteFiles;
import io.camelody.vendor.ErrorClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The names that others build on, read from the things that bear them. */
final class PromisedNames {

    private static final Path MAIN = Path.of("src/main");

    /** Those of every Camel component. */
    private static final Set<String> OF_CAMEL = Set.of(
            "bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer", "autowiredEnabled");

    /** Options of nearly every command. */
    private static final Set<String> OF_A_HOME = Set.of("--home", "--property");

    private static final Pattern IN_JAVA = Pattern.compile("(?:set|get|remove)Variable\\(\\s*\"([a-zA-Z]+)\"");

    private static final Pattern OF_THE_SHELL = Pattern.compile("(?:\\$\\{|\")(CAMELODY_[A-Z]+)|\\{\\{env:([A-Z_]+)");

    private final NamesAtWork work;

    /** @param folder for a ledger */
    PromisedNames(Path folder) {
        this.work = new NamesAtWork(folder);
    }

    /** In the order of the page. */
    Map<String, Set<String>> bySection() throws Exception {
        Map<String, Set<String>> sections = new LinkedHashMap<>();
        JsonNode component = json(Path.of("src/generated/resources/META-INF/io/camelody/component/song.json"));
        JsonNode api = json(MAIN.resolve("resources/camelody/openapi.json"));
        CommandLine program = OptionsPage.commandLine();
        try (ShippedRoutes routes = new ShippedRoutes()) {
            sections.put("Endpoints", endpoints(component));
            sections.put("Routes that are called by their name", ofAnyVendor(routes.calledByName()));
            sections.put("Other routes", routes.others());
            sections.put("Variables", variables(routes));
            sections.put("Beans", routes.beans());
        }
        sections.put("Settings", settings());
        sections.put("Environment", environment());
        sections.put("Vendors, sinks", vendorsAndSinks());
        sections.put("Requests", fields(json(MAIN.resolve("resources/camelody/request.schema.json"))));
        JsonNode document = json(MAIN.resolve("resources/camelody/song.schema.json"));
        sections.put("Songs", fields(document));
        sections.put("Clips", fields(document.at("/$defs/clip")));
        sections.put("States", words(SongState.values(), SongState::word));
        sections.put("Steps", words(Step.values(), Step::word));
        sections.put("Reasons", words(Reason.values(), Reason::word));
        sections.put("Errors of vendors", words(ErrorClass.values(), ErrorClass::word));
        sections.put("Outcomes of paid calls", words(Task.Outcome.values(), Task.Outcome::word));
        sections.put("Columns", work.columns());
        sections.put("Events", events());
        sections.put("Meters", work.meters());
        sections.put("HTTP", paths(api));
        sections.put("Kamelets", kamelets());
        sections.put("Commands", commands(program));
        sections.put(
                "Exit codes",
                program.getCommandSpec().usageMessage().exitCodeList().keySet());
        return sections;
    }

    private static Set<String> endpoints(JsonNode component) {
        Set<String> names = new TreeSet<>();
        component.at("/properties/operation/enum").forEach(word -> names.add("song:" + word.textValue()));
        for (String part : List.of("properties", "componentProperties")) {
            component.path(part).fieldNames().forEachRemaining(names::add);
        }
        names.remove("operation");
        names.removeAll(OF_CAMEL);
        return names;
    }

    /** What each vendor's file has to have stands once. */
    private static Set<String> ofAnyVendor(Set<String> routes) {
        String vendors = String.join("|", RouteFiles.find(Path.of("no home")).vendors());
        return routes.stream()
                .map(id -> id.replaceFirst(
                        "camelody-(%s)-((song|lyrics)-(submit|poll)|errors)$".formatted(vendors), "camelody-VENDOR-$2"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that are written out; what only one class knows is a constant of its own. */
    private static Set<String> variables(ShippedRoutes routes) throws IOException {
        Set<String> names = routes.variables();
        try (Stream<Path> sources = Files.walk(MAIN.resolve("java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                IN_JAVA.matcher(Files.readString(source)).results().forEach(found -> names.add(found.group(1)));
            }
        }
        return names;
    }

    private static Set<String> settings() throws IOException {
        return SettingsFile.parts().values().stream()
                .flatMap(List::stream)
                .flatMap(group -> group.settings().keySet().stream())
                .map(SettingsFile::family)
                .filter(name -> name.startsWith("camelody."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> environment() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String file :
                List.of("camelody", "config/application.properties", "src/main/java/io/camelody/cli/ProgramLog.java")) {
            OF_THE_SHELL
                    .matcher(Files.readString(Path.of(file)))
                    .results()
                    .forEach(found -> names.add(found.group(1) == null ? found.group(2) : found.group(1)));
        }
        return names;
    }

    private static Set<String> vendorsAndSinks() {
        RouteFiles files = RouteFiles.find(Path.of("no home"));
        Set<String> names = new TreeSet<>(files.vendors());
        names.addAll(files.sinks());
        return names;
    }

    private static Set<String> fields(JsonNode schema) {
        Set<String> names = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static <T> Set<String> words(T[] values, Function<T, String> word) {
        return Arrays.stream(values).map(word).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> events() throws IOException {
        String schema = Files.readString(MAIN.resolve("resources/camelody/ledger/V1__songs_and_tasks.sql"));
        String sender = Files.readString(MAIN.resolve("java/io/camelody/webhook/Event.java"));
        return Pattern.compile("['\"](song\\.[a-z-]+)['\"]")
                .matcher(schema + sender)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> paths(JsonNode api) {
        Set<String> names = new TreeSet<>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.matches("parameters|head")) {
                        names.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return names;
    }

    /** And their properties. */
    private static Set<String> kamelets() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(MAIN.resolve("resources/kamelets"))) {
            for (Path file : files.toList()) {
                JsonNode kamelet = new YAMLMapper().readTree(Files.readString(file));
                names.add(kamelet.at("/metadata/name").textValue());
                names.addAll(fields(kamelet.at("/spec/definition")));
            }
        }
        return names;
    }

    private static Set<String> commands(CommandLine line) {
        Set<String> names = new TreeSet<>();
        line.getSubcommands().values().forEach(command -> {
            String name = command.getCommandSpec().qualifiedName().replaceFirst("^camelody ", "");
            names.add(name);
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.usageHelp())
                    .map(OptionSpec::longestName)
                    .forEach(option -> names.add(OF_A_HOME.contains(option) ? option : name + " " + option));
            names.addAll(commands(command));
        });
        return names;
    }

    private static JsonNode json(Path file) throws IOException {
        return Json.parse(Files.readString(file));
    }
}
