package io.camelody.cli;

import io.camelody.settings.PropertyFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first files of a new vendor. Nothing is written where one of them, or a setting of the vendor, is there already.
 */
final class VendorStart {

    private static final List<String> SONG =
            List.of("submit-taken", "submit-too-fast", "poll-running", "poll-done", "poll-failed");

    private static final List<String> LYRICS =
            List.of("lyrics-submit-taken", "lyrics-poll-running", "lyrics-poll-done");

    private final Path home;
    private final String name;
    private final boolean withLyrics;

    VendorStart(Path home, String name, boolean withLyrics) {
        this.home = home;
        this.name = name;
        this.withLyrics = withLyrics;
    }

    /**
     * @return what was written, in order
     * @throws UsageException if something stands in the way
     */
    List<Path> write() throws IOException {
        Map<Path, String> files = files();
        for (Path file : files.keySet()) {
            if (Files.exists(file)) {
                throw new UsageException("There is a file %s already. Nothing was written.".formatted(file));
            }
        }
        Path settings = home.resolve("config/application.properties");
        String before = Files.exists(settings) ? Files.readString(settings) : "";
        if (before.contains("camelody." + name + ".")) {
            throw new UsageException(
                    "There are settings camelody.%s.* in %s already. Nothing was written.".formatted(name, settings));
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.writeString(file.getKey(), file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        Files.createDirectories(settings.getParent());
        String lineEnd = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        Files.writeString(
                settings, lineEnd + text("settings.properties"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        List<Path> written = new ArrayList<>(files.keySet());
        written.add(settings);
        return written;
    }

    private Map<Path, String> files() throws IOException {
        Path vendors = home.resolve("routes/vendors");
        Path samples = vendors.resolve(name + ".samples");
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(
                vendors.resolve(name + ".camel.yaml"),
                text("song.camel.yaml") + (withLyrics ? text("lyrics.camel.yaml") : ""));
        for (String sample : SONG) {
            files.put(samples.resolve(sample + ".yaml"), text("song/" + sample + ".yaml"));
        }
        for (String sample : withLyrics ? LYRICS : List.<String>of()) {
            files.put(samples.resolve(sample + ".yaml"), text("lyrics/" + sample + ".yaml"));
        }
        return files;
    }

    private String text(String resource) throws IOException {
        try (InputStream in = VendorStart.class.getResourceAsStream("/camelody/new-vendor/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("NAME", name)
                    .replace("VARIABLE", PropertyFiles.variable(name))
                    .replace("CAN", "prompt, lyrics, title, style, instrumental" + (withLyrics ? ", writeLyrics" : ""));
        }
    }
}
