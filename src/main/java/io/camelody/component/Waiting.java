package io.camelody.component;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/**
 * The exchanges of {@code song:generate} that wait for a song to end. Each is a row in the ledger and an entry here, never a
 * thread. An entry that the process takes with it when it dies costs nothing: the song goes on.
 */
final class Waiting implements AutoCloseable {

    private record Waiter(Exchange exchange, AsyncCallback callback) {}

    private final SongRuntime runtime;
    private final Map<String, List<Waiter>> waiters = new ConcurrentHashMap<>();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "song:generate");
        thread.setDaemon(true);
        return thread;
    });

    Waiting(SongRuntime runtime) {
        this.runtime = runtime;
        runtime.ledger().onEnd(this::look);
        // songs that were cancelled beside this process
        rounds.scheduleWithFixedDelay(() -> waiters.keySet().forEach(this::goOn), 5, 5, TimeUnit.SECONDS);
    }

    /** @return false: the exchange goes on later, in another thread */
    boolean until(String songId, Exchange exchange, AsyncCallback callback) {
        waiters.computeIfAbsent(songId, id -> new CopyOnWriteArrayList<>()).add(new Waiter(exchange, callback));
        // the song may have ended before, or between the receipt and this line
        look(songId);
        return false;
    }

    private void look(String songId) {
        if (waiters.containsKey(songId)) {
            try {
                rounds.execute(() -> goOn(songId));
            } catch (RejectedExecutionException e) {
                throw new IllegalStateException(
                        "The context is stopping; the song goes on. (song: %s)".formatted(songId), e);
            }
        }
    }

    private void goOn(String songId) {
        Optional<Song> song = runtime.ledger().catalog().find(songId).filter(found -> found.state()
                .isFinal());
        List<Waiter> ready = song.isPresent() ? waiters.remove(songId) : null;
        if (ready != null) {
            for (Waiter waiter : ready) {
                waiter.exchange().getMessage().setBody(SongDocument.of(song.get()));
                waiter.callback().done(false);
            }
        }
    }

    /** Ends the waiting, not the songs: each exchange fails with a message that says so. */
    @Override
    public void close() {
        rounds.shutdownNow();
        waiters.forEach((songId, all) -> all.forEach(waiter -> {
            waiter.exchange()
                    .setException(new IllegalStateException(
                            "The context stopped before the song had ended; the song goes on at the next start. (song: %s)"
                                    .formatted(songId)));
            waiter.callback().done(false);
        }));
    }
}
