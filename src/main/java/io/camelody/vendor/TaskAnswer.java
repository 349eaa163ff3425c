package io.camelody.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.request.Json;
import io.camelody.settings.VendorSettings;
import java.util.HashSet;
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
 */
public record TaskAnswer(
        Optional<String> taskId,
        String status,
        ArrayNode clips,
        Optional<VendorError> error,
        Optional<String> lyrics,
        Optional<String> title) {

    public static final String RUNNING = "running";
    public static final String STREAMING = "streaming";
    public static final String SUCCEEDED = "succeeded";
    public static final String FAILED = "failed";

    private static final Set<String> COMPLETE = Set.of("complete", "completed", "success", SUCCEEDED);
    private static final Set<String> ENDED_BADLY = Set.of("error", FAILED);

    static TaskAnswer of(JsonNode node, VendorSettings vendor) {
        return new TaskAnswer(
                text(node, "taskId"),
                text(node, "status").map(vendor::withoutKey).orElse("none"),
                clips(node.path("clips")),
                error(node.path("error"), vendor),
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

    private static ArrayNode clips(JsonNode from) {
        ArrayNode clips = Json.MAPPER.createArrayNode();
        Set<String> seen = new HashSet<>();
        for (JsonNode clip : from) {
            if (clip.isObject()
                    && (!clip.hasNonNull("id") || seen.add(clip.get("id").asText()))) {
                clips.add(clip);
            }
        }
        return clips;
    }

    private static Optional<VendorError> error(JsonNode node, VendorSettings vendor) {
        if (node.isNull() || node.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(Answers.error(node, Optional.empty(), vendor));
    }

    private static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
    }
}
