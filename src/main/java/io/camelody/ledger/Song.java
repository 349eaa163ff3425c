package io.camelody.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One song as the ledger has it.
 *
 * @param step what is due next or under way at {@link #stepVendor}
 * @param written the lyrics and title that the lyrics step gave
 * @param clips the clips of the song step with what became of each; empty before it has ended
 * @param sinks how far each of its sinks is; empty before its clips are here
 * @param attempt failed tries of what is due next; 0 after each success
 * @param settlingSince when the task had ended while some of its clips still grew
 * @param polledAt when it was asked about last since its submit, as far as the ledger was told
 * @param tasks the vendor's tasks, in the order they were asked for
 */
public record Song(
        String id,
        SongState state,
        Optional<Reason> reason,
        Optional<String> message,
        String vendor,
        Optional<String> lyricsVendor,
        Step step,
        ObjectNode request,
        List<String> notes,
        Optional<String> source,
        boolean sandbox,
        Optional<ObjectNode> written,
        ArrayNode clips,
        List<SinkDelivery> sinks,
        int attempt,
        Instant dueAt,
        Optional<Instant> timeoutAt,
        Optional<Instant> settlingSince,
        Instant acceptedAt,
        Optional<Instant> submittedAt,
        Optional<Instant> polledAt,
        Optional<Instant> generatedAt,
        Optional<Instant> finishedAt,
        List<Task> tasks) {

    /** Who is asked in the step that is due or under way. */
    public String stepVendor() {
        return step == Step.LYRICS ? lyricsVendor.orElse(vendor) : vendor;
    }

    /** What the song has cost by the prices in the settings, in micro-dollars; tasks known not to exist cost nothing. */
    public long price() {
        return tasks.stream()
                .filter(task -> task.outcome() == Task.Outcome.MADE)
                .mapToLong(Task::price)
                .sum();
    }

    /** The tasks of the step that is due or under way that a vendor has given an id. */
    public List<Task> stepTasks() {
        return tasks.stream()
                .filter(task -> task.step() == step && task.outcome() == Task.Outcome.MADE && !task.superseded())
                .toList();
    }
}
