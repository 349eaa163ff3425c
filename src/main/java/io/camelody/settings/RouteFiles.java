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
import java.util.Optional;
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

    /** With the vendor's file once more for each of its accounts. Those that {@link Accounts#check} refuses are left out. */
    public RouteFiles with(Accounts accounts) {
        Map<String, String> files = new TreeMap<>(byName);
        accounts.likes().forEach((account, vendor) -> {
            String file = byName.get(ofVendor(vendor));
            if (file != null) {
                files.putIfAbsent(ofVendor(account), new AccountFile(account, vendor, file).place());
            }
        });
        return new RouteFiles(files);
    }

    /** The files of accounts among them. */
    public List<AccountFile> accounts() {
        return byName.values().stream()
                .map(AccountFile::at)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String ofVendor(String name) {
        return "vendors/" + name + ".camel.yaml";
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
                .filter(place -> fileAt(place).startsWith(HOME))
                .flatMap(place -> SETTING.matcher(text(place)).results())
                .map(MatchResult::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whose file it is, in words. */
    public static String origin(String place) {
        return AccountFile.at(place)
                .map(account -> account.vendor())
                .orElse(place.startsWith(HOME) ? "the home" : "the program");
    }

    /** The file that is at a place, as Camel writes it: of an account, its vendor's. */
    public static String fileAt(String place) {
        return AccountFile.at(place).map(AccountFile::file).orElse(place);
    }

    /** What is at a place, as Camel reads it. */
    public static String text(String place) {
        String file = fileAt(place);
        try (InputStream in = file.startsWith(HOME)
                ? Files.newInputStream(Path.of(file.substring(HOME.length())))
                : RouteFiles.class.getResourceAsStream("/" + file.substring(PROGRAM.length()))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return AccountFile.at(place).map(account -> account.read(text)).orElse(text);
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
