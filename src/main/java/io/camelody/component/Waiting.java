package io.camelody.component;

import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges of {@code song:generate} that wait for a song to end. Each is a row in the ledger and an entry here, never a
 * thread. An entry that the process takes with it when it dies costs nothing: the song goes on.
 */
final class Waiting implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private record Waiter(Exchange exchange, AsyncCallback callback) {}

    private final SongRuntime runtime;
    private final CamelContext context;
    private final Map<String, List<Waiter>> waiters = new ConcurrentHashMap<>();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "camelody-generate");
        thread.setDaemon(true);
        return thread;
    });
    /** Runs the rest of the routes, which may be slow, and must not hold up who looks for songs that have ended. */
    private final ExecutorService goingOn;

    Waiting(SongRuntime runtime, CamelContext context) {
        this.runtime = runtime;
        this.context = context;
        this.goingOn = context.getExecutorServiceManager().newDefaultThreadPool(this, "camelody-generate");
        runtime.ledger().onEnd(this::look);
        // songs that were cancelled beside this process
        rounds.scheduleWithFixedDelay(() -> waiters.keySet().forEach(this::goOn), 2, 2, TimeUnit.SECONDS);
    }

    /** @return false: the exchange goes on later, in another thread */
    boolean until(String songId, Exchange exchange, AsyncCallback callback) {
        // in one with the entry's removal, which would else take away the list that this one is just put into
        waiters.compute(songId, (id, before) -> {
            List<Waiter> all = before == null ? new ArrayList<>() : before;
            all.add(new Waiter(exchange, callback));
            return all;
        });
        // the song may have ended before, or between the receipt and this line
        look(songId);
        return false;
    }

    private void look(String songId) {
        if (waiters.containsKey(songId)) {
            try {
                rounds.execute(() -> goOn(songId));
            } catch (RejectedExecutionException e) {
                giveUp(songId);
            }
        }
    }

    private void goOn(String songId) {
        Optional<Song> song = ended(songId);
        List<Waiter> ready = song.isPresent() ? waiters.remove(songId) : null;
        if (ready != null) {
            for (Waiter waiter : ready) {
                waiter.exchange().getMessage().setBody(SongDocument.of(song.get()));
                goOn(waiter);
            }
        }
    }

    private Optional<Song> ended(String songId) {
        try {
            return runtime.ledger().catalog().find(songId).filter(song -> song.state()
                    .isFinal());
        } catch (LedgerException e) {
            LOG.warn("A song could not be looked at; will be tried again. (song: {})", songId, e);
            return Optional.empty();
        }
    }

    private void goOn(Waiter waiter) {
        try {
            goingOn.execute(() -> waiter.callback().done(false));
        } catch (RejectedExecutionException e) {
            waiter.callback().done(false);
        }
    }

    private void giveUp(String songId) {
        List<Waiter> left = waiters.remove(songId);
        if (left != null) {
            for (Waiter waiter : left) {
                waiter.exchange()
                        .setException(new IllegalStateException(
                                "The context stopped before the song had ended; the song goes on at the next start. (song: %s)"
                                        .formatted(songId)));
                // for no error handler: nothing has failed but the waiting
                waiter.exchange().getExchangeExtension().setInterrupted(true);
                waiter.callback().done(false);
            }
        }
    }

    /** Ends the waiting, not the songs: each exchange fails with a message that says so. */
    @Override
    public void close() {
        rounds.shutdownNow();
        context.getExecutorServiceManager().shutdown(goingOn);
        waiters.keySet().forEach(this::giveUp);
    }
}
