package io.camelody.audio;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the files of a song's clips and covers are called, without their endings, by the template {@code camelody.songs.name}.
 *
 * <p>A name is safe on every file system, and no two clips of a song have one that some file system takes for the same. The
 * same song has the same names whenever they are asked for; a clip that has its file keeps its name when the template changes.
 */
public final class FileNames {

    private static final String SETTING = "camelody.songs.name";

    private static final List<String> FIELDS = List.of("title", "n", "id", "vendor", "model", "style", "date", "batch");

    private static final String LABEL = "label.";

    private static final Pattern FIELD = Pattern.compile("\\{([^{}]*)}");

    /** So that what follows a long title is in the name too. */
    private static final int FIELD_BYTES = 80;

    private final String template;

    FileNames(String template) {
        this.template = template;
    }

    static FileNames read(Settings settings) {
        String template = settings.text("camelody.songs.name").orElse("clip-{n}");
        Matcher fields = FIELD.matcher(template);
        while (fields.find()) {
            String field = fields.group(1);
            if (!FIELDS.contains(field) && !(field.startsWith(LABEL) && field.length() > LABEL.length())) {
                settings.problem("Expected %s to have no fields but {%s} and {label.NAME}, got: \"{%s}\"."
                        .formatted(SETTING, String.join("}, {", FIELDS), field));
            }
        }
        if (fields.replaceAll("").matches(".*[{}/\\\\].*")) {
            settings.problem(
                    "Expected %s to be the name of a file with fields such as {title}, without folders, got: \"%s\"."
                            .formatted(SETTING, template));
        }
        return new FileNames(template);
    }

    /** @return a name for each clip of the song's document, in their order */
    List<String> of(JsonNode song) {
        JsonNode clips = song.path("clips");
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode clip : clips) {
            String kept = kept(clip);
            names.add(kept);
            taken.add(SafeName.folded(kept));
        }
        boolean isNumbered = template.contains("{n}") || clips.size() < 2;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                String text = filled(song, clips.get(i), i + 1);
                String end = isNumbered ? "" : "-" + (i + 1);
                String name = SafeName.of(text, end);
                for (int more = 2; !taken.add(SafeName.folded(name)); more++) {
                    name = SafeName.of(text, end + "-" + more);
                }
                names.set(i, name);
            }
        }
        return names;
    }

    /** What is not ours, a vendor's own member of that name, is no name to keep. */
    private static String kept(JsonNode clip) {
        String file = clip.path("file").asText("");
        String name = file.substring(0, Math.max(0, file.lastIndexOf('.')));
        return clip.hasNonNull("sha256") && SafeName.of(name, "").equals(name) ? name : "";
    }

    private String filled(JsonNode song, JsonNode clip, int number) {
        ClipWords words = ClipWords.of(song, clip);
        return FIELD.matcher(template)
                .replaceAll(field -> Matcher.quoteReplacement(
                        SafeName.cut(value(field.group(1), words, song, number), FIELD_BYTES)));
    }

    private static String value(String field, ClipWords words, JsonNode song, int number) {
        return switch (field) {
            case "title" -> words.title().orElse(words.songId());
            case "n" -> Integer.toString(number);
            case "id" -> words.songId();
            case "vendor" -> words.vendor();
            case "model" -> words.model().orElse("");
            case "style" -> words.style().orElse("");
            case "date" -> words.date();
            case "batch" -> batch(song.path("source").asText(""));
            default ->
                song.path("request")
                        .path("labels")
                        .path(field.substring(LABEL.length()))
                        .asText("");
        };
    }

    /** The name of the file of requests, of {@code folder/tango.jsonl:4}; empty where the song came otherwise. */
    private static String batch(String source) {
        String file = source.replaceFirst(":\\d+$", "").replaceFirst("^.*[/\\\\]", "");
        return file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : "";
    }
}
