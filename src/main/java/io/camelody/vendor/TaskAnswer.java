package io.camelody.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a vendor's route says of one task.
 *
 * @param status {@code running}, {@code streaming}, {@code succeeded}, {@code failed}, or a word that nobody knows
 * @param clips each with what the vendor gives of {@code id, audioUrl, imageUrl, videoUrl, title, lyrics, style, duration,
 *     model, createdAt, status}; no clip stands twice
 * @param lyrics what the lyrics step wrote
 * @param raw the start of what the vendor answered: of a task that has ended
 */
public record TaskAnswer(
        Optional<String> taskId,
        String status,
        ArrayNode clips,
        Optional<VendorError> error,
        Optional<String> lyrics,
        Optional<String> title,
        Optional<String> raw) {

    public static final String RUNNING = "running";
    public static final String STREAMING = "streaming";
    public static final String SUCCEEDED = "succeeded";
    public static final String FAILED = "failed";

    private static final Set<String> COMPLETE = Set.of("complete", "completed", "success", SUCCEEDED);
    private static final Set<String> ENDED_BADLY = Set.of("error", FAILED);
    /** What became of a clip here. By a vendor's word any file of this machine might be handed out as a clip. */
    private static final Set<String> OURS =
            Set.of("file", "bytes", "sha256", "seconds", "image", "imageError", "error", "errorKind", "places");

    private static final int STATUS_LENGTH = 40;

    /** What of a clip is text in a song's document; vendors number their clips, and jq leaves the number. */
    private static final List<String> TEXTS =
            List.of("id", "audioUrl", "imageUrl", "videoUrl", "title", "lyrics", "style", "model", "status");

    public TaskAnswer(
            Optional<String> taskId,
            String status,
            ArrayNode clips,
            Optional<VendorError> error,
            Optional<String> lyrics,
            Optional<String> title) {
        this(taskId, status, clips, error, lyrics, title, Optional.empty());
    }

    TaskAnswer withRaw(String answer) {
        return new TaskAnswer(taskId, status, clips, error, lyrics, title, Optional.of(answer));
    }

    static TaskAnswer of(JsonNode node, Secrets secrets) {
        return new TaskAnswer(
                text(node, "taskId"),
                text(node, "status")
                        .map(secrets::maskedIn)
                        .map(TaskAnswer::aWord)
                        .orElse("none"),
                withoutOurs(eachOnce(worded(node.path("clips")))),
                error(node.path("error"), secrets),
                text(node, "lyrics").filter(lyrics -> !lyrics.isBlank()),
                text(node, "title").filter(title -> !title.isBlank()));
    }

    public boolean hasEnded() {
        return status.equals(SUCCEEDED) || status.equals(FAILED);
    }

    /** Whether the status is one that the contract knows. */
    public boolean isKnown() {
        return hasEnded() || status.equals(RUNNING) || status.equals(STREAMING);
    }

    /** Whether a clip may still grow or begin: it has a status, and not one that is the last. */
    public boolean isSettling() {
        for (JsonNode clip : clips) {
            String status = clip.path("status").asText("").toLowerCase(Locale.ROOT);
            if (!status.isBlank() && !COMPLETE.contains(status) && !hasEndedBadly(clip)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the vendor says that a clip will never have audio, whatever URL stands beside it. */
    public static boolean hasEndedBadly(JsonNode clip) {
        return ENDED_BADLY.contains(clip.path("status").asText("").toLowerCase(Locale.ROOT));
    }

    /** Each clip once: the same id is the same clip, and without ids the same URL is. */
    public static ArrayNode eachOnce(Iterable<JsonNode> from) {
        ArrayNode clips = Json.MAPPER.createArrayNode();
        Set<String> seen = new HashSet<>();
        for (JsonNode clip : from) {
            JsonNode name = clip.hasNonNull("id") ? clip.get("id") : clip.path("audioUrl");
            if (clip.isObject() && (name.asText().isBlank() || name.isNull() || seen.add(name.asText()))) {
                clips.add(clip);
            }
        }
        return clips;
    }

    private static ArrayNode withoutOurs(ArrayNode clips) {
        ArrayNode theirs = clips.deepCopy();
        theirs.forEach(clip -> ((ObjectNode) clip).remove(OURS));
        return theirs;
    }

    private static JsonNode worded(JsonNode from) {
        JsonNode clips = from.deepCopy();
        for (JsonNode each : clips) {
            if (each instanceof ObjectNode clip) {
                TEXTS.stream()
                        .filter(name ->
                                clip.path(name).isNumber() || clip.path(name).isBoolean())
                        .forEach(name -> clip.put(name, clip.get(name).asText()));
            }
        }
        return clips;
    }

    /** Of two entries about one task, the one that got further. */
    TaskAnswer or(TaskAnswer other) {
        boolean further = status.equals(SUCCEEDED) || hasEnded() && !other.status.equals(SUCCEEDED);
        return further ? this : other;
    }

    private static String aWord(String status) {
        return status.length() > STATUS_LENGTH ? status.substring(0, STATUS_LENGTH) + "…" : status;
    }

    private static Optional<VendorError> error(JsonNode node, Secrets secrets) {
        if (node.isNull() || node.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(Answers.error(node, Optional.empty(), secrets));
    }

    private static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
    }
}
