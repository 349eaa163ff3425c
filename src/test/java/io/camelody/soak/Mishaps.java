package io.camelody.soak;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** What goes wrong at the place where songs are worked on, for some seconds, drawn by chance. One at a time. */
final class Mishaps {

    private static final int MOST_SECONDS = 4;

    private final List<Mishap> all;
    private final double share;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private Optional<Mishap> current = Optional.empty();
    private Instant until = Instant.EPOCH;

    /** @param share of the seconds in which one begins, from 0 to 1 */
    Mishaps(List<Mishap> all, double share, long seed) {
        this.all = all;
        this.share = share;
        this.random = new Random(seed);
    }

    /** Once a second. */
    void look() throws Exception {
        if (Instant.now().isBefore(until)) {
            return;
        }
        clearUp();
        if (random.nextDouble() < share) {
            int seconds = 1 + random.nextInt(MOST_SECONDS);
            Mishap next = all.get(random.nextInt(all.size()));
            counts.merge(next.name(), 1, Integer::sum);
            current = Optional.of(next);
            next.begin(seconds);
            until = Instant.now().plusSeconds(seconds);
        }
    }

    boolean isOne() {
        return current.isPresent();
    }

    void clearUp() throws Exception {
        if (current.isPresent()) {
            current.get().end();
            current = Optional.empty();
        }
    }

    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    void tell(Table table) {
        counts.forEach(table::row);
    }
}
