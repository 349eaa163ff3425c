package io.camelody.soak;

import io.camelody.cli.Child;
import io.camelody.cli.Ran;
import io.camelody.sandbox.Sandbox;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.VendorBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The long run: thousands of songs while everything goes wrong at once. A share of all calls meets a trouble, the batch is
 * killed every few seconds and started again, the disk is full and the ledger locked now and then, and an operator resolves
 * and cancels. When the time is up nothing goes wrong any more, and the batch runs to its end. Nothing may be lost then, and
 * nothing bought twice.
 *
 * <p>{@code -Dsoak.songs=500 -Dsoak.minutes=20 -Dsoak.kill-seconds=1} is a short one with some 200 kills;
 * {@code -Dsoak.seed} draws the same troubles again, as far as two processes and a clock allow.
 */
class SongsSoak {

    private static final int SONGS = Integer.getInteger("soak.songs", 10_000);
    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 60));
    private static final Duration KILL = Duration.ofSeconds(Integer.getInteger("soak.kill-seconds", 6));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

    /** The last songs need some time before it is all over. */
    private static final double FED_BY = 0.9;

    private static final double TERMINATED = 0.15;

    /** The others come when it has begun to call vendors, however long this machine takes to start it. */
    private static final double KILLED_EARLY = 0.15;

    /** Of the seconds. */
    private static final double MISHAPS = 0.04;

    private static final int MOST_CALLS = 80;
    private static final Duration TO_STOP = Duration.ofSeconds(20);
    private static final Duration TO_END = Duration.ofMinutes(10);
    private static final Path LOG = Path.of("target", "soak.log");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final Sandbox sandbox = Troubled.vendors();
    private final Weather weather = new Weather(sandbox, SEED);
    private final VendorBooks books = new VendorBooks(sandbox);
    private Place place;
    private Beside beside;
    private Mishaps mishaps;
    private Operator operator;
    private Requests requests;
    private Instant startedAt;
    private Instant toldAt = Instant.EPOCH;
    private Instant lookedAt = Instant.EPOCH;
    private int kills;
    private int terminations;
    private int ends;

    @BeforeEach
    void start() throws IOException {
        place = Place.over(folder, 64 + SONGS / 9);
        Path home = place.outside();
        Files.createDirectories(home.resolve("config"));
        StringBuilder settings = new StringBuilder();
        Troubled.settings(sandbox).forEach((name, value) -> settings.append(name + " = " + value + "\n"));
        Files.writeString(home.resolve("config/application.properties"), settings);
        requests = new Requests(List.of(home.resolve("requests")), SONGS, SEED);
        beside = new Beside(place);
        mishaps = new Mishaps(mishapsHere(), MISHAPS, SEED);
        operator = new Operator(beside, books, SEED);
        sandbox.watch(weather);
        Files.deleteIfExists(LOG);
    }

    private List<Mishap> mishapsHere() {
        Mishap locked = new LockedLedger(beside);
        return place.disk()
                .<List<Mishap>>map(disk -> List.of(locked, new FullDisk(disk, new Random(SEED))))
                .orElse(List.of(locked));
    }

    @AfterEach
    void close() {
        beside.close();
        sandbox.close();
        place.disk().ifPresent(disk -> disk.close());
    }

    @Test
    void nothingIsLostAndNothingIsBoughtTwice() throws Exception {
        System.out.printf("%d songs in %s, a kill about every %s, -Dsoak.seed=%d%n", SONGS, TIME, KILL, SEED);
        startedAt = Instant.now();
        while (share() < 1) {
            if (!mishaps.isOne()) {
                requests.writeUpTo(share() / FED_BY);
            }
            runUntilKilled();
        }
        weather.clearUp();
        mishaps.clearUp();
        requests.writeUpTo(1);
        runToTheEnd();

        try (Remains remains = Remains.ofBatch(place.outside())) {
            Reckoning reckoning = new Reckoning(remains, requests, books);
            print(reckoning);
            reckoning.assertGood(SEED);
        }
    }

    /** Of the time that is over. */
    private double share() {
        return (double) startedAt.until(Instant.now(), ChronoUnit.MILLIS) / TIME.toMillis();
    }

    private void runUntilKilled() throws Exception {
        long before = weather.calls();
        // half of the kills come right after some call, where most is under way
        long calls = random.nextBoolean() ? before + 1 + random.nextInt(MOST_CALLS) : Long.MAX_VALUE;
        long millis = random.nextLong(2 * KILL.toMillis());
        boolean whileItStarts = random.nextDouble() < KILLED_EARLY;
        try (Child child = batch()) {
            Instant until = Instant.now().plusMillis(whileItStarts ? millis : TO_STOP.toMillis());
            boolean works = whileItStarts;
            while (!child.endsWithin(Duration.ofMillis(5))
                    && weather.calls() < calls
                    && Instant.now().isBefore(until)) {
                lookAfter();
                if (!works && weather.calls() > before) {
                    works = true;
                    until = Instant.now().plusMillis(millis);
                }
            }
            if (!child.isAlive()) {
                ends++;
            } else if (random.nextDouble() < TERMINATED) {
                terminations++;
                child.terminate();
                child.await(TO_STOP);
            } else {
                kills++;
                child.kill();
            }
            log(child);
        }
        sandbox.clearFaults();
    }

    private Child batch() throws IOException {
        return Child.run(folder, place.command(Child.command("batch", "requests")));
    }

    private void runToTheEnd() throws Exception {
        Instant most = Instant.now().plus(TO_END);
        do {
            try (Child child = batch()) {
                while (!child.endsWithin(Duration.ofMillis(100))
                        && Instant.now().isBefore(most)) {
                    tell();
                }
                child.terminate();
                child.await(TO_STOP);
                log(child);
            }
        } while (isOpen() && Instant.now().isBefore(most));
    }

    /** A batch ends while vendors are paused, and goes on when it is started again. */
    private boolean isOpen() throws IOException {
        for (String state : new String[] {"accepted", "submitted", "generated"}) {
            Ran ran = beside.camelody("songs", "--state", state, "--json");
            if (ran.code() != 0 || !ran.out().strip().equals("[]")) {
                return true;
            }
        }
        return false;
    }

    private void lookAfter() throws Exception {
        if (lookedAt.plusSeconds(1).isBefore(Instant.now())) {
            lookedAt = Instant.now();
            mishaps.look();
            if (!mishaps.isOne() && Files.exists(place.outside().resolve("data/ledger.db"))) {
                operator.look(requests.good());
            }
        }
        tell();
    }

    private void tell() throws IOException {
        if (toldAt.plusSeconds(10).isBefore(Instant.now())) {
            toldAt = Instant.now();
            System.out.printf(
                    "%4d s: %d requests, %d tasks, %d delivered, %d kills, %d troubles%n",
                    startedAt.until(toldAt, ChronoUnit.SECONDS),
                    requests.good() + requests.bad(),
                    sandbox.tasks().size(),
                    DeliveredSong.delivered(place.outside().resolve("songs")).size(),
                    kills + terminations,
                    weather.struck());
        }
    }

    private static void log(Child child) throws IOException {
        Files.writeString(LOG, child.output() + "----\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void print(Reckoning reckoning) {
        Table table = new Table();
        reckoning.tell(table);
        table.row("kills, SIGKILL", kills);
        table.row("kills, SIGTERM", terminations);
        table.row("runs that ended by themselves", ends);
        table.row("calls", weather.calls());
        table.row("troubles of calls", weather.struck());
        mishaps.tell(table);
        table.row("doubts with a task found", operator.found());
        table.row("doubts submitted again", operator.resubmitted());
        System.out.printf("%n%s%n-Dsoak.seed=%d, the batch's words are in %s%n", table, SEED, LOG);
    }
}
