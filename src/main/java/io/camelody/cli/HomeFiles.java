package io.camelody.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The route files and settings of a home, by what tells that one has changed: its time and its size. */
final class HomeFiles {

    private final Path home;
    private Map<Path, String> known;
    private Map<Path, String> before;

    HomeFiles(Path home) {
        this.home = home;
        this.known = look();
        this.before = known;
    }

    /** Whether they are others than when it last said so; not while they are being changed, between two looks. */
    boolean haveChanged() {
        Map<Path, String> now = look();
        boolean stoodStill = now.equals(before);
        before = now;
        if (!stoodStill || now.equals(known)) {
            return false;
        }
        known = now;
        return true;
    }

    private Map<Path, String> look() {
        Map<Path, String> files = new TreeMap<>();
        Path routes = home.resolve("routes");
        if (Files.isDirectory(routes)) {
            try (Stream<Path> all = Files.walk(routes)) {
                all.filter(file -> file.toString().endsWith(".camel.yaml")).forEach(file -> note(files, file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        note(files, home.resolve("config/application.properties"));
        return files;
    }

    private static void note(Map<Path, String> files, Path file) {
        try {
            files.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
        } catch (IOException e) {
            // it is not there, or not any more
            files.remove(file);
        }
    }
}
