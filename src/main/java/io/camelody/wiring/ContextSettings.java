package io.camelody.wiring;

import io.camelody.settings.PropertyFiles;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.PropertiesSource;

/**
 * What a Camel context has under {@code camelody.}, wherever its properties come from: files, Spring's environment, variables
 * such as {@code CAMELODY_HOME}. The shipped file's values hold where it has none.
 */
final class ContextSettings {

    private static final String PREFIX = "camelody.";

    private final PropertiesComponent properties;

    private ContextSettings(PropertiesComponent properties) {
        this.properties = properties;
    }

    static ContextSettings of(CamelContext context) {
        PropertiesComponent properties = context.getPropertiesComponent();
        // of a start before this one
        properties.getPropertiesSources().removeIf(Defaults.class::isInstance);
        return new ContextSettings(properties);
    }

    /** Whether there is none. Spring has settings that are found by their name alone, so those of the shipped file are asked for. */
    boolean isEmpty() {
        return listed().isEmpty()
                && PropertyFiles.over(name -> Optional.empty(), Set.of(), Map.of()).shipped().stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .noneMatch(name -> find(name).isPresent());
    }

    /** Whether this context is to have no Camelody, though variables may set up that of another one. */
    boolean areOff() {
        return find("camelody.routes").map(String::strip).filter("off"::equals).isPresent();
    }

    Optional<String> find(String name) {
        // asked for as optional, since what is missing is else an exception, or the placeholder itself
        return properties.resolveProperty("?" + name).filter(value -> !value.contains("{{"));
    }

    /** All settings, the context's own over the shipped ones. */
    PropertyFiles overShipped() {
        return PropertyFiles.over(this::find, listed(), System.getenv());
    }

    /** Has the context's placeholders find a default where it has no value of its own, and no name without the prefix. */
    void addDefaults(PropertyFiles files) {
        Map<String, String> defaults = new TreeMap<>();
        files.all().forEach((name, value) -> {
            if (name.startsWith(PREFIX) && find(name).isEmpty()) {
                defaults.put(name, value);
            }
        });
        properties.addPropertiesSource(new Defaults(defaults));
    }

    /**
     * Quarkus lists a variable's setting too, as far as it can guess its name: camelody.foxai.api.key. Under that name Camel
     * would show the key in its log, and nobody looks for it there.
     */
    private Set<String> listed() {
        Set<String> variables = System.getenv().keySet();
        Set<String> names = new TreeSet<>();
        Stream.of(properties.loadProperties(
                        name -> name.startsWith(PREFIX) && !variables.contains(PropertyFiles.variable(name))))
                .forEach(found -> names.addAll(found.stringPropertyNames()));
        return names;
    }

    private record Defaults(Map<String, String> values) implements PropertiesSource {

        @Override
        public String getName() {
            return "camelody-defaults";
        }

        @Override
        public String getProperty(String name) {
            return values.get(name);
        }
    }
}
