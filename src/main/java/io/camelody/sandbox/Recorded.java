package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.sample.Bodies;
import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any vendor that has recorded calls: it answers as they do, with tasks, clips and audio of the sandbox's own in the place of
 * those that were recorded.
 */
final class Recorded implements Vendor {

    /** Where its paths begin, before its name. */
    static final String PLACE = "/vendors/";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final String SUCCEEDED = "succeeded";

    private final Samples samples;
    private final RecordedCalls calls;
    private final Desk desk;

    Recorded(Samples samples, Desk desk) {
        this.samples = samples;
        this.calls = new RecordedCalls(samples);
        this.desk = desk;
    }

    /** Whether the samples have what a song is made of: its task being taken, running, and done. */
    static boolean isWhole(Samples samples) {
        return samples.first(Sample.Route.SONG_SUBMIT, sample -> !sample.takenIds()
                                .isEmpty())
                        .isPresent()
                && samples.first(Sample.Route.SONG_POLL, Recorded::isRunning).isPresent()
                && done(samples, Sample.Route.SONG_POLL).isPresent();
    }

    /** How long the recorded clips play, as far as that was recorded: in seconds, by their places. */
    static List<Double> lengths(Samples samples) {
        List<Double> lengths = new ArrayList<>();
        clips(samples).forEach(clip -> lengths.add(clip.path("duration").asDouble(0)));
        return lengths;
    }

    @Override
    public String name() {
        return samples.vendor();
    }

    /** None that are found by their paths alone: see {@link #routeOf}. */
    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public String key(Request request) {
        return calls.key(request);
    }

    @Override
    public ObjectNode error(int status, String message) {
        ObjectNode error = Json.object();
        error.putObject("error").put("message", message);
        return error;
    }

    /** What a call is for: asking about tasks where one of ours is named in it, else making one. */
    Optional<Route> routeOf(Request request) {
        String path = request.path().substring((PLACE + name()).length());
        List<Task> tasks = tasks(request);
        return calls.find(request, path, tasks.stream().map(Task::step).findFirst())
                .map(route -> new Route(request.method(), request.path(), call(route), asked -> answer(route, asked)));
    }

    private static Fault.Call call(Sample.Route route) {
        return Fault.Call.valueOf(route.name().replace("SONG_", ""));
    }

    private Answer answer(Sample.Route route, Request request) {
        return route.isSubmit() ? taken(route, request) : status(route, request);
    }

    private Answer taken(Sample.Route route, Request request) {
        Sample sample = calls.nearest(
                        request,
                        route,
                        each -> !each.takenIds().isEmpty()
                                || each.task(SUCCEEDED).isPresent())
                .orElseThrow(() -> new Refused(400, "No sample of " + name() + " has such a call taken."));
        Fields fields = fields(request);
        Map<String, String> ours = new HashMap<>();
        boolean isSong = route == Sample.Route.SONG_SUBMIT;
        Task first = isSong
                ? desk.makeSong(fields, request, Math.max(1, clips(samples).size()))
                : desk.makeLyrics(fields, request, sample.takenIds().isEmpty());
        for (String id : sample.takenIds()) {
            ours.put(
                    id,
                    ours.isEmpty()
                            ? first.id()
                            : desk.makeSibling(first, request).id());
        }
        return rendered(sample, Bodies.exchanged(sample.answer().json(), ours));
    }

    private Answer status(Sample.Route route, Request request) {
        Fault.Call call = call(route);
        List<String> ids = tasks(request).stream().map(Task::id).toList();
        JsonNode all = null;
        Sample last = null;
        for (Desk.Look look : desk.look(ids, call)) {
            last = sample(route, look);
            JsonNode one = about(last, look);
            all = all == null ? one : Bodies.merged(all, one);
        }
        if (last == null) {
            throw new Refused(404, "No such task.");
        }
        return rendered(last, all);
    }

    private Sample sample(Sample.Route route, Desk.Look look) {
        Optional<Sample> done = done(samples, route);
        if (look.task().failure(look.now()).isPresent()) {
            return samples.first(route, sample -> sample.task("failed").isPresent())
                    .or(() -> done)
                    .orElseThrow();
        }
        Optional<Sample> running = samples.first(route, Recorded::isRunning);
        Optional<Sample> now = look.progress() < 1 ? running.or(() -> done) : done.or(() -> running);
        return now.orElseThrow(
                () -> new Refused(404, "No sample of " + name() + " answers about " + route.word() + "."));
    }

    /** The recorded answer with our task and clips in it. */
    private JsonNode about(Sample sample, Desk.Look look) {
        Map<String, String> ours = new HashMap<>();
        sample.tasks().stream().findFirst().ifPresent(task -> {
            ours.put(task.path("taskId").asText(), look.task().id());
            int number = 0;
            for (JsonNode clip : task.path("clips")) {
                Task.Clip own = look.clips().get(number++ % look.clips().size());
                if (clip.path("id").isTextual()) {
                    // a number may stand for other things too
                    ours.put(clip.path("id").asText(), own.id());
                }
                ours.put(
                        clip.path("audioUrl").asText(), desk.audioUrl(own, look).asText());
                ours.put(clip.path("imageUrl").asText(), desk.imageUrl(own));
            }
        });
        ours.keySet().removeIf(String::isBlank);
        return Bodies.exchanged(sample.answer().json(), ours);
    }

    private static Answer rendered(Sample sample, JsonNode body) {
        Answer answer = Answer.json(sample.answer().status(), body);
        for (Map.Entry<String, String> header : sample.answer().headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }

    /** Those of our tasks that the call names, wherever it does. */
    private List<Task> tasks(Request request) {
        String all = request.path() + " " + URLDecoder.decode(request.query(), StandardCharsets.UTF_8) + " "
                + request.body();
        return ID.matcher(all)
                .results()
                .map(match -> match.group())
                .distinct()
                .flatMap(id -> desk.find(id).stream())
                .toList();
    }

    private static Fields fields(Request request) {
        ObjectNode json = RecordedCalls.json(request) instanceof ObjectNode object ? object : Json.object();
        var names = new HashSet<String>();
        json.fieldNames().forEachRemaining(names::add);
        return new Fields(json, names);
    }

    private static JsonNode clips(Samples samples) {
        return done(samples, Sample.Route.SONG_POLL)
                .flatMap(sample -> sample.task(SUCCEEDED))
                .map(task -> task.path("clips"))
                .orElseGet(Json.MAPPER::createArrayNode);
    }

    private static Optional<Sample> done(Samples samples, Sample.Route route) {
        return samples.first(route, sample -> sample.task(SUCCEEDED).isPresent());
    }

    private static boolean isRunning(Sample sample) {
        return !sample.tasks().isEmpty()
                && sample.task(SUCCEEDED).isEmpty()
                && sample.task("failed").isEmpty();
    }
}
