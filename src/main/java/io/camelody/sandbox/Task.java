package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One task at one vendor: how far it has come is a matter of the time, and of the troubles that struck it. Thread-safe.
 */
final class Task {

    /** One result. The version counts how often its URL has expired. */
    record Clip(Task task, String id, int index, double seconds, AtomicInteger version) {

        boolean isStruck(Trouble trouble) {
            return index == 1 && task.troubles.contains(trouble);
        }
    }

    private final String vendor;
    private final String id;
    private final String step;
    private final ObjectNode request;
    private final String body;
    private final Instant createdAt;
    private final Set<Trouble> troubles = ConcurrentHashMap.newKeySet();
    private volatile List<Clip> clips = List.of();
    private volatile Instant endsAt;
    private volatile String failure;

    Task(String vendor, String id, String step, ObjectNode request, String body, Instant createdAt, Duration takes) {
        this.vendor = vendor;
        this.id = id;
        this.step = step;
        this.request = request;
        this.body = body;
        this.createdAt = createdAt;
        this.endsAt = createdAt.plus(takes);
    }

    void hasClips(List<Clip> made) {
        clips = made;
    }

    /** Ends it, badly, at its time. */
    void fails(String reason) {
        failure = reason;
    }

    void strike(Trouble trouble) {
        if (trouble instanceof Trouble.Fail fail) {
            fails(fail.reason());
        } else {
            troubles.add(trouble);
        }
    }

    void strikeNow(Trouble trouble, Instant now) {
        if (trouble instanceof Trouble.Fail && now.isBefore(endsAt)) {
            endsAt = now;
        }
        strike(trouble);
    }

    String vendor() {
        return vendor;
    }

    String id() {
        return id;
    }

    String step() {
        return step;
    }

    ObjectNode request() {
        return request;
    }

    List<Clip> clips() {
        return clips;
    }

    Set<Trouble> troubles() {
        return troubles;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant endsAt() {
        return endsAt;
    }

    /** From 0, just made, to 1, ended. */
    double progress(Instant now) {
        long whole = Duration.between(createdAt, endsAt).toNanos();
        long gone = Duration.between(createdAt, now).toNanos();
        return gone >= whole ? 1 : (double) gone / whole;
    }

    /** Why it has failed, if it has by now. */
    Optional<String> failure(Instant now) {
        return now.isBefore(endsAt) ? Optional.empty() : Optional.ofNullable(failure);
    }

    /** Whether it will fail: such a task shows no clips on its way. */
    boolean isDoomed() {
        return failure != null;
    }

    String text(String field) {
        return request.path(field).asText("");
    }

    MadeTask made(Instant now) {
        return new MadeTask(vendor, id, step, body, createdAt, now.isBefore(endsAt) ? null : endsAt);
    }
}
