package io.camelody.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.List;
import java.util.Set;

/** What the public pages of new-api allow of its Suno format (docs.newapi.pro: suno-music), whose calls are all POST. */
public final class StrictNewapi extends StrictVendor {

    private static final List<String> PHASES = List.of("NOT_START", "SUBMITTED", "IN_PROGRESS");

    public StrictNewapi(String key) {
        super("Bearer " + key);
        listen();
    }

    @Override
    protected JsonNode answer(Call call) {
        demand(call.method().equals("POST"), "not posted");
        demand("application/json".equals(call.contentType()), "no JSON");
        demand(call.query().equals("null"), "a query");
        return switch (call.path()) {
            case "/suno/submit/music" -> taken(song(call.json()));
            case "/suno/submit/lyrics" -> taken(lyrics(call.json()));
            case "/suno/fetch" -> fetched(call.json());
            default -> throw new Refusal("no such path");
        };
    }

    @Override
    protected ObjectNode refusal(String message) {
        return Json.object()
                .put("code", "invalid_request")
                .put("message", message)
                .putNull("data");
    }

    private static ObjectNode good() {
        return Json.object().put("code", "success").put("message", "");
    }

    private ObjectNode taken(JsonNode request) {
        return good().put("data", make(request).id());
    }

    private static JsonNode song(JsonNode body) {
        Set<String> always = Set.of("mv", "make_instrumental");
        demand(body.path("make_instrumental").isBoolean(), "make_instrumental is no boolean");
        if (body.has("gpt_description_prompt")) {
            demandFields(body, always, Set.of("gpt_description_prompt"));
        } else {
            demandFields(body, always, Set.of("prompt", "title", "tags"));
            demand(body.has("prompt") || body.has("tags"), "nothing to make a song of");
        }
        demand(body.path("mv").asText().startsWith("chirp-"), "no such model");
        return body;
    }

    private static JsonNode lyrics(JsonNode body) {
        demandFields(body, Set.of("prompt"), Set.of());
        return body;
    }

    private ObjectNode fetched(JsonNode body) {
        demandFields(body, Set.of("ids"), Set.of());
        demand(body.path("ids").isArray() && !body.path("ids").isEmpty(), "no ids");
        ArrayNode tasks = Json.MAPPER.createArrayNode();
        body.path("ids").forEach(id -> {
            demand(id.isTextual(), "an id is no text");
            tasks.add(state(look(id.textValue())));
        });
        return good().set("data", tasks);
    }

    private ObjectNode state(Made task) {
        int look = task.looks().get();
        boolean ended = look > PHASES.size();
        boolean isSong = task.request().has("mv");
        ObjectNode state = Json.object()
                .put("task_id", task.id())
                .put("action", isSong ? "MUSIC" : "LYRICS")
                .put("status", ended ? "SUCCESS" : PHASES.get(look - 1))
                .put("fail_reason", "")
                .put("progress", ended ? "100%" : "30%")
                .putNull("data");
        if (!isSong && ended) {
            state.putObject("data")
                    .put("status", "complete")
                    .put("title", "Made")
                    .put("text", "[Verse]\nwritten words");
        }
        if (isSong && look >= PHASES.size()) {
            ArrayNode clips = state.putArray("data");
            for (int n = 1; n <= 2; n++) {
                String clip = task.id() + "-" + n;
                ObjectNode one = clips.addObject()
                        .put("id", clip)
                        .put("audio_url", ended ? audio(clip) : "")
                        .put("video_url", "")
                        .put("image_url", "")
                        .put("image_large_url", "")
                        .put("model_name", "chirp-v4")
                        .put("status", ended ? "complete" : "queued")
                        .put("title", "made up")
                        .put("text", "")
                        .put("created_at", "2026-01-01T00:00:00Z");
                one.putObject("metadata")
                        .put("tags", "tags")
                        .put("prompt", "words")
                        .put("duration", ended ? 2.0 : null);
            }
        }
        return state;
    }
}
