package io.camelody.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Nodes;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.HeardCall;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.sandbox.Watcher.Moment;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.RestartedPostgres;
import io.camelody.testkit.TestSongs;
import io.camelody.testkit.VendorBooks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many songs three nodes make beside one, on one PostgreSQL.
 *
 * <p>On a machine of two processors three processes that calculate are no quicker than one, and nodes are not there for that: what
 * limits one at real vendors is how many calls and downloads it has under way ({@code camelody.work.*}), and what those wait
 * for. So here each paid call and each download takes two seconds, as it may out there, the lanes are those of the shipped settings, and
 * processors and database have little to do, which the figures beside it show. What is left to be seen is what nodes cost each
 * other: the lock of the common pace, the lock of the events, the songs that two of them look for at a time, and the waking.
 *
 * <p>All work off one queue of songs, first one node and then three, and each time it is counted what was delivered while all lanes
 * were in use. A song that is made twice or lost fails it.
 */
class NodesBench {

    /** At the middle; a half shorter or longer, so that the lanes do not go in step. */
    private static final Duration CALL = Duration.ofSeconds(2);

    private static final int SONGS = Integer.getInteger("bench.nodes-songs", 2_000);
    private static final Duration COUNTED = Duration.ofSeconds(Integer.getInteger("bench.nodes-seconds", 40));
    private static final int NODES = 3;

    /** Songs that each node has delivered before anything is counted. */
    private static final int WARM = 16;

    @RegisterExtension
    private static final Figures FIGURES = new Figures();

    @TempDir
    private Path folder;

    /** What was used and made in a stretch of time. */
    private record Made(double songs, double seconds, Duration nodes, Duration database) {

        double aSecond() {
            return songs / seconds;
        }

        String processorTime() {
            return "nodes %s, database %s ms a song"
                    .formatted(Figures.number(nodes.toMillis() / songs), Figures.number(database.toMillis() / songs));
        }
    }

    @Test
    void threeNodesMakeMoreSongsThanOne() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.defaults()
                        .withLatency(Duration.ofSeconds(2))
                        .withAudioBytes(40_000));
                RestartedPostgres postgres = RestartedPostgres.start(folder.resolve("postgres"));
                Nodes nodes = new Nodes(folder, postgres, settings(sandbox))) {
            sandbox.watch(NodesBench::takeLong);
            SongLedger.openForWork(postgres.url(), Clock.systemUTC()).close();
            try (SongLedger ledger = SongLedger.openBeside(postgres.url(), Clock.systemUTC())) {
                accept(ledger);
                nodes.start(1);
                Made one = count(ledger, nodes, postgres);
                nodes.start(NODES - 1);
                Made three = count(ledger, nodes, postgres);
                assertThatNoneIsLostOrMadeTwice(ledger, nodes, sandbox);
                FIGURES.add("songs of one node", Figures.number(one.aSecond()) + "/s", one.processorTime());
                FIGURES.add("songs of three nodes", Figures.number(three.aSecond()) + "/s", three.processorTime());
                FIGURES.atLeast(
                        2.5,
                        "three nodes against one",
                        three.aSecond() / one.aSecond(),
                        " times",
                        "each call and download takes %s s".formatted(Figures.number(CALL.toMillis() / 1e3)));
            }
        }
    }

    private static Map<String, String> settings(Sandbox sandbox) {
        Map<String, String> settings = new TreeMap<>(sandbox.settings());
        settings.put("camelody.foxai.submit-rate", "1000");
        settings.put("camelody.foxai.max-running", "10000");
        return settings;
    }

    private static void takeLong(Moment moment, Call kind, HeardCall call) {
        if (moment == Moment.READ && (kind == Call.SUBMIT || kind == Call.AUDIO)) {
            try {
                // a vendor that takes its time
                TimeUnit.MILLISECONDS.sleep(
                        ThreadLocalRandom.current().nextLong(CALL.toMillis() / 2, CALL.toMillis() * 3 / 2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void accept(SongLedger ledger) {
        ledger.accept(
                IntStream.range(0, SONGS)
                        .mapToObj(VendorBooks::tag)
                        .map(tag -> TestSongs.song(
                                tag, Json.object().put("id", tag).put("prompt", tag + ", a slow waltz for two voices")))
                        .toList(),
                false);
    }

    private static Made count(SongLedger ledger, Nodes nodes, RestartedPostgres postgres)
            throws IOException, InterruptedException {
        await().atMost(Nodes.LONG).until(() -> {
            boolean areWarm = true;
            for (int node = 0; node < nodes.size(); node++) {
                areWarm &= nodes.delivered(node).size() >= WARM;
            }
            return areWarm;
        });
        int before = delivered(ledger);
        Duration nodesBefore = nodes.processorTime();
        Duration databaseBefore = postgres.processorTime();
        long start = System.nanoTime();
        // time is what is measured
        TimeUnit.NANOSECONDS.sleep(COUNTED.toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        int made = delivered(ledger) - before;
        assertThat(states(ledger)).as("songs are left to be made").containsKey(SongState.ACCEPTED);
        return new Made(
                made,
                seconds,
                nodes.processorTime().minus(nodesBefore),
                postgres.processorTime().minus(databaseBefore));
    }

    private static int delivered(SongLedger ledger) {
        return states(ledger).getOrDefault(SongState.DELIVERED, 0);
    }

    private static Map<SongState, Integer> states(SongLedger ledger) {
        return ledger.catalog().countByVendor(false).getOrDefault("foxai", Map.of());
    }

    private static void assertThatNoneIsLostOrMadeTwice(SongLedger ledger, Nodes nodes, Sandbox sandbox)
            throws Exception {
        nodes.close();
        assertThat(states(ledger).values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(SONGS);
        assertThat(new VendorBooks(sandbox).tasks())
                .allSatisfy((purchase, tasks) -> assertThat(tasks).hasSize(1));
        assertThat(DeliveredSong.delivered(nodes.songs())).hasSizeGreaterThanOrEqualTo(delivered(ledger));
    }
}
