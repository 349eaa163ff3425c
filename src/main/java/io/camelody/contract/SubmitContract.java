package io.camelody.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.request.Json;
import io.camelody.sample.Bodies;
import io.camelody.sample.Sample;
import io.camelody.sample.Samples;
import io.camelody.vendor.Answers;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.SubmitAnswer;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a submit route against what a paid call has to keep: what brought neither a task nor a certain no is unknown, since any
 * other class may buy a second song, and no task's id is read out of garbage.
 */
final class SubmitContract {

    private static final Set<String> NOT_FROM_A_SAMPLE = Set.of(Mutation.TEXT, Integer.toString(Mutation.NUMBER));

    private final Sample.Route route;
    private final Trials trials;

    SubmitContract(Sample.Route route, Trials trials) {
        this.route = route;
        this.trials = trials;
    }

    void check(Samples samples) {
        Optional<Sample> taken = samples.first(
                route,
                sample -> !sample.takenIds().isEmpty()
                        || sample.task(TaskAnswer.SUCCEEDED).isPresent());
        if (taken.isEmpty()) {
            trials.lack("No sample of %s leaves a task id, so its bad days were not tried. Add one to %s.samples/."
                    .formatted(route.word(), samples.vendor()));
            return;
        }
        Sample good = taken.get();
        BadDay.statuses().forEach(day -> check(good, day));
        BadDay.nothings(good.answer()).forEach(day -> check(good, day));
    }

    private void check(Sample good, BadDay day) {
        Play play = trials.play(route, good.given(), day.words(), day.answer());
        SubmitAnswer answer = Answers.ofSubmit(play.exchange(), trials.settings());
        if (answer instanceof SubmitAnswer.NotTaken no) {
            checkError(play, no.error(), day);
        } else if (answer instanceof SubmitAnswer.Taken taken) {
            checkIds(play, good, taken.taskIds(), day);
        } else if (!isAsRecorded(good, ((SubmitAnswer.Ended) answer).task())) {
            bad(play, "ended the task", day, "expected {error: {class: \"unknown\"}}: nobody said that it has ended");
        }
    }

    private void checkError(Play play, VendorError error, BadDay day) {
        ErrorClass left = error.errorClass();
        if (!day.allowed().contains(left)) {
            bad(
                    play,
                    "left the class %s".formatted(left.word()),
                    day,
                    "expected %s. %s"
                            .formatted(
                                    day.wanted().word(),
                                    day.wanted() == ErrorClass.UNKNOWN
                                            ? "Nobody can know whether the song was bought; any other class may buy it again"
                                            : "What is no certain no is unknown"));
        } else if (left == ErrorClass.UNKNOWN && day.wanted() != ErrorClass.UNKNOWN) {
            trials.hint(
                    route,
                    play.places().ofResult(),
                    "left the class unknown",
                    day.words(),
                    "expected %s: each song that meets it waits for a person"
                            .formatted(day.wanted().word()));
        }
        if (day.saysWhen() && left == ErrorClass.RATE) {
            checkWait(play, error, day);
        }
    }

    private void checkWait(Play play, VendorError error, BadDay day) {
        if (!error.retryAfter().equals(Optional.of(Duration.ofSeconds(BadDay.SECONDS)))) {
            bad(
                    play,
                    "did not read when to come again",
                    day,
                    "expected it in the variable retryAfter. Write routeConfigurationId: camelody-vendor at the route");
        }
    }

    /** An id may be the recorded one, or what stands in its place now, if that could be one. */
    private void checkIds(Play play, Sample good, List<String> ids, BadDay day) {
        JsonNode answered = day.answer().map(Sample.Answer::json).orElseGet(Json.MAPPER::missingNode);
        Set<String> allowed = new HashSet<>(good.takenIds());
        Set<String> gone = new HashSet<>(good.takenIds());
        gone.removeIf(id -> Bodies.has(answered, id));
        if (!gone.isEmpty()) {
            allowed.addAll(NOT_FROM_A_SAMPLE);
        }
        ids.stream()
                .filter(id -> !allowed.contains(id))
                .findFirst()
                .ifPresent(id -> bad(
                        play,
                        "took %s for the task's id"
                                .formatted(
                                        Json.write(Json.MAPPER.getNodeFactory().textNode(id))),
                        day,
                        "expected {error: {class: \"unknown\"}}. Read the id alone, as a text or a number"));
    }

    private static boolean isAsRecorded(Sample good, TaskAnswer task) {
        return good.task(TaskAnswer.SUCCEEDED)
                .filter(recorded -> task.status().equals(TaskAnswer.SUCCEEDED)
                        && task.clips().size() <= recorded.path("clips").size()
                        && task.lyrics().isPresent() == recorded.hasNonNull("lyrics"))
                .isPresent();
    }

    private void bad(Play play, String did, BadDay day, String expected) {
        trials.bad(route, play.places().ofResult(), did, day.words(), expected);
    }
}
