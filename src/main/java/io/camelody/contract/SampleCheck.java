package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
import io.camelody.sample.Sample;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds a route against one recorded call: what the vendor heard, and what was left. */
final class SampleCheck {

    private static final int MOST = 3;

    private final Sample sample;
    private final Play play;
    private final List<Finding> findings = new ArrayList<>();

    private SampleCheck(Sample sample, Play play) {
        this.sample = sample;
        this.play = play;
    }

    static List<Finding> of(RunningVendor vendor, Sample sample) {
        Play play = vendor.play(sample.route(), sample.given(), Optional.of(sample.answer()));
        SampleCheck check = new SampleCheck(sample, play);
        if (check.isHeardOnce()) {
            check.checkCall(play.heard().get(0));
        }
        check.checkLeft();
        return check.findings;
    }

    private boolean isHeardOnce() {
        int calls = play.heard().size();
        if (calls != 1) {
            bad(
                    play.places().ofCall(),
                    "made %d calls for".formatted(calls),
                    "expected one. A repeated paid call is a second bill.");
        }
        return calls == 1;
    }

    private void checkCall(Loopback.Heard heard) {
        Sample.Call call = sample.call();
        call.method()
                .filter(method -> !method.equals(heard.method()))
                .ifPresent(method -> sent(play.places().ofHeader("CamelHttpMethod"), "method", method, heard.method()));
        call.path()
                .filter(path -> !path.equals(heard.path()) && !path.equals(decoded(heard.path())))
                .ifPresent(path -> sent(play.places().ofHeader("CamelHttpPath"), "path", path, heard.path()));
        Map<String, String> query = query(heard.query());
        call.query().forEach((name, value) -> {
            if (!value.equals(query.get(name))) {
                sent(play.places().ofHeader("CamelHttpQuery"), "query " + name, value, query.get(name));
            }
        });
        call.headers().forEach((name, value) -> {
            String got = heard.headers().get(name.toLowerCase(Locale.ROOT));
            if (!value.equals(got)) {
                sent(play.places().ofHeader(name), "header " + name, value, got);
            }
        });
        call.body().ifPresent(body -> checkBody(body, heard.body()));
    }

    private void checkBody(JsonNode expected, String body) {
        JsonNode got;
        try {
            got = Json.parse(body);
        } catch (IllegalArgumentException e) {
            got = Json.MAPPER.getNodeFactory().textNode(body);
        }
        for (JsonDifference difference : few(JsonDifference.between(expected, got))) {
            bad(
                    play.places().ofSentBody(),
                    "sent %s %s for".formatted(path(difference, "the body"), JsonDifference.words(difference.got())),
                    "expected %s. Make the body in this step.".formatted(JsonDifference.words(difference.expected())));
        }
    }

    private void checkLeft() {
        if (!play.exchange().getMessage().getHeaders().isEmpty()) {
            bad(
                    play.places().ofCall(),
                    "left headers (%s) for"
                            .formatted(String.join(
                                    ", ",
                                    play.exchange().getMessage().getHeaders().keySet())),
                    "expected none, since the key is among them. Call direct:camelody-vendor-answer behind this step.");
        }
        Optional<JsonNode> left = play.left();
        if (left.isEmpty()) {
            bad(
                    play.places().ofResult(),
                    "failed (%s) for".formatted(play.failure()),
                    "expected it to leave %s.".formatted(JsonDifference.words(sample.leaves())));
            return;
        }
        JsonNode got = withoutMessages(left.get(), sample.leaves());
        boolean isError = sample.leaves().has("error");
        List<JsonDifference> differences = new ArrayList<>(JsonDifference.between(sample.leaves(), got));
        if (!isError && differences.size() > 1) {
            // the error only says again that the result was not found
            differences.removeIf(difference -> difference.path().equals("error"));
        }
        for (JsonDifference difference : few(differences)) {
            bad(
                    isError ? play.places().ofResult() : play.places().ofMapping(),
                    "left %s %s for".formatted(path(difference, "as a whole"), JsonDifference.words(difference.got())),
                    "expected %s. %s".formatted(JsonDifference.words(difference.expected()), advice(difference)));
        }
    }

    private static String advice(JsonDifference difference) {
        return switch (difference.name()) {
            case "status" -> "Map the vendor's word in this step.";
            case "class", "error" -> "Say in this step what such an answer means.";
            case "taskId", "taskIds" -> "Read the task's id in this step.";
            default -> "Map it in this step.";
        };
    }

    /** What an error says is for people: it counts only where the sample has it. */
    private static JsonNode withoutMessages(JsonNode got, JsonNode expected) {
        JsonNode copy = got.deepCopy();
        if (copy.isArray()) {
            for (int i = 0; i < copy.size(); i++) {
                withoutMessage(copy.get(i), expected.path(i));
            }
        } else {
            withoutMessage(copy, expected);
        }
        return copy;
    }

    private static void withoutMessage(JsonNode got, JsonNode expected) {
        if (got.path("error") instanceof ObjectNode error
                && !expected.path("error").has("message")) {
            error.remove("message");
        }
    }

    private void sent(String place, String what, String expected, String got) {
        bad(
                place,
                "sent the %s %s for".formatted(what, got == null ? "not at all" : "\"" + got + "\""),
                "expected \"%s\". Set it in this step.".formatted(expected));
    }

    private void bad(String place, String did, String expected) {
        findings.add(Finding.bad(
                "%s: %s %s sample %s; %s".formatted(place, sample.route().word(), did, sample.name(), expected)));
    }

    private static List<JsonDifference> few(List<JsonDifference> differences) {
        return differences.subList(0, Math.min(MOST, differences.size()));
    }

    private static String path(JsonDifference difference, String whole) {
        return difference.path().isEmpty() ? whole : difference.path();
    }

    private static Map<String, String> query(String query) {
        return Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> decoded(pair[0]),
                        pair -> pair.length == 2 ? decoded(pair[1]) : "",
                        (one, other) -> one));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
