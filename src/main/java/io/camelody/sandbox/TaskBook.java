package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All tasks and their clips, each found by its id in one step. Thread-safe, without a lock that two tasks share. */
final class TaskBook {

    private static final List<String> REASONS =
            List.of("The song took too long.", "The lyrics were refused by moderation.", "The model had an error.");

    private final SandboxSettings settings;
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final Map<String, Task.Clip> clips = new ConcurrentHashMap<>();
    private final Queue<Task> billed = new ConcurrentLinkedQueue<>();
    private final AtomicLong numbers = new AtomicLong();

    TaskBook(SandboxSettings settings) {
        this.settings = settings;
    }

    Instant now() {
        return settings.clock().instant();
    }

    Task song(String vendor, ObjectNode request, String body, int clipCount) {
        Task task = song(vendor, request, body, clipCount, 0);
        billed.add(task);
        return task;
    }

    /** A second task id in the same bill, with the clip that the first task has not. */
    Task sibling(Task task, String body) {
        Task sibling = song(task.vendor(), task.request(), body, 1, 1);
        task.troubles().forEach(sibling::strike);
        return sibling;
    }

    Task lyrics(String vendor, ObjectNode request, String body, boolean atOnce) {
        String id = nextId();
        Duration takes = atOnce ? Duration.ZERO : spread(settings.lyricsLatency(), Hash.of(id));
        var task = new Task(vendor, id, "lyrics", request, body, now(), takes);
        add(task);
        billed.add(task);
        return task;
    }

    private Task song(String vendor, ObjectNode request, String body, int clipCount, int firstIndex) {
        String id = nextId();
        long hash = Hash.of(id);
        var task = new Task(vendor, id, "song", request, body, now(), spread(settings.latency(), hash));
        var made = new ArrayList<Task.Clip>();
        for (int i = 0; i < clipCount; i++) {
            String clipId = nextId();
            made.add(new Task.Clip(task, clipId, firstIndex + i, seconds(clipId), new AtomicInteger()));
        }
        task.hasClips(List.copyOf(made));
        if (Hash.share(Hash.mix(hash + 1)) < settings.failureShare()) {
            task.fails(REASONS.get(Hash.below(hash, REASONS.size())));
        }
        made.forEach(clip -> clips.put(clip.id(), clip));
        add(task);
        return task;
    }

    private void add(Task task) {
        tasks.put(task.id(), task);
    }

    private String nextId() {
        return Hash.uuid(settings.seed(), numbers.incrementAndGet());
    }

    private Duration spread(Duration latency, long hash) {
        double factor = 1 + settings.latencySpread() * (2 * Hash.share(hash) - 1);
        return Duration.ofNanos((long) (latency.toNanos() * factor));
    }

    private double seconds(String clipId) {
        if (settings.audioBytes() > 0) {
            return Song.secondsOf(settings.audioBytes());
        }
        double seconds = settings.songLength().toMillis() / 1000.0 * (.8 + .4 * Hash.share(Hash.of(clipId)));
        // whole seconds, as the vendors' documents have them, unless that would be no song
        return seconds >= 2 ? Math.round(seconds) : Math.max(.1, Math.round(seconds * 10) / 10.0);
    }

    Optional<Task> find(String vendor, String id) {
        return Optional.ofNullable(tasks.get(id)).filter(task -> task.vendor().equals(vendor));
    }

    Optional<Task.Clip> findClip(String id) {
        return Optional.ofNullable(clips.get(id));
    }

    List<MadeTask> made() {
        Instant now = now();
        return billed.stream().map(task -> task.made(now)).toList();
    }
}
