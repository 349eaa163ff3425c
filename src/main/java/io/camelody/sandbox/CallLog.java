package io.camelody.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was heard, in the order in which it came: a call is in here before it is answered. Tells a watcher how far each call
 * comes. Thread-safe.
 */
final class CallLog {

    /** A call whose answer may still be on its way. */
    static final class Entry {
        private final HeardCall call;
        private volatile int status;

        private Entry(HeardCall call) {
            this.call = call;
        }

        void answered(int with) {
            status = with;
        }

        private HeardCall call() {
            return new HeardCall(
                    call.at(), call.vendor(), call.method(), call.path(), call.query(), call.body(), status);
        }
    }

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int keep;
    private volatile Watcher watcher = (moment, kind, call) -> {};

    CallLog(int keep) {
        this.keep = keep;
    }

    Entry add(Instant at, String vendor, String method, String path, String query, String body) {
        var entry = new Entry(new HeardCall(at, vendor, method, path, query, body, 0));
        entries.add(entry);
        if (size.incrementAndGet() > keep) {
            entries.poll();
            size.decrementAndGet();
        }
        return entry;
    }

    void watch(Watcher by) {
        watcher = by;
    }

    /** @param kind empty for a call that no vendor has, of which nobody is told */
    void reached(Watcher.Moment moment, Optional<Fault.Call> kind, Entry heard) {
        kind.ifPresent(known -> watcher.reached(moment, known, heard.call()));
    }

    List<HeardCall> calls() {
        return entries.stream().map(Entry::call).toList();
    }
}
