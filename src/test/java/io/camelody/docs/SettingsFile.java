package io.camelody.docs;

import io.camelody.settings.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code config/application.properties} as somebody reads it: headed parts of groups, each with its words and its settings. */
final class SettingsFile {

    private static final Path FILE = Path.of("config/application.properties");

    private static final String EXAMPLE = "#   ";

    /** The account of a vendor that the file has as an example. */
    private static final String ACCOUNT = "foxai-2";

    private static final Pattern HEADING = Pattern.compile("# ---- (.+?) -+");

    /**
     * Settings that stand together. A name that is the reader's to choose has no default, and stands as an example in a comment.
     *
     * @param settings values by names, in the order of the file
     */
    record Group(String words, Map<String, String> settings) {}

    private SettingsFile() {}

    /** The groups of each part, by its heading. What stands above the first heading is about the file and no group. */
    static Map<String, List<Group>> parts() throws IOException {
        Map<String, List<Group>> parts = new LinkedHashMap<>();
        List<Group> part = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                part = new ArrayList<>();
                parts.put(heading.group(1), part);
                words.clear();
            } else if (line.isBlank()) {
                words.clear();
            } else if (line.startsWith("#") && !line.startsWith(EXAMPLE)) {
                words.add(line.substring(1).strip());
            } else {
                if (!words.isEmpty()) {
                    part.add(new Group(String.join(" ", words), new LinkedHashMap<>()));
                    words.clear();
                }
                String[] setting = line.replace(EXAMPLE, "").split("=", 2);
                part.get(part.size() - 1).settings().put(setting[0].strip(), setting[1].strip());
            }
        }
        return parts;
    }

    /** The name with {@code VENDOR} in the place of a shipped vendor's, so that those of all vendors are one. */
    static String family(String name) {
        String vendors = String.join("|", RouteFiles.find(Path.of("no home")).vendors()) + "|" + ACCOUNT;
        return name.replaceFirst("^camelody\\.(%s)\\.".formatted(vendors), "camelody.VENDOR.");
    }

    /** The vendor that a setting is of; nothing that would be shown for one of all. */
    static String vendor(String name) {
        return family(name).equals(name) ? "" : name.split("\\.")[1];
    }
}
