package io.camelody.component;

import io.camelody.ledger.Song;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every {@code song:finished} route about songs that have ended, in the order they ended. An end that was not taken
 * goes behind the others, and is told again after as long as it has not been taken for, up to five minutes.
 *
 * <p>Nothing is told while a context starts or stops, when some of its routes are there and others are not: these would never
 * hear of it. A route that is started by itself, later than its context, hears of what nobody has been told by then.
 */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private static final int AT_ONCE = 100;
    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofMinutes(5);

    private final SongRuntime runtime;
    private final List<FinishedConsumer> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean roundIsDue = new AtomicBoolean();
    private ScheduledExecutorService rounds;

    Announcer(SongRuntime runtime) {
        this.runtime = runtime;
        runtime.ledger().onEnd(song -> wake());
    }

    synchronized void add(FinishedConsumer listener) {
        listeners.add(listener);
        if (rounds == null) {
            rounds = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread thread = new Thread(work, "camelody-finished");
                thread.setDaemon(true);
                return thread;
            });
            // what ended before this start, in another process, or was not taken
            rounds.scheduleWithFixedDelay(this::round, 0, 1, TimeUnit.SECONDS);
        }
    }

    synchronized void remove(FinishedConsumer listener) {
        listeners.remove(listener);
        if (listeners.isEmpty() && rounds != null) {
            rounds.shutdown();
            rounds = null;
        }
    }

    private synchronized void wake() {
        if (rounds != null && roundIsDue.compareAndSet(false, true)) {
            rounds.execute(this::round);
        }
    }

    private void round() {
        roundIsDue.set(false);
        try {
            List<Song> songs = runtime.ledger().announcements().take(runtime.sandbox(), AT_ONCE);
            for (Song song : songs) {
                List<FinishedConsumer> all = everybody();
                if (all.isEmpty()) {
                    return;
                }
                boolean taken = true;
                for (FinishedConsumer listener : all) {
                    taken &= listener.tell(song);
                }
                if (taken) {
                    runtime.ledger().announcements().told(song);
                } else {
                    runtime.ledger().announcements().later(song, later(song));
                }
            }
            if (songs.size() == AT_ONCE) {
                wake();
            }
        } catch (RuntimeException e) {
            LOG.error("No routes were told of finished songs; will be tried again.", e);
        }
    }

    /** Nobody if not all are there. */
    private List<FinishedConsumer> everybody() {
        List<FinishedConsumer> all = List.copyOf(listeners);
        boolean areThere = all.stream()
                .allMatch(listener -> listener.getEndpoint().getCamelContext().isStarted());
        // nor if one came or left before its context was asked
        return areThere && all.equals(listeners) ? all : List.of();
    }

    private Instant later(Song song) {
        Instant now = runtime.clock().instant();
        Duration untaken = Duration.between(song.finishedAt().orElse(now), now);
        return now.plus(Collections.min(List.of(LATEST, Collections.max(List.of(SOONEST, untaken)))));
    }
}
