package io.camelody.soak;

import static org.awaitility.Awaitility.await;

import io.camelody.cli.Nodes;
import io.camelody.cli.Ran;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.Sandbox;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.Follower;
import io.camelody.testkit.RestartedPostgres;
import io.camelody.testkit.VendorBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The long run on several nodes: five processes on one PostgreSQL, fed by drop folders, in the same weather as {@link SongsSoak}. Nodes
 * are killed, terminated, or stopped until their songs are others'; the database goes down in good order and in none. When the time is
 * up all goes well again, and what is left ends by itself, by leases that run out.
 *
 * <p>{@code -Dsoak.minutes}, {@code -Dsoak.songs} and {@code -Dsoak.seed} are those of {@code SongsSoak}.
 */
class NodesSoak {

    private static final int NODES = Integer.getInteger("soak.nodes", 5);
    private static final int SONGS = Integer.getInteger("soak.songs", 10_000);
    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 60));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

    /** The last songs need some time before it is all over. */
    private static final double FED_BY = 0.9;

    /** Of the seconds. */
    private static final double MISHAPS = 0.2;

    private static final Duration TO_END = Duration.ofMinutes(15);
    private static final Path LOG = Path.of("target", "nodes-soak.log");

    private static final Set<SongState> OPEN = EnumSet.of(SongState.ACCEPTED, SongState.SUBMITTED, SongState.GENERATED);

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Troubled.vendors();
    private final Weather weather = new Weather(sandbox, SEED);
    private final VendorBooks books = new VendorBooks(sandbox);
    private RestartedPostgres postgres;
    private SongLedger ledger;
    private Follower follower;
    private Nodes nodes;
    private Mishaps mishaps;
    private Operator operator;
    private Requests requests;
    private Instant startedAt;
    private Instant toldAt = Instant.EPOCH;

    @BeforeEach
    void start() throws IOException {
        postgres = RestartedPostgres.start(folder.resolve("postgres"));
        SongLedger.openForWork(postgres.url(), Clock.systemUTC()).close();
        ledger = SongLedger.openBeside(postgres.url(), Clock.systemUTC());
        follower = new Follower(ledger);
        Map<String, String> settings = new TreeMap<>(Troubled.settings(sandbox));
        // the shortest that there may be: in the end they run out by themselves
        settings.put("camelody.ledger.lease", "150s");
        nodes = new Nodes(folder, postgres, settings);
        nodes.start(NODES);
        mishaps = new Mishaps(NodeMishaps.of(nodes, postgres, new Random(SEED)), MISHAPS, SEED);
        operator = new Operator(this::camelody, books, SEED);
        requests = new Requests(homes("inbox"), SONGS, SEED);
        sandbox.watch(weather);
    }

    private List<Path> homes(String within) {
        return IntStream.range(0, NODES)
                .mapToObj(node -> nodes.home(node).resolve(within))
                .toList();
    }

    private Ran camelody(String... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", folder));
        postgres.settings().forEach((name, value) -> all.addAll(List.of("--property", name + "=" + value)));
        return Ran.camelody(all.toArray());
    }

    @AfterEach
    void close() throws IOException {
        Files.writeString(LOG, nodes.output());
        nodes.close();
        follower.close();
        ledger.close();
        postgres.close();
        sandbox.close();
    }

    @Test
    void nothingIsLostAndNothingIsBoughtTwice() throws Exception {
        System.out.printf("%d songs in %s on %d nodes, -Dsoak.seed=%d%n", SONGS, TIME, NODES, SEED);
        startedAt = Instant.now();
        while (share() < 1) {
            requests.writeUpTo(share() / FED_BY);
            mishaps.look();
            if (!mishaps.isOne()) {
                operator.look(requests.good());
            }
            tell();
            // so many mishaps of the seconds
            TimeUnit.SECONDS.sleep(1);
        }
        weather.clearUp();
        mishaps.clearUp();
        requests.writeUpTo(1);
        await().atMost(TO_END)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(this::hasEverySongEnded);
        // a node still has clips of a song whose next try was another's until it starts again
        nodes.restart();

        Remains remains = new Remains(ledger, nodes.songs(), homes("inbox/rejected"), homes("data/audio"));
        Reckoning reckoning = new Reckoning(remains, requests, books);
        print(reckoning);
        reckoning.assertGood(SEED);
        follower.assertThatItMissedNothing();
    }

    private double share() {
        return (double) startedAt.until(Instant.now(), ChronoUnit.MILLIS) / TIME.toMillis();
    }

    private boolean hasEverySongEnded() throws IOException {
        tell();
        Map<SongState, Integer> counts = new TreeMap<>();
        ledger.catalog()
                .countByVendor(false)
                .values()
                .forEach(each -> each.forEach((state, count) -> counts.merge(state, count, Integer::sum)));
        return counts.values().stream().mapToInt(Integer::intValue).sum() == requests.good()
                && counts.keySet().stream().noneMatch(OPEN::contains);
    }

    private void tell() throws IOException {
        if (toldAt.plusSeconds(10).isBefore(Instant.now())) {
            toldAt = Instant.now();
            System.out.printf(
                    "%4d s: %d requests, %d tasks, %d delivered, %d mishaps, %d troubles%n",
                    startedAt.until(toldAt, ChronoUnit.SECONDS),
                    requests.good() + requests.bad(),
                    sandbox.tasks().size(),
                    DeliveredSong.delivered(nodes.songs()).size(),
                    mishaps.count(),
                    weather.struck());
        }
    }

    private void print(Reckoning reckoning) {
        Table table = new Table();
        reckoning.tell(table);
        mishaps.tell(table);
        table.row("calls", weather.calls());
        table.row("troubles of calls", weather.struck());
        table.row("doubts with a task found", operator.found());
        table.row("doubts submitted again", operator.resubmitted());
        System.out.printf("%n%s%n-Dsoak.seed=%d, the nodes' words are in %s%n", table, SEED, LOG);
    }
}
