package io.camelody.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.ledger.Happening;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.SongLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Reads what happens to songs all along, as a client of {@code /events} does: by the number of the last that it has seen. */
public final class Follower implements AutoCloseable {

    private static final int PAGE = 500;
    private static final long LOOKS_EVERY_MS = 20;

    private final SongLedger ledger;
    private final List<Happening> seen = new ArrayList<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final CompletableFuture<Void> looks;

    public Follower(SongLedger ledger) {
        this.ledger = ledger;
        this.looks = CompletableFuture.runAsync(this::follow);
    }

    private void follow() {
        while (!over.isDone()) {
            look();
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, LOOKS_EVERY_MS, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private void look() {
        try {
            long last = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).number();
            seen.addAll(ledger.happenings().after(last, PAGE));
        } catch (LedgerException e) {
            // its database is down; it comes back, as a client does
        }
    }

    /** Stops looking; fails unless it has seen all that there is, each once and in its order. @return all of it */
    public List<Happening> assertThatItMissedNothing() {
        close();
        int before;
        do {
            before = seen.size();
            look();
        } while (seen.size() > before);
        List<Happening> all = ledger.happenings().after(0, Integer.MAX_VALUE);
        assertThat(seen)
                .extracting(Happening::number)
                .isEqualTo(all.stream().map(Happening::number).toList());
        return all;
    }

    /** The states that each song came to, in words, with a space between two. */
    public static Map<String, String> lives(List<Happening> happenings) {
        return happenings.stream()
                .collect(Collectors.groupingBy(
                        Happening::songId,
                        TreeMap::new,
                        Collectors.mapping(Happening::state, Collectors.joining(" "))));
    }

    @Override
    public void close() {
        over.complete(null);
        looks.join();
    }
}
