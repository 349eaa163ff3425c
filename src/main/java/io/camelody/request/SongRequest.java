package io.camelody.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A valid request under its canonical names, as the JSON that was written down.
 *
 * <p>It is made by {@link RequestRules} alone, so whoever holds one need not check it again.
 * Absent fields are absent: no defaults are filled in here.
 */
public record SongRequest(ObjectNode json) {

    /** Who writes lyrics first: what they are about, and the vendor if the request names one. */
    public record WriteLyrics(String prompt, Optional<String> vendor) {}

    public Optional<String> id() {
        return text("id");
    }

    /** The vendors that the request names, in order of preference; empty if it leaves the choice. */
    public List<String> vendors() {
        return texts("vendor");
    }

    /** Whether a vendor's refusal sends the request to the next vendor of its list. */
    public boolean goesOnWhenRefused() {
        return json.path("onRefused").asText().equals("next");
    }

    public Optional<String> prompt() {
        return text("prompt");
    }

    public Optional<String> lyrics() {
        return text("lyrics");
    }

    public Optional<WriteLyrics> writeLyrics() {
        JsonNode node = json.path("writeLyrics");
        if (node.isTextual()) {
            return Optional.of(new WriteLyrics(node.textValue(), Optional.empty()));
        }
        return node.isObject()
                ? Optional.of(new WriteLyrics(
                        node.path("prompt").textValue(),
                        Optional.ofNullable(node.path("vendor").textValue())))
                : Optional.empty();
    }

    public boolean instrumental() {
        return json.path("instrumental").booleanValue();
    }

    public boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** How long the vendor may take, if the request says. */
    public Optional<Duration> timeout() {
        // the schema allows what Duration reads, but for "PT" and the case
        return text("timeout").map(text -> Duration.parse("PT" + text));
    }

    public List<String> sinks() {
        return texts("sinks");
    }

    public Optional<String> text(String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }

    /** A URL up to its host and port, as people are shown it: the rest may be a secret. */
    public static String hostOf(String url) {
        return url.replaceFirst("(?<=[^:/])[/?#].*", "").replaceFirst("(?<=//).*@", "");
    }

    /** The request as people are shown it: of its webhook no more than the host. */
    public static ObjectNode shown(ObjectNode request) {
        String webhook = request.path("webhook").textValue();
        return webhook == null ? request : request.deepCopy().put("webhook", hostOf(webhook));
    }

    private List<String> texts(String field) {
        JsonNode node = json.path(field);
        if (node.isTextual()) {
            return List.of(node.textValue());
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
