package io.camelody.component;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Claim;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.request.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A song as the ledger might have it, for judges. It was submitted at {@link #SUBMITTED} and has six minutes. */
record GivenSong(String id, Step step, Optional<Instant> settlingSince, int attempt, String timeout, List<Task> tasks) {

    static final Instant SUBMITTED = Instant.parse("2026-03-16T08:00:00Z");

    /** When it was asked about, where its tasks have a status. */
    static final Instant ASKED = SUBMITTED.plusSeconds(10);

    static final Duration SIX_MINUTES = Duration.ofMinutes(6);

    static final Claim CLAIM = new Claim("s1", "me", 0);

    static GivenSong with(Task... tasks) {
        return new GivenSong("s1", Step.SONG, Optional.empty(), 0, "", List.of(tasks));
    }

    GivenSong withId(String other) {
        return new GivenSong(other, step, settlingSince, attempt, timeout, tasks);
    }

    GivenSong atStep(Step other) {
        return new GivenSong(id, other, settlingSince, attempt, timeout, tasks);
    }

    GivenSong settlingSince(Instant since) {
        return new GivenSong(id, step, Optional.of(since), attempt, timeout, tasks);
    }

    GivenSong after(int failures) {
        return new GivenSong(id, step, settlingSince, failures, timeout, tasks);
    }

    GivenSong withOwnTimeout(String own) {
        return new GivenSong(id, step, settlingSince, attempt, own, tasks);
    }

    static Task task(int number, String id) {
        return task(number, id, Step.SONG, Optional.empty(), clips(), 0, false);
    }

    static Task task(
            int number, String id, Step step, Optional<String> status, ArrayNode clips, int missing, boolean ended) {
        return new Task(
                number,
                step,
                "foxai",
                Task.Outcome.MADE,
                Optional.of(id),
                35_000,
                status,
                clips,
                Optional.empty(),
                missing,
                false,
                SUBMITTED,
                ended ? Optional.of(SUBMITTED.plusSeconds(30)) : Optional.empty(),
                Optional.empty());
    }

    static ArrayNode clips(String... ids) {
        ArrayNode clips = Json.MAPPER.createArrayNode();
        for (String id : ids) {
            clips.addObject().put("id", id).put("audioUrl", "https://cdn.example/" + id + ".mp3");
        }
        return clips;
    }

    ClaimedSong claimed() {
        return new ClaimedSong(CLAIM, submittedAt(SUBMITTED));
    }

    Song submittedAt(Instant submitted) {
        return new Song(
                id,
                SongState.SUBMITTED,
                Optional.empty(),
                Optional.empty(),
                "foxai",
                Optional.of("foxai"),
                step,
                timeout.isEmpty() ? Json.object() : Json.object().put("timeout", timeout),
                List.of(),
                Optional.empty(),
                false,
                Optional.empty(),
                Json.MAPPER.createArrayNode(),
                List.of(),
                attempt,
                submitted,
                Optional.of(submitted.plus(SIX_MINUTES)),
                settlingSince,
                submitted,
                Optional.of(submitted),
                tasks.stream().anyMatch(task -> task.status().isPresent()) ? Optional.of(ASKED) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                tasks);
    }
}
