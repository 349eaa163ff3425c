package io.camelody.soak;

import io.camelody.sandbox.Fault;
import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.HeardCall;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.Trouble;
import io.camelody.sandbox.Watcher;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that other people's networks and servers do, at random: a share of the calls meets a trouble, each that makes sense for
 * it as often as the others. Thread-safe.
 */
final class Weather implements Watcher {

    private static final double SHARE = 0.12;

    /** Troubles of an answer, whatever it is to. */
    private static final List<String> ANY = List.of(
            "status=429",
            "status=429 Retry-After=1",
            "status=500",
            "status=502 body=<html>Bad Gateway</html>",
            "status=503",
            "status=503 Retry-After=1",
            "status=404",
            "close",
            "lost",
            "hang",
            "hang-made",
            "cut",
            "short",
            "drip",
            "html",
            "empty");

    private static final List<String> OF_VENDORS = List.of("status=401", "status=402", "status=403", "huge");

    private static final List<String> OF_SUBMITS = List.of("status=400", "status=422", "no-id");

    private static final List<String> SHAPES = List.of(
            "shape=data-task-id",
            "shape=data-string",
            "shape=data-id",
            "shape=data-camel-task-id",
            "shape=data-list-id",
            "shape=data-ids",
            "shape=top-task-id");

    /** What becomes of a task, whether it is struck when it is made or while it is asked about. */
    private static final List<String> OF_TASKS = List.of(
            "fail=moderation",
            "fail=The model had an error.",
            "word=pondering",
            "leave-out",
            "strangers",
            "null-url",
            "none-url",
            "stay-streaming",
            "clip-twice",
            "clip-error",
            "clip-gone");

    private static final List<String> OF_LYRICS = List.of("fail=moderation", "word=pondering", "leave-out");

    private static final List<String> OF_LYRICS_SUBMITS = List.of("at-once", "task", "fail=moderation");

    private static final List<String> OF_FILES = List.of("type=text/html", "expire");

    private static final Map<Call, List<Trouble>> TROUBLES = new EnumMap<>(Map.of(
            Call.SUBMIT, troubles(List.of(ANY, OF_VENDORS, OF_SUBMITS, SHAPES, OF_TASKS)),
            Call.POLL, troubles(List.of(ANY, OF_VENDORS, OF_TASKS)),
            Call.LYRICS_SUBMIT, troubles(List.of(ANY, OF_VENDORS, OF_SUBMITS, OF_LYRICS_SUBMITS)),
            Call.LYRICS_POLL, troubles(List.of(ANY, OF_VENDORS, OF_LYRICS)),
            Call.AUDIO, troubles(List.of(ANY, OF_FILES)),
            Call.COVER, troubles(List.of(ANY, OF_FILES))));

    private final Sandbox sandbox;
    private final Random random;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong struck = new AtomicLong();
    private volatile boolean fine;

    Weather(Sandbox sandbox, long seed) {
        this.sandbox = sandbox;
        this.random = new Random(seed);
    }

    private static List<Trouble> troubles(List<List<String>> lists) {
        return lists.stream().flatMap(List::stream).map(Trouble::parse).toList();
    }

    @Override
    public void reached(Moment moment, Call kind, HeardCall call) {
        if (moment == Moment.READ) {
            calls.incrementAndGet();
            draw(kind).ifPresent(trouble -> {
                struck.incrementAndGet();
                sandbox.fault(Fault.at(call.vendor(), kind, trouble));
            });
        }
    }

    private synchronized Optional<Trouble> draw(Call kind) {
        if (fine || random.nextDouble() >= SHARE) {
            return Optional.empty();
        }
        List<Trouble> all = TROUBLES.get(kind);
        return Optional.of(all.get(random.nextInt(all.size())));
    }

    /** Nothing goes wrong any more, and what hangs ends. */
    void clearUp() {
        fine = true;
        sandbox.clearFaults();
    }

    /** Calls so far. */
    long calls() {
        return calls.get();
    }

    /** Troubles so far. */
    long struck() {
        return struck.get();
    }
}
