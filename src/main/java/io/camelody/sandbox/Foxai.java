package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * FoxAI: a song from a topic or from tags and lyrics, two clips, up to 25 tasks a status call. A task is processing,
 * then queued, then streaming, where its audio can be heard while it grows, then completed or failed.
 */
final class Foxai implements Vendor {

    private static final double QUEUED = .15;
    private static final int MOST_IDS = 25;
    private static final String USER = "2dba1255-ebac-4e9b-a1d5-2b92d7a1fcb1";

    private final Desk desk;

    Foxai(Desk desk) {
        this.desk = desk;
    }

    @Override
    public String name() {
        return "foxai";
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/api/v2/music/task", Fault.Call.SUBMIT, this::submit),
                new Route("GET", "/api/v2/music/task", Fault.Call.POLL, this::status));
    }

    @Override
    public String key(Request request) {
        return request.header("api-key");
    }

    @Override
    public ObjectNode error(int status, String message) {
        return Json.object().put("success", false).put("message", message);
    }

    private Answer submit(Request request) {
        ObjectNode body = request.json();
        // the two modes have no field in common: one that belongs to neither or to the other is refused by its name
        boolean described = body.has("topic") || body.has("is_instrumental");
        var fields = new Fields(body, described ? Set.of("topic", "is_instrumental") : Set.of("tags", "lyrics"));
        if (described) {
            fields.requiredText("topic");
            fields.flag("is_instrumental");
        } else {
            fields.requiredText("tags");
            fields.text("lyrics");
        }
        Task task = desk.makeSong(fields, request, 2);
        ObjectNode answer = Json.object().put("success", true);
        boolean withoutId = desk.shape(Fault.Call.SUBMIT).isPresent();
        return Answer.json(200, withoutId ? answer : answer.put("task_id", task.id()));
    }

    private Answer status(Request request) {
        List<String> ids = request.ids();
        if (ids.isEmpty() || ids.size() > MOST_IDS) {
            throw new Refused(400, "Expected 1 to " + MOST_IDS + " ids, got: " + ids.size() + ".");
        }
        var answer = Json.MAPPER.createArrayNode();
        desk.look(ids, Fault.Call.POLL).forEach(look -> answer.add(task(look)));
        return Answer.json(200, answer);
    }

    private ObjectNode task(Desk.Look look) {
        Task task = look.task();
        var failure = task.failure(look.now());
        double progress = look.progress();
        ObjectNode json = Json.object();
        json.put("status", "").put("task_id", task.id()).set("gen_params", task.request());
        String status;
        if (failure.isPresent()) {
            status = "failed";
            json.put("data", failure.get());
        } else if (progress < QUEUED) {
            status = "processing";
            json.putNull("data");
        } else if (progress < Desk.STREAMING || progress < 1 && task.isDoomed()) {
            status = "queued";
            var ids = json.putObject("data").putArray("clip_ids");
            task.clips().forEach(clip -> ids.add(clip.id()));
        } else {
            boolean complete = progress >= 1 && !look.isStruck(Trouble.Plain.STAY_STREAMING);
            status = progress >= 1 ? "completed" : "streaming";
            var clips = json.putArray("data");
            look.clips().forEach(clip -> clips.add(clip(clip, look, complete)));
        }
        json.put("status", look.word(status));
        Instant updated = progress >= 1 ? task.endsAt() : look.now();
        return json.put("created_at", Desk.moment(task.createdAt())).put("updated_at", Desk.moment(updated));
    }

    private ObjectNode clip(Task.Clip clip, Desk.Look look, boolean complete) {
        boolean broken = clip.isStruck(Trouble.Plain.CLIP_ERROR) && look.progress() >= 1;
        String status = broken ? "error" : complete ? "complete" : "streaming";
        ObjectNode json = Json.object()
                .put("id", clip.id())
                .put("title", "")
                .put("handle", "zafs8qv")
                .put("status", status)
                .put("user_id", USER)
                .put("has_hook", false)
                .put("is_liked", false);
        json.set("metadata", metadata(clip, complete, broken));
        if (complete || broken || look.progress() >= 1) {
            json.set("audio_url", desk.audioUrl(clip, look));
        } else {
            json.put("audio_url", desk.streamUrl(clip));
        }
        if (complete) {
            json.put("explicit", false);
        }
        return json.put("image_url", desk.imageUrl(clip))
                .put("is_hidden", false)
                .put("is_public", false)
                .put("video_url", "")
                .put("created_at", Desk.moment(clip.task().createdAt()))
                .put("flag_count", 0)
                .put("is_trashed", false)
                .put("model_name", "chirp-auk")
                .put("play_count", 0)
                .put("batch_index", clip.index())
                .put("entity_type", "song_schema")
                .put("display_name", "zafs8qv")
                .put("upvote_count", 0)
                .put("comment_count", 0)
                .put("allow_comments", true)
                .put("image_large_url", desk.largeImageUrl(clip))
                .put("is_contest_clip", false)
                .put("avatar_image_url", desk.imageUrl(clip))
                .put("is_handle_updated", false)
                .put("major_model_version", "v4.5-all")
                .put("is_following_creator", false);
    }

    private static ObjectNode metadata(Task.Clip clip, boolean complete, boolean broken) {
        Task task = clip.task();
        boolean described = task.request().has("topic");
        boolean instrumental = described
                ? task.request().path("is_instrumental").booleanValue()
                : task.text("lyrics").isBlank();
        ObjectNode json = Json.object()
                .put("tags", task.text("tags"))
                .put("task", "")
                .put("type", "gen")
                .put("prompt", described && !instrumental ? Words.lyrics(task.text("topic")) : task.text("lyrics"))
                .put("stream", true)
                .put("has_stem", false)
                .put("is_remix", false)
                .put("priority", 0)
                .put("can_remix", true)
                .put("is_mumble", false);
        json.putObject("model_badges").putObject("songrow").put("display_name", "v4.5-all");
        json.put("make_instrumental", instrumental).put("uses_latest_model", false);
        if (broken) {
            json.put("error_message", "This clip could not be made.");
        } else if (complete) {
            json.set("duration", Desk.seconds(clip.seconds()));
            json.put("refund_credits", false);
        }
        return json;
    }
}
