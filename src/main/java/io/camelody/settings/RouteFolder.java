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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is read from a folder of route files: a home's, or the one that ships in the jar. */
final class RouteFolder {

    /** In the program. */
    static final String SHIPPED = "/camelody/routes";

    interface Opening {
        InputStream open() throws IOException;
    }

    private RouteFolder() {}

    /** Looks into a folder of the shipped routes, which is there as long as that lasts. */
    static <T> T inShipped(Function<Path, T> look) {
        URL folder = RouteFolder.class.getResource(SHIPPED);
        try {
            URI uri = folder.toURI();
            if (!uri.getScheme().equals("jar")) {
                return look.apply(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return look.apply(jar.getPath(SHIPPED));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("The shipped routes could not be read at " + folder, e);
        }
    }

    /** The files in a folder and below whose name ends so, as seen from there; none where there is no folder. */
    static List<String> names(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What they say, by their names without the suffix. */
    static Map<String, String> texts(Path folder, String suffix) {
        Map<String, String> texts = new TreeMap<>();
        for (String name : names(folder, suffix)) {
            texts.put(
                    name.substring(0, name.length() - suffix.length()),
                    read(() -> Files.newInputStream(folder.resolve(name))));
        }
        return texts;
    }

    static String read(Opening file) {
        try (InputStream in = file.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
