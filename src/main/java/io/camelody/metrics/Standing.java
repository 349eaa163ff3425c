package io.camelody.metrics;

import io.camelody.component.Kept;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.SongState;
import io.camelody.ledger.VendorPauses.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How songs and vendors stand by the ledger, as it was some seconds ago at most. Fails as the ledger does that cannot be
 * read. Thread-safe.
 */
final class Standing {

    private static final List<SongState> QUEUES = List.of(SongState.ACCEPTED, SongState.SUBMITTED, SongState.GENERATED);

    private record Queue(SongState state, String vendor) {}

    private record Looked(
            Map<String, Map<SongState, Integer>> songs, Map<Queue, Duration> ages, Map<String, Pause> pauses) {}

    private final SongRuntime runtime;
    private final Kept<Looked> kept;

    Standing(SongRuntime runtime) {
        this.runtime = runtime;
        this.kept = new Kept<>(runtime.time().clock(), this::look);
    }

    static List<SongState> queues() {
        return QUEUES;
    }

    int songs(SongState state, String vendor) {
        return kept.get().songs().getOrDefault(vendor, Map.of()).getOrDefault(state, 0);
    }

    /** For how long the oldest song has been due that nobody works on; nothing where none is. */
    Duration age(SongState state, String vendor) {
        return kept.get().ages().getOrDefault(new Queue(state, vendor), Duration.ZERO);
    }

    boolean isPaused(String vendor, String cause) {
        return Optional.ofNullable(kept.get().pauses().get(vendor))
                .filter(pause -> pause.cause().equals(cause))
                .isPresent();
    }

    private Looked look() {
        Instant now = runtime.time().clock().instant();
        Map<Queue, Duration> ages = new HashMap<>();
        for (SongState state : QUEUES) {
            runtime.ledger()
                    .claims()
                    .nextDue(state, runtime.vendors().names(), runtime.scope())
                    .forEach((vendor, due) -> {
                        if (due.isBefore(now)) {
                            ages.put(new Queue(state, vendor), Duration.between(due, now));
                        }
                    });
        }
        Map<String, Pause> pauses = new HashMap<>();
        runtime.ledger().pauses().standing(runtime.sandbox()).forEach(pause -> pauses.put(pause.vendor(), pause));
        return new Looked(runtime.ledger().catalog().countByVendor(runtime.sandbox()), ages, pauses);
    }
}
