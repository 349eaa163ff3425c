package io.camelody.estates;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.cli.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A copy of one of {@code src/examples/estates}, built and run as its README says, with the jar that was just packed. The
 * jar stands in a repository of its own behind the user's, under a version that nobody else has: nothing is installed, an
 * older one that is installed does not take its place, and what the projects download is downloaded once.
 */
record EstateProject(Path folder) {

    /** @param isLogging whether it is a backend of slf4j */
    record Jar(String name, boolean isLogging) {}

    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));

    private static final String VERSION = "tested-with-the-build";

    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Pattern ARTIFACT_VERSION =
            Pattern.compile("(?<=<artifactId>camelody</artifactId>\\s{0,9}<version>)[^<]+");

    /** How the READMEs call the folder that somebody has copied the project to. */
    private static final String HERE = "/path/to/this/folder";

    /** Of a jar that has a backend for slf4j. */
    private static final String LOGGING = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    static EstateProject copy(String name, Path to) throws IOException {
        Path from = Path.of("src/examples/estates", name);
        for (String part : List.of("pom.xml", "README.md", "src")) {
            try (Stream<Path> files = Files.walk(from.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return new EstateProject(to);
    }

    /** A local repository with nothing in it but the packed jar and its pom. */
    static void putCamelody(Path repository) throws IOException {
        Path place = Files.createDirectories(repository.resolve("io/camelody/camelody/" + VERSION));
        Files.copy(Path.of(PACKED + ".jar"), place.resolve("camelody-%s.jar".formatted(VERSION)));
        String pom =
                ARTIFACT_VERSION.matcher(Files.readString(Path.of("pom.xml"))).replaceFirst(VERSION);
        Files.writeString(place.resolve("camelody-%s.pom".formatted(VERSION)), pom);
    }

    /** What the README says, by the one group of a pattern that it has once. */
    String readme(String pattern) throws IOException {
        List<String> found = Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(folder.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(found).as("%s in the README of %s", pattern, folder).hasSize(1);
        return found.get(0).replace(HERE, folder.toString());
    }

    /** {@code mvn package}, by the Maven and with the downloads of this build. */
    void build(Path repository) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("camelody.maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-Dmaven.repo.local=" + System.getProperty("camelody.maven.repository"),
                "-Dmaven.repo.local.tail=" + repository,
                "-Dcamelody.version=" + VERSION));
        if (System.getProperty("camelody.maven.mode").equals("offline=true")) {
            command.add("-o");
        }
        command.addAll(List.of(readme("^mvn (.*)$").split(" ")));
        try (Child maven = Child.run(folder, command, Map.of("MAVEN_OPTS", QUICK_START))) {
            assertThat(maven.await(Duration.ofMinutes(10))).as(maven.output()).isZero();
        }
    }

    /** The {@code java -jar} of the README. */
    Child run(Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(readme("^java (.*)$").split(" ")));
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("JDK_JAVA_OPTIONS", QUICK_START);
        return Child.run(folder, command, variables);
    }

    /** What was packed, jars within jars too. */
    List<Jar> jars() throws IOException {
        List<Jar> jars = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("target"))) {
            for (Path jar :
                    files.filter(path -> path.toString().endsWith(".jar")).toList()) {
                try (InputStream in = Files.newInputStream(jar)) {
                    look(jar.toString(), in, jars);
                }
            }
        }
        return jars;
    }

    private static void look(String name, InputStream in, List<Jar> jars) throws IOException {
        boolean isLogging = false;
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            isLogging |= entry.getName().equals(LOGGING);
            if (entry.getName().endsWith(".jar")) {
                look(entry.getName(), zip, jars);
            }
        }
        jars.add(new Jar(name, isLogging));
    }
}
