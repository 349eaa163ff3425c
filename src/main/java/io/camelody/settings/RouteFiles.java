package io.camelody.settings;

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

/**
 * The route files that run: those that ship in the jar, each replaced by the file of the same name in the home's
 * {@code routes/}, and the home's others beside them.
 *
 * @param home whose files they are
 * @param byName where each is found, as Camel writes it, by its name under {@code routes/}
 */
public record RouteFiles(Path home, Map<String, String> byName) {

    private static final String HOME = "file:";

    private static final String PROGRAM = "classpath:";

    private static final String ROUTES = ".camel.yaml";

    private static final String SAMPLE = ".yaml";

    private static final Pattern SETTING = Pattern.compile("camelody\\.[A-Za-z0-9._-]*[A-Za-z0-9]");

    private static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";

    /** What settings and ids of routes have where others have a vendor's name, and a request's word for any vendor. */
    private static final Set<String> WORDS = Set.of(
            "audio",
            "auto",
            "budget",
            "default-vendor",
            "deliver",
            "delivery",
            "errors",
            "file",
            "home",
            "http",
            "inbox",
            "intake",
            "ledger",
            "outgoing",
            "public-url",
            "routes",
            "s3",
            "sandbox",
            "sink",
            "sinks",
            "songs",
            "tags",
            "vendor",
            "vendor-pause",
            "vendors",
            "webhook",
            "work");

    private static final Pattern VENDOR = Pattern.compile("vendors/(" + NAME + ")\\.camel\\.yaml");

    private static final Pattern SINK = Pattern.compile("sinks/(" + NAME + ")\\.camel\\.yaml");

    public static RouteFiles find(Path home) {
        Map<String, String> files = new TreeMap<>();
        shipped().forEach(name -> files.put(name, PROGRAM + RouteFolder.SHIPPED.substring(1) + "/" + name));
        Path own = home.resolve("routes");
        RouteFolder.names(own, ROUTES)
                .forEach(name -> files.put(name, HOME + own.resolve(name).toAbsolutePath()));
        return new RouteFiles(home, files);
    }

    /** Whether a vendor may be called so. */
    public static boolean isName(String text) {
        return text.matches(NAME) && !WORDS.contains(text);
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
        return new RouteFiles(home, files);
    }

    /** The files of accounts among them. */
    public List<AccountFile> accounts() {
        return byName.values().stream()
                .map(AccountFile::at)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The vendor that an account is like; any other name as it is. */
    public String vendorOf(String name) {
        return AccountFile.at(byName.getOrDefault(ofVendor(name), ""))
                .map(AccountFile::vendor)
                .orElse(name);
    }

    private static String ofVendor(String name) {
        return "vendors/" + name + ".camel.yaml";
    }

    /**
     * The texts of the recorded calls beside a vendor's file, in {@code vendors/NAME.samples/}, by their names without
     * {@code .yaml}: of an account, its vendor's. Those of the home replace the shipped ones as a whole, and stand alone where its file replaces the shipped.
     */
    public Map<String, String> samples(String vendor) {
        String place = byName.getOrDefault(ofVendor(vendor), HOME);
        String folder = "vendors/%s.samples".formatted(vendorOf(vendor));
        Path own = home.resolve("routes").resolve(folder);
        String file = fileAt(place);
        if (Files.isDirectory(own) || file.startsWith(HOME)) {
            return RouteFolder.texts(own, SAMPLE);
        }
        return RouteFolder.inShipped(shipped -> RouteFolder.texts(shipped.resolve(folder), SAMPLE));
    }

    /** Without the sinks that are not in use: what they need need not be there. */
    public RouteFiles withSinks(Collection<String> inUse) {
        Map<String, String> files = new TreeMap<>(byName);
        files.keySet().removeIf(name -> {
            Matcher sink = SINK.matcher(name);
            return sink.matches() && !inUse.contains(sink.group(1));
        });
        return new RouteFiles(home, files);
    }

    /** The shipped ones whose place a file of the home has taken. */
    public Set<String> replaced() {
        return shipped().stream().filter(this::isOwn).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a file is the home's, and not the program's. */
    public boolean isOwn(String name) {
        return fileAt(byName.getOrDefault(name, "")).startsWith(HOME);
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
        return List.copyOf(named(wanted).values());
    }

    /** The places of those whose name under {@code routes/} is wanted, by their names. */
    public Map<String, String> named(Predicate<String> wanted) {
        Map<String, String> files = new TreeMap<>(byName);
        files.keySet().removeIf(wanted.negate());
        return files;
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
        String text = RouteFolder.read(() -> file.startsWith(HOME)
                ? Files.newInputStream(Path.of(file.substring(HOME.length())))
                : RouteFiles.class.getResourceAsStream("/" + file.substring(PROGRAM.length())));
        return AccountFile.at(place).map(account -> account.read(text)).orElse(text);
    }

    private List<String> named(Pattern pattern) {
        return byName.keySet().stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .toList();
    }

    private static List<String> shipped() {
        return RouteFolder.inShipped(folder -> RouteFolder.names(folder, ROUTES));
    }
}
