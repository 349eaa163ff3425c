package io.camelody.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Puts a vendor of {@code src/examples/vendors} into a home: its file, its samples and its settings. */
final class ExampleVendor {

    private static final Path EXAMPLES = Path.of("src/examples/vendors");

    private ExampleVendor() {}

    static void copy(String vendor, Path home) throws IOException {
        Path to = home.resolve("routes/vendors");
        Files.createDirectories(to.resolve(vendor + ".samples"));
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = EXAMPLES.relativize(file);
                boolean isSample = name.startsWith(vendor + ".samples");
                if (isSample || name.toString().equals(vendor + ".camel.yaml")) {
                    Files.copy(file, to.resolve(name));
                }
            }
        }
        Path settings = home.resolve("config/application.properties");
        Files.createDirectories(settings.getParent());
        Files.writeString(
                settings,
                Files.readString(EXAMPLES.resolve(vendor + ".properties")),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
