package io.camelody;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which package may know which. What is below knows nothing of what is above it, so that the ledger can be had without
 * Camel's routes, the component without the command line, and everything without the sandbox.
 */
final class PackageArrowsTest {

    private static final Path MAIN = Path.of("src/main/java/io/camelody");

    private static final Pattern NAMED = Pattern.compile("\\bio\\.camelody\\.([a-z]+)\\.");

    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            entry("settings", Set.of()),
            entry("request", Set.of()),
            entry("outgoing", Set.of("settings")),
            entry("audio", Set.of("outgoing", "request", "settings")),
            entry("sample", Set.of("request", "settings")),
            entry("sandbox", Set.of("request", "sample")),
            entry("contract", Set.of("request", "sample", "settings", "vendor")),
            entry("pace", Set.of()),
            entry("ledger", Set.of("pace", "request", "settings")),
            entry("vendor", Set.of("outgoing", "request", "settings")),
            entry("sink", Set.of("audio", "outgoing", "request", "settings")),
            entry("intake", Set.of("ledger", "request")),
            entry("webhook", Set.of("ledger", "outgoing", "request", "settings", "sink")),
            entry("component", Set.of("ledger", "pace", "request", "settings", "vendor")),
            entry("metrics", Set.of("component", "ledger", "settings", "vendor")),
            entry("http", Set.of("audio", "component", "ledger", "request", "settings")),
            entry(
                    "cli",
                    Set.of(
                            "audio",
                            "component",
                            "contract",
                            "http",
                            "intake",
                            "ledger",
                            "metrics",
                            "request",
                            "sample",
                            "sandbox",
                            "settings",
                            "vendor",
                            "wiring")),
            entry(
                    "wiring",
                    Set.of(
                            "audio",
                            "component",
                            "intake",
                            "ledger",
                            "metrics",
                            "outgoing",
                            "request",
                            "settings",
                            "sink",
                            "vendor",
                            "webhook")));

    @Test
    void noPackageKnowsWhatIsAboveIt() throws IOException {
        Map<String, Set<String>> tooMuch = new TreeMap<>();
        for (Map.Entry<String, Set<String>> known : known().entrySet()) {
            Set<String> beyond = new TreeSet<>(known.getValue());
            beyond.removeAll(MAY_KNOW.getOrDefault(known.getKey(), Set.of()));
            if (!beyond.isEmpty()) {
                tooMuch.put(known.getKey(), beyond);
            }
        }

        assertThat(tooMuch).isEmpty();
    }

    @Test
    void everyPackageHasItsPlace() throws IOException {
        assertThat(known().keySet()).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
    }

    /** Imports and full names in the text, whatever they are used for. */
    private static Map<String, Set<String>> known() throws IOException {
        Map<String, Set<String>> known = new TreeMap<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String own = MAIN.relativize(file).getName(0).toString();
                Set<String> others = known.computeIfAbsent(own, name -> new TreeSet<>());
                Matcher matcher = NAMED.matcher(Files.readString(file));
                while (matcher.find()) {
                    others.add(matcher.group(1));
                }
                others.remove(own);
            }
        }
        return known;
    }
}
