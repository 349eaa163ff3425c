package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.Change;
import io.camelody.ledger.Change.TaskReport;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.LedgerSource;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Songs that go from accepted to delivered in a ledger at once, by no more than their claims and changes: one thread a state that claims,
 * and workers that record, of paid calls and deliveries one change each, of status calls 25. A song has three changes of
 * state, a claim before each, and an intent.
 */
final class SongLives implements AutoCloseable {

    private static final Scope SCOPE = new Scope(false, Optional.empty());
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int AT_ONCE = 100;
    private static final int CALL = 25;
    private static final ArrayNode CLIPS = clips();

    private final SongLedger ledger;
    private final int songs;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private double seconds;

    SongLives(LedgerSource source, int songs) {
        this.ledger = SongLedger.openForWork(source);
        this.songs = songs;
        for (int from = 0; from < songs; from += 500) {
            List<NewSong> chunk = new ArrayList<>();
            for (int i = from; i < Math.min(songs, from + 500); i++) {
                chunk.add(new NewSong(
                        "song-" + i,
                        "foxai",
                        Optional.empty(),
                        Json.object()
                                .put("vendor", "foxai")
                                .put("prompt", "Song " + i + ", a slow waltz for two voices"),
                        List.of(),
                        false,
                        false,
                        Optional.of("bench.jsonl:" + i),
                        Optional.of("bench")));
            }
            ledger.accept(chunk, false);
        }
    }

    void run() throws Exception {
        long start = System.nanoTime();
        Future<?> submits = workers.submit(claiming(SongState.ACCEPTED, AT_ONCE, 1, this::submit));
        Future<?> polls = workers.submit(claiming(SongState.SUBMITTED, AT_ONCE * 5, CALL, this::poll));
        Future<?> deliveries = workers.submit(claiming(SongState.GENERATED, AT_ONCE, 1, this::deliver));
        submits.get();
        polls.get();
        deliveries.get();
        seconds = (System.nanoTime() - start) / 1e9;
        assertThat(ledger.catalog().count("bench").of(SongState.DELIVERED)).isEqualTo(songs);
    }

    double changesASecond() {
        return 3 * songs / seconds;
    }

    String beside() {
        return "%,d songs, with as many claims, and %s intents a second"
                .formatted(songs, Figures.number(songs / seconds));
    }

    /** Claims as the consumers do, woken by what is due, as many as there is room for, and has them worked on, call by call. */
    private Callable<Void> claiming(SongState state, int room, int call, Consumer<List<ClaimedSong>> work) {
        Semaphore due = new Semaphore(state == SongState.ACCEPTED ? songs : 0);
        if (state != SongState.ACCEPTED) {
            ledger.onDue(state, due::release);
        }
        return () -> {
            Semaphore places = new Semaphore(room);
            List<Future<?>> under = new ArrayList<>();
            for (int left = songs; left > 0; ) {
                int fill = Math.min(call, left);
                due.acquire(fill);
                places.acquire(fill);
                int free = fill + places.drainPermits();
                List<ClaimedSong> claimed = ledger.claims().claimDue(state, "foxai", SCOPE, free, LEASE);
                places.release(free - claimed.size());
                due.release(fill);
                due.acquire(claimed.size());
                left -= claimed.size();
                for (int from = 0; from < claimed.size(); from += call) {
                    List<ClaimedSong> each = claimed.subList(from, Math.min(claimed.size(), from + call));
                    under.add(workers.submit(() -> {
                        work.accept(each);
                        places.release(each.size());
                    }));
                }
            }
            for (Future<?> each : under) {
                each.get();
            }
            return null;
        };
    }

    private void submit(List<ClaimedSong> one) {
        ClaimedSong claimed = one.get(0);
        Instant now = ledger.clock().instant();
        ledger.make(new Change.Intended(claimed.claim(), 1, 10_000));
        ledger.make(new Change.Submitted(
                claimed.claim(), 1, List.of("task-" + claimed.song().id()), now, now.plusSeconds(600)));
    }

    private void poll(List<ClaimedSong> call) {
        TaskReport report = new TaskReport(1, "succeeded", CLIPS, Optional.empty(), 0, true, Optional.of("{}"));
        List<Change.Generated> changes = call.stream()
                .map(each -> new Change.Generated(each.claim(), List.of(report), CLIPS, Optional.empty()))
                .toList();
        assertThat(ledger.makeAll(changes)).isEmpty();
    }

    private void deliver(List<ClaimedSong> one) {
        ledger.make(new Change.Delivered(one.get(0).claim(), CLIPS, List.of()));
    }

    private static ArrayNode clips() {
        ArrayNode clips = Json.MAPPER.createArrayNode();
        for (String clip : List.of("a", "b")) {
            clips.addObject()
                    .put("id", clip)
                    .put("audioUrl", "https://cdn.foxai.example/audio/0123456789/" + clip + ".mp3")
                    .put("imageUrl", "https://cdn.foxai.example/image/0123456789/" + clip + ".jpg")
                    .put("title", "A slow waltz")
                    .put("duration", 181.4)
                    .put("status", "succeeded");
        }
        return clips;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        ledger.close();
    }
}
