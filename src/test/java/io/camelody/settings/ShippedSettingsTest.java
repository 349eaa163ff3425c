package io.camelody.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.component.WorkSettings;
import io.camelody.ledger.Budget;
import io.camelody.vendor.Vendors;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code config/application.properties} is the reference: it has every setting there is, and no other. */
final class ShippedSettingsTest {

    private static final Path FILE = Path.of("config/application.properties");

    private static final Pattern IN_CODE =
            Pattern.compile("\\.(?:text|list|durationAtLeast|count|price|oneOf)\\(\\s*\"(camelody\\.[a-z0-9.-]+)\"");

    private static final Pattern IN_ROUTES = Pattern.compile("\\{\\{(camelody\\.[^{}]+)}}");

    private static final Pattern ID = Pattern.compile("\\bid: camelody-([a-z0-9]+)");

    @TempDir
    private Path home;

    @Test
    void theFileAndTheProgramKnowTheSameSettings() throws IOException {
        Set<String> known = new TreeSet<>(askedForByTheParts());
        known.addAll(found(IN_CODE, Path.of("src/main/java"), ".java"));
        known.addAll(found(IN_ROUTES, Path.of("routes"), ".yaml"));

        Set<String> written = new TreeSet<>();
        for (String name : file().stringPropertyNames()) {
            if (name.startsWith("camelody.")) {
                written.add(name);
            }
        }

        assertThat(written).isEqualTo(known);
    }

    @Test
    void noVendorCanTakeAWordOfTheSettingsOrOfTheRoutes() throws IOException {
        RouteFiles routes = RouteFiles.find(home);
        Stream<String> ofSettings = file().stringPropertyNames().stream()
                .filter(name -> name.startsWith("camelody."))
                .map(name -> name.split("\\.")[1]);
        Stream<String> ofRoutes = routes.places().stream()
                .flatMap(place -> ID.matcher(RouteFiles.text(place)).results())
                .map(id -> id.group(1));

        Set<String> free =
                Stream.concat(ofSettings, ofRoutes).filter(RouteFiles::isName).collect(Collectors.toSet());

        assertThat(free).containsExactlyInAnyOrderElementsOf(routes.vendors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "http"})
    void aVendorOrAnAccountOfSuchANameIsRefused(String name) {
        Settings settings = new Settings(PropertyFiles.load(home, Map.of(), Map.of())::find, PropertyFiles::variable);

        Vendors.read(List.of("foxai", name), settings);

        assertThatThrownBy(settings::demandGood)
                .hasMessageContaining("Expected no vendor or account to be called " + name);
    }

    @Test
    void theShippedSettingsAreGood() {
        PropertyFiles files = PropertyFiles.load(home, Map.of(), Map.of());
        Settings settings = new Settings(files::find, PropertyFiles::variable);

        Vendors vendors = Vendors.read(RouteFiles.find(home).vendors(), settings);
        WorkSettings work = WorkSettings.read(settings);
        settings.demandGood();

        assertThat(vendors.names()).containsExactly("foxai", "senseaudio", "sunomusic");
        assertThat(vendors.withKey()).isEmpty();
        assertThat(vendors.find("foxai").orElseThrow().price()).isEqualTo(35_000);
        assertThat(work.sinks()).containsExactly("file");
    }

    /** The only setting without a line of its own: its name is of the operator's choosing. */
    @Test
    void theExampleOfASecondAccountWorks() throws IOException {
        String example = Files.readAllLines(FILE).stream()
                .filter(line -> line.startsWith("#   camelody."))
                .map(line -> line.substring(1).strip())
                .collect(Collectors.joining("\n"));
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), example);

        PropertyFiles files = PropertyFiles.load(home, Map.of(), Map.of());
        Settings settings = new Settings(files::find, PropertyFiles::variable);
        RouteFiles routes = RouteFiles.find(home);
        files.accounts().check(routes.vendors(), settings);
        Vendors vendors = Vendors.read(routes.with(files.accounts()).vendors(), settings);
        settings.demandGood();

        assertThat(vendors.names()).containsExactly("foxai", "foxai-2", "senseaudio", "sunomusic");
        assertThat(vendors.withKey()).extracting(VendorSettings::name).containsExactly("foxai-2");
    }

    @Test
    void everySettingHasACommentAboveIt() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        boolean described = false;
        for (String line : lines) {
            if (line.isBlank()) {
                described = false;
            } else if (line.startsWith("#")) {
                described = true;
            } else {
                assertThat(described).as(line).isTrue();
            }
        }
    }

    private Set<String> askedForByTheParts() {
        PropertyFiles files = PropertyFiles.load(home, Map.of(), Map.of());
        Settings settings = new Settings(files::find, PropertyFiles::variable);
        Budget.read(Vendors.read(RouteFiles.find(home).vendors(), settings).names(), settings);
        WorkSettings.read(settings);
        return settings.read();
    }

    private static Set<String> found(Pattern pattern, Path folder, String suffix) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(suffix)).toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
        }
        return names;
    }

    private static Properties file() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(FILE)) {
            properties.load(in);
        }
        return properties;
    }
}
