package io.camelody.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the public pages of sunoapi.org allow (docs.sunoapi.org: generate-music, get-music-generation-details, generate-lyrics,
 * get-lyrics-generation-details). Every second song ends in CALLBACK_EXCEPTION, since nobody is at the address.
 */
public final class StrictSunoapi extends StrictVendor {

    private static final Set<String> MODELS = Set.of("V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5");

    private static final List<String> PHASES = List.of("PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS");

    public StrictSunoapi(String key) {
        super("Bearer " + key);
        listen();
    }

    @Override
    protected JsonNode answer(Call call) {
        return switch (call.method() + " " + call.path()) {
            case "POST /api/v1/generate" -> taken(song(call));
            case "POST /api/v1/lyrics" -> taken(lyrics(call));
            case "GET /api/v1/generate/record-info" -> good(state(look(taskId(call))));
            case "GET /api/v1/lyrics/record-info" -> good(words(look(taskId(call))));
            default -> throw new Refusal("no such path");
        };
    }

    @Override
    protected ObjectNode refusal(String message) {
        return Json.object().put("code", 400).put("msg", message);
    }

    private static ObjectNode good(JsonNode data) {
        return Json.object().put("code", 200).put("msg", "success").set("data", data);
    }

    private ObjectNode taken(JsonNode request) {
        return good(Json.object().put("taskId", make(request).id()));
    }

    private static JsonNode song(Call call) {
        JsonNode body = posted(call);
        demand(body.path("customMode").isBoolean(), "customMode is no boolean");
        demand(body.path("instrumental").isBoolean(), "instrumental is no boolean");
        Set<String> always = Set.of("customMode", "instrumental", "model", "callBackUrl");
        if (!body.path("customMode").asBoolean()) {
            demandFields(body, with(always, "prompt"), Set.of());
            demand(body.path("prompt").asText().length() <= 500, "the description is too long");
        } else {
            Set<String> custom = with(with(always, "style"), "title");
            boolean sung = !body.path("instrumental").asBoolean();
            demandFields(
                    body, sung ? with(custom, "prompt") : custom, Set.of("negativeTags", "vocalGender", "styleWeight"));
            demand(body.path("title").asText().length() <= 80, "the title is too long");
            demand(body.path("vocalGender").asText("m").matches("[mf]"), "vocalGender is neither m nor f");
            demand(
                    body.path("styleWeight").isMissingNode()
                            || body.path("styleWeight").isNumber(),
                    "no weight");
        }
        demand(MODELS.contains(body.path("model").asText()), "no such model");
        return body;
    }

    private static JsonNode lyrics(Call call) {
        JsonNode body = posted(call);
        demandFields(body, Set.of("prompt", "callBackUrl"), Set.of());
        return body;
    }

    private static JsonNode posted(Call call) {
        demand("application/json".equals(call.contentType()), "no JSON");
        demand(call.query().equals("null"), "a query");
        demand(call.json().path("callBackUrl").asText().startsWith("https://"), "no address to call back");
        return call.json();
    }

    private static String taskId(Call call) {
        demand(call.query().matches("taskId=t-\\d+"), "not one task id: " + call.query());
        demand(call.json().isMissingNode(), "a body where none belongs");
        return call.query().substring("taskId=".length());
    }

    private ObjectNode state(Made task) {
        int look = task.looks().get();
        boolean ended = look > PHASES.size();
        String last = task.id().matches(".*[02468]") ? "CALLBACK_EXCEPTION" : "SUCCESS";
        ObjectNode data = data(task, ended ? last : PHASES.get(look - 1), "GENERATE");
        if (look >= PHASES.size()) {
            ArrayNode clips =
                    data.putObject("response").put("taskId", task.id()).putArray("sunoData");
            for (int n = 1; n <= 2; n++) {
                String clip = task.id() + "-" + n;
                clips.addObject()
                        .put("id", clip)
                        .put("audioUrl", ended || n == 1 ? audio(clip) : "")
                        .put("streamAudioUrl", audio(clip))
                        .put("prompt", "words")
                        .put("modelName", "chirp-v4-5")
                        .put("title", task.request().path("title").asText("made up"))
                        .put("tags", "tags")
                        .put("createTime", "2026-01-01 00:00:00")
                        .put("duration", ended || n == 1 ? 2.0 : null);
            }
        }
        return data;
    }

    private static ObjectNode words(Made task) {
        ObjectNode data = data(task, task.looks().get() > 1 ? "SUCCESS" : "PENDING", "LYRICS");
        if (task.looks().get() > 1) {
            ArrayNode all = data.putObject("response").put("taskId", task.id()).putArray("data");
            for (String title : List.of("First", "Second")) {
                all.addObject()
                        .put("text", "[Verse]\nwritten words")
                        .put("title", title)
                        .put("status", "complete");
            }
        }
        return data;
    }

    private static ObjectNode data(Made task, String status, String type) {
        return Json.object()
                .put("taskId", task.id())
                .put("param", Json.write(task.request()))
                .put("status", status)
                .put("type", type)
                .putNull("response")
                .putNull("errorCode")
                .putNull("errorMessage");
    }

    private static Set<String> with(Set<String> names, String one) {
        Set<String> all = new TreeSet<>(names);
        all.add(one);
        return all;
    }
}
