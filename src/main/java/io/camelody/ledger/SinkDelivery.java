package io.camelody.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far one sink has come with a song. Each sink of a song succeeds, is tried again and fails by itself; which clips it has
 * stands beside them, in {@code clips[].places}.
 *
 * @param attempt failed tries so far
 * @param dueAt when it is tried next; of a sink that has ended, when it ended
 * @param message why the last try failed
 */
public record SinkDelivery(String sink, Progress progress, int attempt, Instant dueAt, Optional<String> message) {

    /** Where a sink is with a song. */
    public enum Progress {
        DUE,
        DELIVERED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static SinkDelivery due(String sink, Instant at) {
        return new SinkDelivery(sink, Progress.DUE, 0, at, Optional.empty());
    }

    public SinkDelivery delivered(Instant at) {
        return new SinkDelivery(sink, Progress.DELIVERED, attempt, at, Optional.empty());
    }

    public SinkDelivery later(Instant due, String why) {
        return new SinkDelivery(sink, Progress.DUE, attempt + 1, due, Optional.of(why));
    }

    public SinkDelivery failed(Instant at, String why) {
        return new SinkDelivery(sink, Progress.FAILED, attempt + 1, at, Optional.of(why));
    }

    /** As it is tried once more after it had failed; what is delivered stays so. */
    SinkDelivery again(Instant at) {
        return progress == Progress.DELIVERED ? this : due(sink, at);
    }

    public boolean isDue() {
        return progress == Progress.DUE;
    }

    /** Whether it was tried, and is tried again. */
    public boolean isWaiting() {
        return isDue() && attempt > 0;
    }

    public boolean isDelivered() {
        return progress == Progress.DELIVERED;
    }

    public boolean hasFailed() {
        return progress == Progress.FAILED;
    }

    /** By the names of the sinks, in their order. */
    static ObjectNode json(List<SinkDelivery> all) {
        ObjectNode json = Json.object();
        for (SinkDelivery each : all) {
            ObjectNode node = json.putObject(each.sink)
                    .put("state", each.progress.word())
                    .put("attempts", each.attempt)
                    .put(each.isDue() ? "dueAt" : "at", each.dueAt.toString());
            each.message.ifPresent(message -> node.put("message", message));
        }
        return json;
    }

    static List<SinkDelivery> of(JsonNode json) {
        List<SinkDelivery> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            JsonNode node = each.getValue();
            all.add(new SinkDelivery(
                    each.getKey(),
                    Progress.valueOf(node.path("state").textValue().toUpperCase(Locale.ROOT)),
                    node.path("attempts").intValue(),
                    Instant.parse(node.path(node.has("dueAt") ? "dueAt" : "at").textValue()),
                    Optional.ofNullable(node.path("message").textValue())));
        }
        return all;
    }
}
