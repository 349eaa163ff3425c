package io.camelody.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.request.Json;
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
import java.util.stream.Stream;

/** All tasks and their clips, each found by its id in one step. Thread-safe, without a lock that two tasks share. */
final class TaskBook {

    private static final List<String> REASONS =
            List.of("The song took too long.", "The lyrics were refused by moderation.", "The model had an error.");

    private final SandboxSettings settings;
    private final Optional<Journal> journal;
    private final Map<String, List<Double>> lengths;
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final Map<String, Task.Clip> clips = new ConcurrentHashMap<>();
    private final Queue<Task> billed = new ConcurrentLinkedQueue<>();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * @param journal what remembers the tasks over a restart, if anything does
     * @param lengths how long clips of a vendor play by their places, in seconds; 0 or nothing for as long as the settings say
     */
    TaskBook(SandboxSettings settings, Optional<Journal> journal, Map<String, List<Double>> lengths) {
        this.settings = settings;
        this.lengths = lengths;
        this.journal = journal;
        journal.ifPresent(remembered -> remembered.open(now()).forEach(entry -> {
            Task task = make(entry, Json.write(entry.request()));
            if (entry.firstIndex() == 0) {
                billed.add(task);
            }
        }));
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

    /** An ended task of the same kind that nobody has asked for, and that is forgotten at once. */
    Task stranger(Task like) {
        var stranger =
                new Task(like.vendor(), nextId(), "stranger", like.request(), "", like.createdAt(), Duration.ZERO);
        stranger.hasClips(like.clips().stream()
                .map(clip -> new Task.Clip(stranger, nextId(), clip.index(), clip.seconds(), new AtomicInteger()))
                .toList());
        return stranger;
    }

    Task lyrics(String vendor, ObjectNode request, String body, boolean atOnce) {
        Task task = remember(new Journal.Entry(vendor, "lyrics", nextId(), request, now(), List.of(), 0, atOnce), body);
        billed.add(task);
        return task;
    }

    private Task song(String vendor, ObjectNode request, String body, int clipCount, int firstIndex) {
        String id = nextId();
        List<String> clipIds = Stream.generate(this::nextId).limit(clipCount).toList();
        return remember(new Journal.Entry(vendor, "song", id, request, now(), clipIds, firstIndex, false), body);
    }

    private Task remember(Journal.Entry entry, String body) {
        journal.ifPresent(remembered -> remembered.write(entry));
        return make(entry, body);
    }

    /** The same entry always makes the same task. */
    private Task make(Journal.Entry entry, String body) {
        long hash = Hash.of(entry.id());
        boolean isSong = entry.step().equals("song");
        Duration latency = isSong ? settings.latency() : entry.atOnce() ? Duration.ZERO : settings.lyricsLatency();
        var task = new Task(
                entry.vendor(),
                entry.id(),
                entry.step(),
                entry.request(),
                body,
                entry.createdAt(),
                spread(latency, hash));
        var made = new ArrayList<Task.Clip>();
        for (String clipId : entry.clipIds()) {
            int index = entry.firstIndex() + made.size();
            made.add(new Task.Clip(task, clipId, index, seconds(entry.vendor(), index, clipId), new AtomicInteger()));
        }
        task.hasClips(List.copyOf(made));
        if (isSong && Hash.share(Hash.mix(hash + 1)) < settings.failureShare()) {
            task.fails(REASONS.get(Hash.below(hash, REASONS.size())));
        }
        made.forEach(clip -> clips.put(clip.id(), clip));
        tasks.put(task.id(), task);
        return task;
    }

    private String nextId() {
        return Hash.uuid(settings.seed(), numbers.incrementAndGet());
    }

    private Duration spread(Duration latency, long hash) {
        double factor = 1 + settings.latencySpread() * (2 * Hash.share(hash) - 1);
        return Duration.ofNanos((long) (latency.toNanos() * factor));
    }

    private double seconds(String vendor, int index, String clipId) {
        List<Double> recorded = lengths.getOrDefault(vendor, List.of());
        if (index < recorded.size() && recorded.get(index) > 0) {
            return recorded.get(index);
        }
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
