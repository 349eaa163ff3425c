package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sample.Sample;
import io.camelody.vendor.ErrorClass;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An answer as vendors give it on a bad day, or the gateways before them, and what a paid call that met it may count as.
 *
 * @param words what it is
 * @param answer empty for a connection that is closed without one
 * @param allowed classes of errors; any other may lose a song or buy it twice
 * @param wanted the class that leads on by itself
 */
record BadDay(String words, Optional<Sample.Answer> answer, Set<ErrorClass> allowed, ErrorClass wanted) {

    /** What the answer says, where it does, of when to come again. */
    static final int SECONDS = 7;

    private static final String PAGE =
            "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>Try again later.</body></html>";

    private static final Map<String, String> LATER = Map.of("Retry-After", Integer.toString(SECONDS));

    /** Answers with an error's status. */
    static List<BadDay> statuses() {
        Set<ErrorClass> refusals = EnumSet.complementOf(EnumSet.of(ErrorClass.TRANSIENT));
        return List.of(
                status(401, "{}", Map.of(), EnumSet.of(ErrorClass.AUTH), ErrorClass.AUTH),
                status(402, "{}", Map.of(), EnumSet.of(ErrorClass.CREDITS), ErrorClass.CREDITS),
                status(403, "{}", Map.of(), refusals, ErrorClass.AUTH),
                status(429, "{}", Map.of(), EnumSet.of(ErrorClass.RATE, ErrorClass.CREDITS), ErrorClass.RATE),
                status(429, "{}", LATER, EnumSet.of(ErrorClass.RATE), ErrorClass.RATE),
                status(451, "{}", Map.of(), EnumSet.of(ErrorClass.CONTENT, ErrorClass.INVALID), ErrorClass.CONTENT),
                status(500, "{}", Map.of(), EnumSet.noneOf(ErrorClass.class), ErrorClass.UNKNOWN),
                status(502, PAGE, Map.of(), EnumSet.noneOf(ErrorClass.class), ErrorClass.UNKNOWN),
                status(503, PAGE, Map.of(), EnumSet.noneOf(ErrorClass.class), ErrorClass.UNKNOWN));
    }

    /** Answers that look well and say nothing, and none at all. @param good a body that the vendor gives on a good day */
    static List<BadDay> nothings(Sample.Answer good) {
        JsonNode json = good.json();
        List<BadDay> days = new ArrayList<>();
        days.add(new BadDay(
                "a connection that is closed without an answer",
                Optional.empty(),
                EnumSet.of(ErrorClass.UNKNOWN),
                ErrorClass.UNKNOWN));
        days.add(nothing("HTTP 200 with an HTML page", good, PAGE));
        days.add(nothing("HTTP 200 with nothing in it", good, ""));
        days.add(nothing(
                "an answer that is cut in the middle",
                good,
                good.body().substring(0, good.body().length() / 2)));
        Stream.of("null", "true", "7", "\"text\"", "[]", "{}")
                .forEach(body -> days.add(nothing("an answer that is " + body, good, body)));
        if (json.isObject()) {
            days.add(nothing(
                    "an answer in a list",
                    good,
                    Json.write(Json.MAPPER.createArrayNode().add(json))));
        } else if (json.isArray()) {
            days.add(nothing("an answer that is an object and no list", good, Json.write(json.path(0))));
        }
        Mutation.of(json).forEach(odd -> days.add(nothing("an answer " + odd.words(), good, Json.write(odd.body()))));
        return days;
    }

    /** Whether the answer says when to come again. */
    boolean saysWhen() {
        return answer.filter(found -> found.headers().containsKey("Retry-After"))
                .isPresent();
    }

    /** Whether something is left in the answer that could be read. */
    boolean hasMembers() {
        return answer.filter(found -> !found.json().isEmpty()).isPresent();
    }

    private static BadDay status(
            int status, String body, Map<String, String> headers, Set<ErrorClass> allowed, ErrorClass wanted) {
        Set<ErrorClass> all = EnumSet.of(ErrorClass.UNKNOWN);
        all.addAll(allowed);
        String page = body.equals(PAGE) ? " with an HTML page" : headers.isEmpty() ? "" : " with Retry-After";
        return new BadDay("HTTP " + status + page, Optional.of(new Sample.Answer(status, headers, body)), all, wanted);
    }

    private static BadDay nothing(String words, Sample.Answer good, String body) {
        Sample.Answer answer = new Sample.Answer(good.status(), good.headers(), body);
        return new BadDay(words, Optional.of(answer), EnumSet.of(ErrorClass.UNKNOWN), ErrorClass.UNKNOWN);
    }
}
