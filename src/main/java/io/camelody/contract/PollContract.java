package io.camelody.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.camelody.request.Json;
import io.camelody.sample.Bodies;
import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import io.camelody.vendor.Answers;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a poll route against what a status call has to keep: no answer ends a task but one that says so. */
final class PollContract {

    private static final String WORD = "no-word-of-the-document";

    private final Sample.Route route;
    private final Trials trials;

    PollContract(Sample.Route route, Trials trials) {
        this.route = route;
        this.trials = trials;
    }

    void check(Samples samples) {
        Optional<Sample> done =
                samples.first(route, sample -> sample.task(TaskAnswer.SUCCEEDED).isPresent());
        if (done.isEmpty()) {
            trials.lack(
                    "No sample of %s leaves a succeeded task, so its bad days were not tried. Add one to %s.samples/."
                            .formatted(route.word(), samples.vendor()));
            return;
        }
        Optional<Sample> running = samples.first(route, sample -> sample.tasks().stream()
                .anyMatch(task -> !isEnd(task.path("status").asText())));
        Sample good = done.get();
        List<JsonPointer> words = running.map(sample -> differing(sample, good)).orElse(List.of());
        BadDay.statuses().forEach(day -> check(good, day, false));
        BadDay.nothings(good.answer()).forEach(day -> check(good, day, day.hasMembers()));
        if (!words.isEmpty()) {
            checkUnknownWord(good, words);
        }
        checkStranger(good);
        if (trials.settings().pollBatch() > 1) {
            new BatchContract(route, trials).check(good, running);
        }
    }

    /** @param mayBeDone whether the answer may still say that the task has succeeded */
    private void check(Sample good, BadDay day, boolean mayBeDone) {
        Play play = trials.play(route, good.given(), day.words(), day.answer());
        try {
            demandNoEnd(play, good, day.words(), mayBeDone);
        } catch (VendorCallException e) {
            boolean isRate =
                    day.answer().filter(answer -> answer.status() == 429).isPresent();
            if (day.saysWhen()
                    && isRate
                    && !e.error().retryAfter().equals(Optional.of(Duration.ofSeconds(BadDay.SECONDS)))) {
                bad(
                        play,
                        "did not read when to come again",
                        day.words(),
                        "expected it in the variable retryAfter. Write routeConfigurationId: camelody-vendor at the route");
            }
        }
    }

    private void checkUnknownWord(Sample good, List<JsonPointer> words) {
        JsonNode body = good.answer().json();
        for (JsonPointer path : words) {
            JsonNode other = body.at(path).isNumber() ? IntNode.valueOf(Mutation.NUMBER) : TextNode.valueOf(WORD);
            body = Mutation.with(body, path, Optional.of(other));
        }
        checkNoEnd(good, "a status that nobody knows (%s)".formatted(body.at(words.get(0))), body);
    }

    private void checkStranger(Sample good) {
        String id = id(good);
        JsonNode body = good.answer().json();
        if (Bodies.has(body, id)) {
            checkNoEnd(good, "an answer about another task", Bodies.exchanged(body, Map.of(id, "stranger-1")));
        }
    }

    private void checkNoEnd(Sample good, String when, JsonNode body) {
        Sample.Answer answer =
                new Sample.Answer(good.answer().status(), good.answer().headers(), Json.write(body));
        Play play = trials.play(route, good.given(), when, Optional.of(answer));
        try {
            demandNoEnd(play, good, when, false);
        } catch (VendorCallException e) {
            // an answer that cannot be read ends nothing
        }
    }

    private void demandNoEnd(Play play, Sample good, String when, boolean mayBeDone) {
        TaskAnswer task = Answers.ofPoll(play.exchange(), trials.settings()).get(id(good));
        boolean hasEnded =
                task != null && task.hasEnded() && !(mayBeDone && task.status().equals(TaskAnswer.SUCCEEDED));
        if (hasEnded) {
            bad(
                    play,
                    "left status \"%s\"".formatted(task.status()),
                    when,
                    "expected the vendor's own word, or no such task: only what the document says ends a task");
        }
    }

    private void bad(Play play, String did, String when, String expected) {
        trials.bad(route, play.places().ofResult(), did, when, expected);
    }

    static String id(Sample sample) {
        return sample.task(TaskAnswer.SUCCEEDED).orElseThrow().path("taskId").asText();
    }

    private static boolean isEnd(String status) {
        return status.equals(TaskAnswer.SUCCEEDED) || status.equals(TaskAnswer.FAILED);
    }

    /** Where two answers say something else: among it, how far the task has come. */
    private static List<JsonPointer> differing(Sample running, Sample done) {
        List<JsonPointer> paths = new ArrayList<>();
        differing(running.answer().json(), done.answer().json(), JsonPointer.empty(), paths);
        return paths;
    }

    private static void differing(JsonNode running, JsonNode done, JsonPointer path, List<JsonPointer> paths) {
        if (running.isValueNode() && (done.isTextual() || done.isNumber()) && !running.equals(done)) {
            paths.add(path);
        } else if (running.isObject() && done.isObject()) {
            done.properties()
                    .forEach(member -> differing(
                            running.path(member.getKey()),
                            member.getValue(),
                            path.appendProperty(member.getKey()),
                            paths));
        } else if (running.isArray() && done.isArray()) {
            for (int i = 0; i < Math.min(running.size(), done.size()); i++) {
                differing(running.get(i), done.get(i), path.appendIndex(i), paths);
            }
        }
    }
}
