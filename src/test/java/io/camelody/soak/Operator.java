package io.camelody.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.cli.Ran;
import io.camelody.request.Json;
import io.camelody.testkit.VendorBooks;
import io.camelody.testkit.VendorBooks.Purchase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Looks after the songs from the side: half of the songs in doubt are looked up at the vendor and resolved, now and then one is
 * cancelled. The other half stays in doubt.
 */
final class Operator {

    /** A call that a killed process made may still be on its way. */
    private static final Duration CERTAIN = Duration.ofSeconds(3);

    private static final double CANCELLED = 0.05;

    /** One of the last requests has mostly not ended yet. */
    private static final int YOUNG = 10;

    private final Commands commands;
    private final VendorBooks books;
    private final Random random;
    private final Map<String, Instant> seen = new HashMap<>();
    private final Set<String> left = new HashSet<>();
    private int found;
    private int resubmitted;

    Operator(Commands commands, VendorBooks books, long seed) {
        this.commands = commands;
        this.books = books;
        this.random = new Random(seed);
    }

    int found() {
        return found;
    }

    int resubmitted() {
        return resubmitted;
    }

    /** @param requests so far */
    void look(int requests) throws IOException {
        if (requests > 0 && random.nextDouble() < CANCELLED) {
            commands.camelody("cancel", VendorBooks.tag(Math.max(0, requests - 1 - random.nextInt(YOUNG))));
        }
        Ran ran = commands.camelody("songs", "--state", "in-doubt", "--json");
        if (ran.code() != 0) {
            return;
        }
        Set<String> doubted = new HashSet<>();
        Json.parse(ran.out()).forEach(song -> doubted.add(song.path("id").asText()));
        seen.keySet().retainAll(doubted);
        Instant now = Instant.now();
        for (String id : doubted) {
            if (!seen.containsKey(id) && random.nextBoolean()) {
                left.add(id);
            }
            Instant since = seen.computeIfAbsent(id, any -> now);
            if (!left.contains(id) && since.plus(CERTAIN).isBefore(now)) {
                resolve(id);
            }
        }
    }

    private void resolve(String id) throws IOException {
        Ran shown = commands.camelody("show", id, "--json");
        if (shown.code() != 0) {
            return;
        }
        JsonNode song = Json.parse(shown.out());
        JsonNode tasks = song.path("tasks");
        Purchase doubted = new Purchase(
                VendorBooks.tagIn(Json.write(song.path("request"))).orElseThrow(),
                tasks.path(tasks.size() - 1).path("step").asText());
        List<String> made = books.tasks().getOrDefault(doubted, List.of());
        if (made.isEmpty()) {
            resubmitted += commands.camelody("resolve", id, "--resubmit").code() == 0 ? 1 : 0;
        } else {
            found += commands.camelody("resolve", id, "--task-id", made.get(0)).code() == 0 ? 1 : 0;
        }
    }
}
