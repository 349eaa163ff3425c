package io.camelody.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sample.Bodies;
import io.camelody.sample.Sample;
import io.camelody.vendor.Answers;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorCallException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Holds a poll route that asks about several tasks in one call against what that has to keep: each answer is found at its id,
 * and an odd one costs no other task its own.
 */
final class BatchContract {

    private static final String ADVICE =
            "Map each entry for itself, with objects, arrays, strings or tostring where another type may come";

    private final Sample.Route route;
    private final Trials trials;

    BatchContract(Sample.Route route, Trials trials) {
        this.route = route;
        this.trials = trials;
    }

    void check(Sample done, Optional<Sample> running) {
        String id = PollContract.id(done);
        Optional<JsonPointer> entry = entry(done.answer().json(), id);
        if (entry.isEmpty()) {
            trials.lack(
                    "camelody.%s.poll-batch is %d, and sample %s has no list with the task in it: what answers about several tasks lead to was not tried."
                            .formatted(
                                    trials.settings().name(), trials.settings().pollBatch(), done.name()));
            return;
        }
        checkFull(done, running);
        JsonNode good = about(done, "task-2");
        for (Mutation odd : Mutation.of(about(done, "task-1"))) {
            if (odd.path().toString().startsWith(entry.get().toString())) {
                checkOdd(done, odd, good);
            }
        }
    }

    /** As many tasks as one call may be about, answered in another order, every other one still under way. */
    private void checkFull(Sample done, Optional<Sample> running) {
        int most = trials.settings().pollBatch();
        List<String> ids =
                IntStream.rangeClosed(1, most).mapToObj(i -> "task-" + i).toList();
        JsonNode body = about(done, ids.get(most - 1));
        for (int i = most - 2; i >= 0; i--) {
            body = Bodies.merged(body, about(isDone(i, most, running) ? done : running.orElseThrow(), ids.get(i)));
        }
        String when = "an answer about %d tasks".formatted(most);
        Play play = play(done, ids, body, when);
        for (Loopback.Heard heard : play.heard()) {
            String all = heard.path() + "?" + heard.query() + " " + heard.body();
            ids.stream()
                    .filter(id -> !all.contains(id))
                    .findFirst()
                    .ifPresent(id -> trials.bad(
                            route,
                            play.places().ofCall(),
                            "did not ask about %s".formatted(id),
                            when,
                            "expected all of camelody.%s.poll-batch in one call"
                                    .formatted(trials.settings().name())));
        }
        Map<String, TaskAnswer> tasks = tasks(play, when);
        for (int i = 0; i < most && !tasks.isEmpty(); i++) {
            boolean isDone = isDone(i, most, running);
            TaskAnswer task = tasks.get(ids.get(i));
            if (task == null || isDone != task.status().equals(TaskAnswer.SUCCEEDED)) {
                String left = task == null ? "nothing" : "status \"%s\"".formatted(task.status());
                trials.bad(
                        route,
                        play.places().ofResult(),
                        "left %s of task %d".formatted(left, i + 1),
                        when,
                        "expected each task's own, by its id. Map every entry, with the id that stands in it");
                return;
            }
        }
    }

    private static boolean isDone(int i, int most, Optional<Sample> running) {
        return running.isEmpty() || (most - 1 - i) % 2 == 0;
    }

    private void checkOdd(Sample done, Mutation odd, JsonNode good) {
        String when = "two tasks, the first %s".formatted(odd.words());
        Play play = play(done, List.of("task-1", "task-2"), Bodies.merged(odd.body(), good), when);
        Map<String, TaskAnswer> tasks = tasks(play, when);
        if (tasks.isEmpty()) {
            return;
        }
        TaskAnswer whole = tasks.get("task-2");
        TaskAnswer broken = tasks.get("task-1");
        if (whole == null || !whole.status().equals(TaskAnswer.SUCCEEDED)) {
            trials.bad(route, play.places().ofResult(), "lost the second", when, "expected it as it was. " + ADVICE);
        } else if (broken != null && broken.status().equals(TaskAnswer.FAILED)) {
            trials.bad(route, play.places().ofResult(), "left status \"failed\"", when, "expected the vendor's word");
        }
    }

    /** What was left; nothing, and a finding, where the route failed as a whole. */
    private Map<String, TaskAnswer> tasks(Play play, String when) {
        try {
            Map<String, TaskAnswer> tasks = Answers.ofPoll(play.exchange(), trials.settings());
            if (tasks.isEmpty()) {
                trials.bad(route, play.places().ofResult(), "left no task", when, "expected the others. " + ADVICE);
            }
            return tasks;
        } catch (VendorCallException e) {
            trials.bad(
                    route,
                    play.places().ofResult(),
                    "failed as a whole (%s)".formatted(play.failure()),
                    when,
                    "expected the others. " + ADVICE);
            return Map.of();
        }
    }

    private Play play(Sample done, List<String> ids, JsonNode body, String when) {
        Sample.Answer answer =
                new Sample.Answer(done.answer().status(), done.answer().headers(), Json.write(body));
        return trials.play(route, Json.MAPPER.valueToTree(ids), when, Optional.of(answer));
    }

    private static JsonNode about(Sample sample, String id) {
        String recorded = sample.givenIds().get(0);
        return Bodies.exchanged(sample.answer().json(), Map.of(recorded, id));
    }

    /** The first entry of the outermost list that has the task. */
    private static Optional<JsonPointer> entry(JsonNode body, String id) {
        return entry(body, JsonPointer.empty(), id);
    }

    private static Optional<JsonPointer> entry(JsonNode node, JsonPointer path, String id) {
        if (node.isArray() && Bodies.has(node, id)) {
            return Optional.of(path.appendIndex(0));
        }
        return node.properties().stream()
                .flatMap(member -> entry(member.getValue(), path.appendProperty(member.getKey()), id).stream())
                .findFirst();
    }
}
