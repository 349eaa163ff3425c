package io.camelody.ledger;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those in this process who want to know what a change has brought about. Thread-safe. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(SongLedger.class);

    private final Map<SongState, List<Runnable>> wakes = new ConcurrentHashMap<>();
    private final List<Consumer<String>> endings = new CopyOnWriteArrayList<>();
    private final List<Runnable> happenings = new CopyOnWriteArrayList<>();

    void onDue(SongState state, Runnable wake) {
        wakes.computeIfAbsent(state, any -> new CopyOnWriteArrayList<>()).add(wake);
    }

    void onEnd(Consumer<String> ending) {
        endings.add(ending);
    }

    void onHappening(Runnable wake) {
        happenings.add(wake);
    }

    void forget() {
        wakes.clear();
        endings.clear();
        happenings.clear();
    }

    /** The change stands by now, whatever those who hear of it do. */
    void tell(Change change) {
        happenings.forEach(Listeners::guarded);
        if (change instanceof Change.LyricsWritten
                || change instanceof Change.MovedOn
                || change instanceof Change.AcceptedAgain
                // a task less is under way, which others may have waited for
                || change instanceof Change.Generated
                || change instanceof Change.Failed) {
            wake(SongState.ACCEPTED);
        }
        if (change instanceof Change.Submitted) {
            wake(SongState.SUBMITTED);
        } else if (change instanceof Change.Generated || change instanceof Change.DeliverLater) {
            wake(SongState.GENERATED);
        } else if (change instanceof Change.Delivered
                || change instanceof Change.Undelivered
                || change instanceof Change.Failed) {
            endings.forEach(ending -> guarded(() -> ending.accept(change.claim().songId())));
        }
    }

    private static void guarded(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("Somebody who listens to the ledger failed.", e);
        }
    }

    /** Somebody but a worker has brought songs into a state. */
    void steered(SongState state) {
        happenings.forEach(Listeners::guarded);
        wake(state);
    }

    /** Another node has brought songs into these states. Whoever waits for a task less to be under way does so for an end. */
    void elsewhere(Set<SongState> states) {
        happenings.forEach(Listeners::guarded);
        states.forEach(this::wake);
        boolean isLess = states.stream().anyMatch(state -> state == SongState.GENERATED || state.isFinal());
        if (isLess && !states.contains(SongState.ACCEPTED)) {
            wake(SongState.ACCEPTED);
        }
    }

    void wake(SongState state) {
        wakes.getOrDefault(state, List.of()).forEach(Runnable::run);
    }
}
