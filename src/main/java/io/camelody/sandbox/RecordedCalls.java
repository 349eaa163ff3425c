package io.camelody.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Tells by a vendor's recorded calls what a call is for. Immutable. */
final class RecordedCalls {

    private final Samples samples;

    RecordedCalls(Samples samples) {
        this.samples = samples;
    }

    /**
     * @param path behind the vendor's base URL
     * @param asked the step of the task that the call names; empty if it names none of ours
     */
    Optional<Sample.Route> find(Request request, String path, Optional<String> asked) {
        return Arrays.stream(Sample.Route.values())
                .filter(route -> route.isSubmit() == asked.isEmpty())
                .filter(route -> asked.isEmpty() || asked.get().equals(route.step()))
                .filter(route -> samples.of(route).stream().anyMatch(sample -> isAt(sample, request.method(), path)))
                .max(Comparator.comparingInt(route -> likeness(request, route)));
    }

    /** The recorded call of those that are wanted that is most like this one. */
    Optional<Sample> nearest(Request request, Sample.Route route, Predicate<Sample> wanted) {
        return samples.of(route).stream()
                .filter(wanted)
                .max(Comparator.comparingInt(sample -> likeness(request, sample)));
    }

    /** The key in a call, where the recorded ones have theirs; a word where none of them has one. */
    String key(Request request) {
        for (Sample sample : samples.all()) {
            for (Map.Entry<String, String> header : sample.call().headers().entrySet()) {
                int at = header.getValue().indexOf(Sample.KEY);
                if (at >= 0) {
                    String value = request.header(header.getKey());
                    String before = header.getValue().substring(0, at);
                    return value.startsWith(before) ? value.substring(before.length()) : "";
                }
            }
        }
        return "none";
    }

    static JsonNode json(Request request) {
        try {
            return Json.parse(request.body());
        } catch (IllegalArgumentException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private int likeness(Request request, Sample.Route route) {
        return samples.of(route).stream()
                .mapToInt(sample -> likeness(request, sample))
                .max()
                .orElse(0);
    }

    /** How many members of the body and the query are the same. */
    private static int likeness(Request request, Sample sample) {
        long same = sample.call().query().entrySet().stream()
                .filter(entry -> request.parameter(entry.getKey()).equals(entry.getValue()))
                .count();
        JsonNode sent = json(request);
        for (Map.Entry<String, JsonNode> member :
                sample.call().body().map(JsonNode::properties).orElse(Set.of())) {
            same += sent.has(member.getKey()) ? 1 : 0;
            same += sent.path(member.getKey()).equals(member.getValue()) ? 1 : 0;
        }
        return (int) same;
    }

    private static boolean isAt(Sample sample, String method, String path) {
        return sample.call().method().map(method::equals).orElse(true)
                && sample.call()
                        .path()
                        .filter(recorded ->
                                pattern(sample, recorded).matcher(path).matches())
                        .isPresent();
    }

    /** Where a recorded path has a task's id, any may stand. */
    private static Pattern pattern(Sample sample, String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            segments.add(sample.givenIds().contains(segment) ? "[^/]+" : Pattern.quote(segment));
        }
        return Pattern.compile(String.join("/", segments));
    }
}
