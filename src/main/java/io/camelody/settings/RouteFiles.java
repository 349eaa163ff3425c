package io.camelody.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The route files that run: those that ship in the jar, each replaced by the file of the same name in the home's
 * {@code routes/}, and the home's others beside them.
 *
 * @param byName where each is found, as Camel writes it, by its name under {@code routes/}
 */
public record RouteFiles(Map<String, String> byName) {

    private static final String SHIPPED = "/camelody/routes";

    private static final String HOME = "file:";

    private static final String PROGRAM = "classpath:";

    private static final Pattern SETTING = Pattern.compile("camelody\\.[A-Za-z0-9._-]*[A-Za-z0-9]");

    private static final Pattern VENDOR = Pattern.compile("vendors/([a-z0-9][a-z0-9-]{0,39})\\.camel\\.yaml");

    private static final Pattern SINK = Pattern.compile("sinks/([a-z0-9][a-z0-9-]{0,39})\\.camel\\.yaml");

    public static RouteFiles find(Path home) {
        Map<String, String> files = new TreeMap<>();
        shipped().forEach(name -> files.put(name, PROGRAM + SHIPPED.substring(1) + "/" + name));
        Path own = home.resolve("routes");
        if (Files.isDirectory(own)) {
            names(own).forEach(name -> files.put(name, HOME + own.resolve(name).toAbsolutePath()));
        }
        return new RouteFiles(files);
    }

    /** The vendors that have a file, in the order of their names. */
    public List<String> vendors() {
        return named(VENDOR);
    }

    /** The sinks that have a file. */
    public List<String> sinks() {
        return named(SINK);
    }

    /** Without the sinks that are not in use: what they need need not be there. */
    public RouteFiles withSinks(Collection<String> inUse) {
        Map<String, String> files = new TreeMap<>(byName);
        files.keySet().removeIf(name -> {
            Matcher sink = SINK.matcher(name);
            return sink.matches() && !inUse.contains(sink.group(1));
        });
        return new RouteFiles(files);
    }

    /** The shipped ones whose place a file of the home has taken. */
    public Set<String> replaced() {
        return shipped().stream().filter(this::isOwn).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a file is the home's, and not the program's. */
    public boolean isOwn(String name) {
        return byName.getOrDefault(name, "").startsWith(HOME);
    }

    /** Whether a file brings songs in from elsewhere, which is for a service alone: a batch takes its own files in. */
    public static boolean isIntake(String name) {
        return name.startsWith("intake-");
    }

    /** Whether a file is the one that serves HTTP. */
    public static boolean isHttpIntake(String name) {
        return name.equals("intake-http.camel.yaml");
    }

    public Collection<String> places() {
        return byName.values();
    }

    /** The places of those whose name under {@code routes/} is wanted. */
    public List<String> places(Predicate<String> wanted) {
        return byName.entrySet().stream()
                .filter(file -> wanted.test(file.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** What the home's own files mention that may be a setting. Those of the jar use settings of the shipped file alone. */
    public Set<String> mentionedSettings() {
        return byName.values().stream()
                .filter(place -> place.startsWith(HOME))
                .flatMap(place -> SETTING.matcher(text(place)).results())
                .map(MatchResult::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What a file says, found by its place. */
    public static String text(String place) {
        try (InputStream in = place.startsWith(HOME)
                ? Files.newInputStream(Path.of(place.substring(HOME.length())))
                : RouteFiles.class.getResourceAsStream("/" + place.substring(PROGRAM.length()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> named(Pattern pattern) {
        return byName.keySet().stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .toList();
    }

    private static List<String> shipped() {
        URL folder = RouteFiles.class.getResource(SHIPPED);
        try {
            URI uri = folder.toURI();
            if (!uri.getScheme().equals("jar")) {
                return names(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return names(jar.getPath(SHIPPED));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("The shipped routes could not be read at " + folder, e);
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
