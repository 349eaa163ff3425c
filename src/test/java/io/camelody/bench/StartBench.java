package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes from {@code camelody run} to its last line before it waits, when all routes are up and the port is open: in an
 * empty home, with the class archive of the launcher, beside a bare Camel with the same jars and an archive of its own. The two
 * take turns. Nothing fails for being slow.
 */
class StartBench {

    private static final int STARTS = Integer.getInteger("bench.starts", 10);
    private static final Path PACKED = Path.of(System.getProperty("camelody.packed"));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path folder;

    /** What one kind of start took, time by time. */
    private record Starts(List<Double> wall, List<Double> cpu) {

        Starts() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Child.Cost cost) {
            wall.add(cost.wall().toNanos() / 1e9);
            cpu.add(cost.cpu().toNanos() / 1e9);
        }

        static double median(List<Double> values) {
            return Figures.quantile(
                    values.stream().mapToDouble(Double::doubleValue).toArray(), .5);
        }
    }

    @Test
    void startWithTheArchiveOfThisJava() throws Exception {
        measure(Path.of(System.getProperty("java.home")));
    }

    @Test
    void startWithTheCacheOfTheNewestJava() throws Exception {
        Optional<Path> newest = newestJava();
        assumeTrue(newest.isPresent(), "no Java 25 or newer beside this one: its figure is left out");
        measure(newest.get());
    }

    private void measure(Path java) throws Exception {
        int major = major(java);
        Path route = Files.writeString(
                folder.resolve("bare.camel.yaml"),
                """
                - route:
                    id: bare
                    from:
                      uri: direct:bare
                      steps:
                        - setBody: {expression: {constant: {expression: bare}}}
                """);
        Path archive = folder.resolve("bare.archive");
        String dump = (major < 25 ? "-XX:ArchiveClassesAtExit=" : "-XX:AOTCacheOutput=") + archive;
        String use = (major < 25 ? "-XX:SharedArchiveFile=" : "-XX:AOTCache=") + archive;
        try (Child training = bare(java, dump, route)) {
            training.awaitSaid("Up", PATIENCE);
            training.stop();
            training.await(PATIENCE);
        }
        assertThat(archive).exists();
        Path first = Files.createDirectory(folder.resolve("first"));
        try (Child making = camelody(java, first, "now", "--version")) {
            making.await(PATIENCE);
            assertThat(making.exitCode()).as(making.said()).isZero();
        }
        Starts plain = new Starts();
        Starts quick = new Starts();
        Starts bare = new Starts();
        for (int i = 0; i < STARTS; i++) {
            try (Child child = bare(java, use, route)) {
                bare.add(child.awaitSaid("Up", PATIENCE));
            }
            quick.add(run(java, "home-" + i, "auto"));
            plain.add(run(java, "plain-" + i, "off"));
        }
        String name = "start to routes up, Java " + major;
        FIGURES.atMost(major < 25 ? 1 : .8, name, Starts.median(quick.wall()), " s", beside(bare.wall(), plain.wall()));
        FIGURES.add(
                "  processor time", Figures.number(Starts.median(quick.cpu())) + " s", beside(bare.cpu(), plain.cpu()));
    }

    private static String beside(List<Double> bare, List<Double> plain) {
        return "bare Camel: %s s; without the archive: %s s"
                .formatted(Figures.number(Starts.median(bare)), Figures.number(Starts.median(plain)));
    }

    private Child.Cost run(Path java, String home, String archive) throws Exception {
        try (Child child = camelody(
                java,
                Files.createDirectory(folder.resolve(home + "-" + major(java))),
                archive,
                "run",
                "--property",
                "camelody.http.port=0",
                "--property",
                "camelody.foxai.api-key=none")) {
            return child.awaitSaid("Ctrl-C stops", PATIENCE);
        }
    }

    private static Child camelody(Path java, Path home, String archive, String... arguments) throws IOException {
        return Child.camelody(
                home, List.of(arguments), Map.of("JAVA_HOME", java.toString(), "CAMELODY_ARCHIVE", archive));
    }

    private Child bare(Path java, String option, Path route) throws IOException {
        return Child.java(
                folder,
                List.of(
                        option,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dslf4j.provider=io.camelody.cli.ProgramLog",
                        "-Dslf4j.internal.verbosity=WARN",
                        "-cp",
                        jar() + File.pathSeparator + PACKED.resolve("lib/*"),
                        BareCamel.class.getName(),
                        route.toString()),
                Map.of("JAVA_HOME", java.toString()));
    }

    /** Java makes no archive of what lies in a folder. */
    private Path jar() throws IOException {
        Path jar = folder.resolve("bare.jar");
        if (!Files.exists(jar)) {
            String name = BareCamel.class.getName().replace('.', '/') + ".class";
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                    InputStream in = BareCamel.class.getResourceAsStream("/" + name)) {
                out.putNextEntry(new JarEntry(name));
                in.transferTo(out);
            }
        }
        return jar;
    }

    private static Optional<Path> newestJava() throws IOException {
        Path installed = Path.of(System.getProperty("java.home")).getParent();
        try (Stream<Path> folders = Files.list(installed)) {
            return folders.filter(java -> Files.isExecutable(java.resolve("bin/java")))
                    .filter(java -> major(java) >= 25)
                    .max(Comparator.comparingInt(StartBench::major));
        }
    }

    /** 0 where it does not say. */
    private static int major(Path java) {
        try (Stream<String> lines = Files.lines(java.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll("^[^\"]*\"(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
