package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * sunomusic: described, custom, instrumental and continued songs, two clips each, any number of tasks a status call.
 * Its tasks say {@code success} while the clips still stream, and complete the clips after that. Calls the callback
 * then, if it is on this machine: the sandbox calls nobody else.
 */
final class Sunomusic implements Vendor {

    private static final double SUCCESS = .7;
    private static final Set<String> FIELDS = Set.of(
            "model",
            "gpt_description_prompt",
            "prompt",
            "title",
            "tags",
            "make_instrumental",
            "continue_clip_id",
            "continue_at",
            "callback_url");

    private final Desk desk;
    private final Callbacks callbacks;

    Sunomusic(Desk desk, Callbacks callbacks) {
        this.desk = desk;
        this.callbacks = callbacks;
    }

    @Override
    public String name() {
        return "sunomusic";
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/music/generate", Fault.Call.SUBMIT, this::generate),
                new Route("GET", "/v1/music/status", Fault.Call.POLL, this::status));
    }

    @Override
    public String key(Request request) {
        return Vendor.bearer(request);
    }

    @Override
    public ObjectNode error(int status, String message) {
        return Json.object().put("code", status).put("message", message).putNull("data");
    }

    private Answer generate(Request request) {
        var fields = new Fields(request.json(), FIELDS);
        Stream.of("gpt_description_prompt", "prompt", "title", "tags", "continue_clip_id", "callback_url")
                .forEach(fields::text);
        fields.text("model").filter(model -> !model.startsWith("chirp-")).ifPresent(model -> {
            throw new Refused(400, "Unknown model: \"" + model + "\".");
        });
        fields.flag("make_instrumental");
        fields.number("continue_at");
        checkMode(fields);
        Task task = desk.makeSong(fields, request, 2);
        var shape = desk.shape(Fault.Call.SUBMIT).orElse(Trouble.Shape.DATA_TASK_ID);
        fields.text("callback_url")
                .ifPresent(url ->
                        callbacks.callWhen(url, () -> task.progress(desk.now()) >= SUCCESS, () -> callback(task)));
        return Answer.json(200, answer(task, shape, request));
    }

    private static void checkMode(Fields fields) {
        boolean described = fields.has("gpt_description_prompt");
        boolean continued = fields.has("continue_clip_id");
        if (described && (fields.has("prompt") || continued)) {
            throw new Refused(
                    400,
                    "gpt_description_prompt and " + (continued ? "continue_clip_id" : "prompt")
                            + " belong to different modes.");
        }
        if (continued != fields.has("continue_at")) {
            throw new Refused(400, "continue_clip_id and continue_at go together.");
        }
        if (!described && !continued && !fields.has("prompt") && !fields.has("tags")) {
            throw new Refused(400, "Missing field: gpt_description_prompt or prompt.");
        }
    }

    private ObjectNode answer(Task task, Trouble shape, Request request) {
        ObjectNode json = Json.object().put("code", 0).put("message", "ok");
        if (shape == Trouble.Plain.NO_ID) {
            return json.putNull("data");
        }
        switch (shape instanceof Trouble.Shape known ? known : Trouble.Shape.DATA_TASK_ID) {
            case DATA_TASK_ID -> json.putObject("data").put("task_id", task.id());
            case DATA_STRING -> json.put("data", task.id());
            case DATA_ID -> json.putObject("data").put("id", task.id());
            case DATA_CAMEL_TASK_ID -> json.putObject("data").put("taskId", task.id());
            case DATA_LIST_ID -> json.putArray("data").addObject().put("id", task.id());
            case DATA_IDS -> {
                task.hasClips(task.clips().subList(0, 1));
                json.putObject("data")
                        .putArray("ids")
                        .add(task.id())
                        .add(desk.makeSibling(task, request).id());
            }
            case TOP_TASK_ID -> json.put("task_id", task.id());
        }
        return json;
    }

    private Answer status(Request request) {
        List<String> ids = request.ids();
        if (ids.isEmpty()) {
            throw new Refused(400, "Missing parameter: ids.");
        }
        ObjectNode json = Json.object().put("code", 0).put("message", "ok");
        var tasks = json.putArray("data");
        desk.look(ids, Fault.Call.POLL).forEach(look -> tasks.add(task(look)));
        return Answer.json(200, json);
    }

    private ObjectNode task(Desk.Look look) {
        Task task = look.task();
        ObjectNode json = Json.object().put("id", task.id());
        var failure = task.failure(look.now());
        if (failure.isPresent()) {
            json.put("status", look.word("failed"))
                    .put("message", failure.get())
                    .putObject("data")
                    .putArray("clips");
            return json;
        }
        double progress = look.progress();
        if (progress < SUCCESS || progress < 1 && task.isDoomed()) {
            json.put("status", look.word(progress < Desk.STREAMING ? "pending" : "processing"));
            json.putObject("data").putArray("clips");
            return json;
        }
        json.put("status", look.word("success"));
        json.putObject("data").set("clips", clips(look));
        return json;
    }

    private JsonNode clips(Desk.Look look) {
        var clips = Json.MAPPER.createArrayNode();
        look.clips().forEach(clip -> clips.add(clip(clip, look)));
        return clips;
    }

    private ObjectNode clip(Task.Clip clip, Desk.Look look) {
        Task task = look.task();
        boolean broken = clip.isStruck(Trouble.Plain.CLIP_ERROR);
        boolean complete = look.progress() >= 1 && !look.isStruck(Trouble.Plain.STAY_STREAMING);
        String described = task.text("gpt_description_prompt");
        boolean sung = !task.request().path("make_instrumental").booleanValue();
        ObjectNode json = Json.object()
                .put("id", task.id() + "_" + (clip.index() + 1))
                .put("clip_id", clip.id())
                .put("status", broken ? "error" : complete ? "complete" : "streaming");
        json.set("audio_url", desk.audioUrl(clip, look));
        json.put("video_url", "")
                .put("image_url", desk.imageUrl(clip))
                .put("title", task.request().has("title") ? task.text("title") : Words.title(described));
        json.set("duration", Desk.seconds(clip.seconds()));
        json.put("model_name", task.request().has("model") ? task.text("model") : "chirp-v4");
        ObjectNode metadata = json.putObject("metadata")
                .put("tags", task.text("tags"))
                .put("prompt", described.isEmpty() || !sung ? task.text("prompt") : Words.lyrics(described))
                .put("gpt_description_prompt", described);
        if (broken) {
            metadata.put("error_message", "This clip could not be made.");
        }
        return json.put("created_at", Desk.moment(task.createdAt()));
    }

    private String callback(Task task) {
        ObjectNode json = Json.object();
        var look = new Desk.Look(task, task.troubles(), desk.now());
        boolean failed = task.isDoomed();
        json.set("clips", failed ? Json.MAPPER.createArrayNode() : clips(look));
        return Json.write(json.put("status", failed ? "failed" : "completed"));
    }
}
