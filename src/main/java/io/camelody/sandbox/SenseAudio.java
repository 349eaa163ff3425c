package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * SenseAudio: lyrics and songs, one task a status call, one clip a song. Its documented calls are under {@code
 * /v1/song}; the newer ones under {@code /v1/music} differ in the model, in a number for {@code style_weight}, and in
 * what a song has.
 */
final class SenseAudio implements Vendor {

    private static final Set<String> LYRICS_FIELDS = Set.of("prompt", "provider");
    private static final Set<String> SONG_FIELDS = Set.of(
            "model", "lyrics", "instrumental", "style", "style_weight", "title", "vocal_gender", "negative_tags");
    private static final Set<String> CURRENT_FIELDS = Set.of(
            "model",
            "lyrics",
            "custom_mode",
            "instrumental",
            "style",
            "style_weight",
            "title",
            "vocal_gender",
            "negative_tags");
    private static final int MOST_LYRICS = 2000;

    private final Desk desk;

    SenseAudio(Desk desk) {
        this.desk = desk;
    }

    @Override
    public String name() {
        return "senseaudio";
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/song/lyrics/create", Fault.Call.LYRICS_SUBMIT, this::createLyrics),
                new Route("GET", "/v1/song/lyrics/pending/", Fault.Call.LYRICS_POLL, this::pendingLyrics),
                new Route("POST", "/v1/song/music/create", Fault.Call.SUBMIT, this::createSong),
                new Route("GET", "/v1/song/music/pending/", Fault.Call.POLL, request -> pendingSong(request, false)),
                new Route("POST", "/v1/music/lyrics/create", Fault.Call.LYRICS_SUBMIT, this::createLyrics),
                new Route("GET", "/v1/music/lyrics/pending/", Fault.Call.LYRICS_POLL, this::pendingLyrics),
                new Route("POST", "/v1/music/song/create", Fault.Call.SUBMIT, this::createCurrentSong),
                new Route("GET", "/v1/music/song/pending/", Fault.Call.POLL, request -> pendingSong(request, true)));
    }

    @Override
    public String key(Request request) {
        return Vendor.bearer(request);
    }

    @Override
    public ObjectNode error(int status, String message) {
        ObjectNode json = Json.object();
        json.putObject("error").put("code", status).put("message", message);
        return json;
    }

    private Answer createLyrics(Request request) {
        var fields = new Fields(request.json(), LYRICS_FIELDS);
        String prompt = fields.requiredText("prompt");
        fields.requiredText("provider");
        fields.oneOf("provider", Set.of("sensesong"));
        var shape = desk.shape(Fault.Call.LYRICS_SUBMIT);
        boolean atOnce = shape.map(trouble -> trouble == Trouble.Plain.AT_ONCE)
                .orElseGet(() -> switch (desk.settings().lyrics()) {
                    case AT_ONCE -> true;
                    case TASK -> false;
                    case EITHER -> Hash.below(Hash.of(prompt), 2) == 0;
                });
        Task task = desk.makeLyrics(fields, request, atOnce);
        if (shape.filter(trouble -> trouble == Trouble.Plain.NO_ID).isPresent()) {
            return Answer.json(200, Json.object());
        }
        return Answer.json(200, atOnce ? withLyrics(Json.object(), prompt) : withTaskId(task));
    }

    private Answer createSong(Request request) {
        var fields = new Fields(request.json(), SONG_FIELDS);
        checkCommon(fields, "sensesong");
        fields.text("lyrics");
        fields.text("style_weight").ifPresent(SenseAudio::checkWeight);
        return created(fields, request);
    }

    private Answer createCurrentSong(Request request) {
        var fields = new Fields(request.json(), CURRENT_FIELDS);
        checkCommon(fields, "senseaudio-music-1.0-260319");
        String lyrics = fields.requiredText("lyrics");
        int length = lyrics.codePointCount(0, lyrics.length());
        if (length > MOST_LYRICS) {
            throw new Refused(400, "Expected lyrics of at most " + MOST_LYRICS + " characters, got: " + length + ".");
        }
        fields.flag("custom_mode");
        fields.number("style_weight").ifPresent(weight -> checkWeight(String.valueOf(weight)));
        return created(fields, request);
    }

    private static void checkCommon(Fields fields, String model) {
        fields.requiredText("model");
        fields.oneOf("model", Set.of(model));
        fields.flag("instrumental");
        fields.text("style");
        fields.text("title");
        fields.oneOf("vocal_gender", Set.of("f", "m"));
        fields.text("negative_tags");
    }

    private static void checkWeight(String weight) {
        try {
            double value = Double.parseDouble(weight);
            if (value >= 0 && value <= 1) {
                return;
            }
        } catch (NumberFormatException e) {
            // refused below, as any other text that is no weight
        }
        throw new Refused(400, "Expected style_weight from 0 to 1, got: \"" + weight + "\".");
    }

    private Answer created(Fields fields, Request request) {
        Task task = desk.makeSong(fields, request, 1);
        boolean withoutId = desk.shape(Fault.Call.SUBMIT).isPresent();
        return Answer.json(200, withoutId ? Json.object() : withTaskId(task));
    }

    private static ObjectNode withTaskId(Task task) {
        return Json.object().put("task_id", task.id());
    }

    private static ObjectNode withLyrics(ObjectNode json, String prompt) {
        json.putArray("data").addObject().put("text", Words.lyrics(prompt)).put("title", Words.title(prompt));
        return json;
    }

    private Answer pendingLyrics(Request request) {
        return pending(
                request,
                Fault.Call.LYRICS_POLL,
                (response, look) -> withLyrics(response, look.task().text("prompt")));
    }

    private Answer pendingSong(Request request, boolean current) {
        return pending(request, Fault.Call.POLL, (response, look) -> {
            var clips = response.putArray("data");
            for (Task.Clip clip : look.clips()) {
                ObjectNode json = clips.addObject();
                json.set("audio_url", desk.audioUrl(clip, look));
                json.put("lyrics", look.task().text("lyrics"));
                json.set("duration", Desk.seconds(clip.seconds()));
                if (current) {
                    json.put("id", clip.id());
                    json.put("cover_url", desk.imageUrl(clip));
                    json.put("title", look.task().text("title"));
                }
            }
        });
    }

    private Answer pending(Request request, Fault.Call call, BiConsumer<ObjectNode, Desk.Look> result) {
        boolean lyrics = call == Fault.Call.LYRICS_POLL;
        Desk.Look look = desk.look(List.of(request.id()), call).stream()
                .filter(found -> found.task().clips().isEmpty() == lyrics)
                .findFirst()
                .orElseThrow(() -> new Refused(404, "No task " + request.id() + "."));
        Task task = look.task();
        ObjectNode json = withTaskId(task);
        if (look.progress() < 1) {
            return Answer.json(200, json.put("status", look.word("PENDING")));
        }
        var failure = task.failure(look.now());
        if (failure.isPresent()) {
            return Answer.json(200, json.put("status", look.word("FAILED")).put("message", failure.get()));
        }
        json.put("status", look.word("SUCCESS"));
        ObjectNode response = json.putObject("response").put("task_id", task.id());
        result.accept(response, look);
        return Answer.json(200, json);
    }
}
