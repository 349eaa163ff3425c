package io.camelody.cli;

import static io.camelody.cli.Nodes.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.cli.Nodes.Caller;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongCatalog.Cursor;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.sandbox.Fault.Call;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.sandbox.Watcher.Moment;
import io.camelody.testkit.DeliveredSong;
import io.camelody.testkit.Follower;
import io.camelody.testkit.HeldCall;
import io.camelody.testkit.RestartedPostgres;
import io.camelody.testkit.VendorBooks;
import io.camelody.testkit.VendorBooks.Purchase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes, one ledger in PostgreSQL, 2,000 songs; while songs are in every state nodes are killed at each kind of call and
 * others started in their place, nodes are stopped in the middle of each kind of call until another has ended its song, and woken
 * with the answer and a claim that is lost, and the database goes down in good order, and in none with commits of which nobody heard.
 */
class NodesIT {

    /** Whose songs are one clip, so that there is time for more of them. */
    private static final String VENDOR = "senseaudio";

    private static final int NODES = 3;
    private static final int SONGS = Integer.getInteger("nodes.songs", 2_000);

    /** A minute on two processors that do nothing else; less than a lease, so that nothing is saved by its end. */
    private static final Duration TO_END = Duration.ofMinutes(4);

    /** In which the songs come, so that each mishap has some. */
    private static final int WAVES = 20;

    private static final Set<SongState> OPEN = EnumSet.of(SongState.ACCEPTED, SongState.SUBMITTED, SongState.GENERATED);

    /** Doubts that end by themselves are those of a call whose answer came after all. */
    private static final String LIFE = "accepted( in-doubt( accepted)?)? submitted( streaming)? generated delivered";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(500)).withAudioBytes(12_000));
    private final VendorBooks books = new VendorBooks(sandbox);
    private final Set<String> mayBeInDoubt = new HashSet<>();
    private final Set<String> resubmitted = new HashSet<>();
    private RestartedPostgres postgres;
    private Nodes nodes;
    private SongLedger ledger;
    private Follower follower;
    private int songs;

    @BeforeEach
    void start() throws Exception {
        postgres = RestartedPostgres.start(folder.resolve("postgres"));
        SongLedger.openForWork(postgres.url(), Clock.systemUTC()).close();
        ledger = SongLedger.openBeside(postgres.url(), Clock.systemUTC());
        follower = new Follower(ledger);
        nodes = Nodes.talkative(folder, postgres, settings());
        nodes.start(NODES);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody." + VENDOR + ".submit-rate", "150");
        settings.put("camelody.ledger.lease", "15m");
        settings.put("camelody.tags", "off");
        settings.put("camelody." + VENDOR + ".poll-first-after", "700ms");
        return settings;
    }

    @AfterEach
    void close() throws Exception {
        nodes.close();
        follower.close();
        ledger.close();
        postgres.close();
        sandbox.close();
    }

    @Test
    void everySongEndsOnceAndIsBoughtOnceWhateverBecomesOfNodesAndDatabase() throws Exception {
        kill(Call.SUBMIT, Moment.READ);
        // before the database was away: after that nobody is in doubt for half a minute
        stop(Call.SUBMIT, Moment.READY);
        goDown(postgres::restart);
        kill(Call.POLL, Moment.READ);
        stop(Call.AUDIO, Moment.READ);
        // whoever waits has the lock by which events are numbered, so nobody else may come as far
        goDown(() -> postgres.crashOverCommits(1));
        kill(Call.SUBMIT, Moment.READY);
        stop(Call.POLL, Moment.READ);
        kill(Call.AUDIO, Moment.READ);
        while (songs < SONGS) {
            accept();
        }
        awaitEnds();
        resolveDoubts();

        assertThatEachSongWasDeliveredOnce();
        assertThatWhoFollowedMissedNothing();
        assertThat(IntStream.range(0, NODES)).allMatch(nodes::isAlive);
    }

    private record Held(HeldCall call, Caller caller) implements AutoCloseable {

        @Override
        public void close() {
            call.close();
        }
    }

    private void kill(Call kind, Moment moment) throws Exception {
        accept();
        try (Held held = hold(kind, moment)) {
            int node = held.caller().node();
            mayBeInDoubt.addAll(nodes.kill(node));
            nodes.replace(node);
            if (moment == Moment.READ) {
                held.call().cutOff();
            }
        }
    }

    /** Until another has ended the song of its call; then it has the answer, a change to make, and a claim that is lost. */
    private void stop(Call kind, Moment moment) throws Exception {
        accept();
        Caller caller;
        try (Held held = hold(kind, moment)) {
            caller = held.caller();
            nodes.stop(caller.node());
        }
        await().atMost(LONG).ignoreExceptions().until(() -> hasEnded(caller.song()));
        nodes.wake(caller.node());
        await("the node finds its claim lost").atMost(LONG).until(() -> nodes.hasLost(caller));
        Path clips = nodes.home(caller.node()).resolve("data/audio").resolve(caller.song());
        await("it clears up").atMost(LONG).until(() -> Files.notExists(clips));
    }

    /** Where it is in doubt, an operator comes to its help. */
    private boolean hasEnded(String id) {
        Song song = ledger.catalog().find(id).orElseThrow();
        if (song.state() == SongState.IN_DOUBT) {
            resolve(song);
        }
        return song.state().isFinal();
    }

    /** While a paid call has been taken, and others are written down. */
    private void goDown(Down down) throws Exception {
        // one that starts without it gives up
        nodes.awaitStarted();
        accept();
        try (HeldCall held = new HeldCall(sandbox, Call.SUBMIT, Moment.READY)) {
            await().atMost(LONG).until(held::isThere);
            down.andUpAgain();
        }
    }

    private interface Down {
        void andUpAgain() throws Exception;
    }

    /** The next call of a song that a node has claimed: of one in flight, which a node asks about by itself, nobody knows whose it is. */
    private Held hold(Call kind, Moment moment) {
        while (true) {
            HeldCall held = new HeldCall(sandbox, kind, moment);
            await().atMost(LONG).until(held::isThere);
            Optional<Caller> caller = nodes.calling(held.call());
            if (caller.isPresent()) {
                return new Held(held, caller.get());
            }
            held.close();
        }
    }

    private void accept() {
        int part = Math.min(SONGS - songs, SONGS / WAVES + 1);
        ledger.accept(
                IntStream.range(songs, songs + part)
                        .mapToObj(VendorBooks::tag)
                        .map(tag -> new NewSong(
                                tag,
                                VENDOR,
                                Optional.empty(),
                                Json.object()
                                        .put("id", tag)
                                        .put("lyrics", tag + " counts")
                                        .put("style", "waltz"),
                                List.of(),
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty()))
                        .toList(),
                false);
        songs += part;
    }

    private Map<SongState, Integer> states() {
        return ledger.catalog().countByVendor(false).getOrDefault(VENDOR, Map.of());
    }

    private void awaitEnds() {
        await().atMost(TO_END).ignoreExceptions().until(() -> states().keySet().stream()
                .noneMatch(OPEN::contains));
    }

    /** As an operator would, who looks each up at the vendor. */
    private void resolveDoubts() {
        List<Song> inDoubt =
                ledger.catalog().page(Optional.of(SongState.IN_DOUBT), Optional.empty(), Cursor.START, SONGS);
        assertThat(inDoubt).extracting(Song::id).isSubsetOf(mayBeInDoubt);
        inDoubt.forEach(this::resolve);
        awaitEnds();
    }

    /** By what the vendor has of it. */
    private void resolve(Song song) {
        List<String> tasks = books.tasks().getOrDefault(new Purchase(song.id(), "song"), List.of());
        if (tasks.isEmpty()) {
            resubmitted.add(song.id());
            ledger.steering().resolveByResubmit(song.id());
        } else {
            ledger.steering().resolveAsTask(song.id(), tasks.get(0), LONG);
        }
    }

    private void assertThatEachSongWasDeliveredOnce() throws Exception {
        assertThat(states()).isEqualTo(Map.of(SongState.DELIVERED, SONGS));
        assertThat(nodes.delivered()).doesNotHaveDuplicates();
        assertThat(books.tasks()).hasSize(SONGS).allSatisfy((purchase, tasks) -> assertThat(tasks)
                .hasSize(1));
        assertThat(books.submits()).allSatisfy((purchase, calls) -> assertThat(calls)
                .isLessThanOrEqualTo(resubmitted.contains(purchase.tag()) ? 2 : 1));
        assertThat(DeliveredSong.delivered(nodes.songs())).hasSize(SONGS);
        for (int i = 0; i < SONGS; i++) {
            String tag = VendorBooks.tag(i);
            assertThat(new DeliveredSong(nodes.songs().resolve(tag)).flaw())
                    .as(tag)
                    .isEmpty();
        }
        assertThat(sandbox.violations()).isEmpty();
    }

    private void assertThatWhoFollowedMissedNothing() {
        assertThat(Follower.lives(follower.assertThatItMissedNothing()))
                .hasSize(SONGS)
                .allSatisfy((song, life) -> assertThat(life).matches(LIFE));
    }
}
