package io.camelody.metrics;

import io.camelody.component.SongRuntime;
import io.camelody.ledger.SongState;
import io.camelody.ledger.VendorPauses.Pause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How songs and vendors stand by the ledger: looked up when it is asked for, and kept for some seconds. A ledger so large that looking
 * takes long is looked at less often, so that no more than a twentieth of the time goes into it. Thread-safe.
 */
final class Standing {

    private static final Duration KEPT = Duration.ofSeconds(5);

    private static final int SHARE = 20;

    private static final List<SongState> QUEUES = List.of(SongState.ACCEPTED, SongState.SUBMITTED, SongState.GENERATED);

    private record Queue(SongState state, String vendor) {}

    private record Looked(
            Map<String, Map<SongState, Integer>> songs, Map<Queue, Duration> ages, Map<String, Pause> pauses) {}

    private final SongRuntime runtime;
    private Looked latest;
    private Instant keptFrom = Instant.MIN;
    private Instant keptUntil = Instant.MIN;

    Standing(SongRuntime runtime) {
        this.runtime = runtime;
    }

    static List<SongState> queues() {
        return QUEUES;
    }

    int songs(SongState state, String vendor) {
        return look().songs().getOrDefault(vendor, Map.of()).getOrDefault(state, 0);
    }

    /** For how long the oldest song has been due that nobody works on; nothing where none is. */
    Duration age(SongState state, String vendor) {
        return look().ages().getOrDefault(new Queue(state, vendor), Duration.ZERO);
    }

    boolean isPaused(String vendor, String cause) {
        return Optional.ofNullable(look().pauses().get(vendor))
                .filter(pause -> pause.cause().equals(cause))
                .isPresent();
    }

    /** @throws io.camelody.ledger.LedgerException if the ledger cannot be read */
    private synchronized Looked look() {
        Clock clock = runtime.time().clock();
        Instant now = clock.instant();
        if (now.isBefore(keptFrom) || !now.isBefore(keptUntil)) {
            latest = lookAnew(now);
            Duration took = Duration.between(now, clock.instant());
            keptFrom = now;
            keptUntil = now.plus(KEPT).plus(took.multipliedBy(SHARE));
        }
        return latest;
    }

    private Looked lookAnew(Instant now) {
        Map<Queue, Duration> ages = new HashMap<>();
        for (SongState state : QUEUES) {
            for (String vendor : runtime.vendors().names()) {
                runtime.ledger()
                        .claims()
                        .nextDue(state, vendor, runtime.scope())
                        .filter(due -> due.isBefore(now))
                        .ifPresent(due -> ages.put(new Queue(state, vendor), Duration.between(due, now)));
            }
        }
        Map<String, Pause> pauses = new HashMap<>();
        runtime.ledger().pauses().standing(runtime.sandbox()).forEach(pause -> pauses.put(pause.vendor(), pause));
        return new Looked(runtime.ledger().catalog().countByVendor(runtime.sandbox()), ages, pauses);
    }
}
