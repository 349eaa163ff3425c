package io.camelody.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.component.SongRuntime;
import io.camelody.component.WorkListener.Call;
import io.camelody.component.WorkSettings;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Reason;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.ledger.Task;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestSongs;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.ErrorClass;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SongMetersTest {

    private static final SongLedger.Scope REAL = new SongLedger.Scope(false, Optional.empty());
    private static final Duration LEASE = Duration.ofMinutes(20);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private Exposition exposition;
    private SongLedger ledger;
    private SongMeters meters;

    @BeforeEach
    void open() {
        ledger = SongLedger.openForWork(url(), clock);
        exposition = new Exposition(Map.of("data", () -> OptionalLong.of(1_000)));
        WorkSettings work = new WorkSettings(
                LEASE,
                Duration.ofMinutes(5),
                3,
                Duration.ZERO,
                List.of("file"),
                Optional.empty(),
                WebhookSettings.none());
        meters = new SongMeters(
                exposition.registry(),
                new SongRuntime(
                        ledger,
                        REAL,
                        TestVendors.vendors(List.of("foxai", "senseaudio"), Map.of("foxai", List.of("price=0.035"))),
                        work,
                        new SongRuntime.Time(clock, new Random(1))));
    }

    @AfterEach
    void close() {
        exposition.close();
        ledger.close();
    }

    @Test
    void songsAreThereByStateAndVendorFromTheFirstMoment() {
        accept("s1", "foxai");
        accept("s2", "foxai");

        assertThat(value("camelody_songs{state=\"accepted\",vendor=\"foxai\"}")).isEqualTo(2);
        assertThat(value("camelody_songs{state=\"in-doubt\",vendor=\"senseaudio\"}"))
                .isZero();
    }

    @Test
    void theLedgerIsNotCountedForEachScrape() {
        accept("s1", "foxai");
        String songs = "camelody_songs{state=\"accepted\",vendor=\"foxai\"}";
        value(songs);

        accept("s2", "foxai");

        assertThat(value(songs)).as("for some seconds").isEqualTo(1);
        clock.forward(Duration.ofSeconds(6));
        assertThat(value(songs)).isEqualTo(2);
    }

    @Test
    void aQueueIsAsOldAsTheOldestSongThatNobodyWorksOn() {
        accept("s1", "foxai");
        clock.forward(Duration.ofSeconds(90));
        accept("s2", "foxai");
        String age = "camelody_queue_age_seconds{state=\"accepted\",vendor=\"foxai\"}";

        assertThat(value(age)).isEqualTo(90);

        claim("foxai", SongState.ACCEPTED);
        clock.forward(Duration.ofSeconds(10));
        assertThat(value(age)).as("of the one that is left").isEqualTo(10);
    }

    @Test
    void aPausedVendorIsSeenByItsCause() {
        ledger.pauses()
                .pause(new Pause("foxai", "budget", "none left", clock.instant().plusSeconds(60)), false);

        assertThat(value("camelody_vendor_paused{cause=\"budget\",vendor=\"foxai\"}"))
                .isEqualTo(1);
        assertThat(value("camelody_vendor_paused{cause=\"credits\",vendor=\"foxai\"}"))
                .isZero();
    }

    @Test
    void endsAreCountedByReasonAndDeliveriesByTheTimeTheyTook() {
        deliver("s1", Duration.ofSeconds(4));
        fail("s2", Reason.VENDOR_TIMEOUT);

        assertThat(value(ended("delivered", "none"))).isEqualTo(1);
        assertThat(value(ended("failed", "vendor-timeout"))).isEqualTo(1);
        assertThat(value(ended("failed", "task-lost"))).isZero();
        assertThat(value("camelody_delivery_lag_seconds_sum{vendor=\"foxai\"}")).isEqualTo(4);
    }

    @Test
    void aPaidCallThatWasTakenCostsItsPriceAndOneThatFailedNothing() {
        meters.called("foxai", Step.SONG, Call.SUBMIT, Optional.empty(), Duration.ofSeconds(1));
        meters.called("foxai", Step.SONG, Call.SUBMIT, Optional.of(ErrorClass.RATE), Duration.ofSeconds(1));
        meters.called("foxai", Step.SONG, Call.POLL, Optional.empty(), Duration.ofSeconds(1));

        assertThat(value("camelody_cost_dollars_total{vendor=\"foxai\"}")).isEqualTo(0.035);
        assertThat(
                        value(
                                "camelody_vendor_calls_seconds_count{call=\"submit\",outcome=\"rate\",step=\"song\",vendor=\"foxai\"}"))
                .isEqualTo(1);
    }

    @Test
    void writesOfTheLedgerAreTimed() {
        double before = value("camelody_ledger_writes_seconds_count{outcome=\"ok\"}");

        accept("s1", "foxai");

        assertThat(value("camelody_ledger_writes_seconds_count{outcome=\"ok\"}"))
                .isEqualTo(before + 1);
        assertThat(value("camelody_ledger_writes_seconds_count{outcome=\"failed\"}"))
                .isZero();
    }

    @Test
    void aLedgerThatCannotBeWrittenIsSeen() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TRIGGER full BEFORE INSERT ON song BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        }

        assertThatThrownBy(() -> accept("s1", "foxai")).isInstanceOf(LedgerException.class);

        assertThat(value("camelody_ledger_writes_seconds_count{outcome=\"failed\"}"))
                .isEqualTo(1);
    }

    @Test
    void aNameThatIsOnNoListMakesNoNewTag() {
        meters.called("x\" or {y=\"z", Step.SONG, Call.POLL, Optional.empty(), Duration.ofSeconds(1));
        meters.ended("https://elsewhere.example", Duration.ofSeconds(1));
        meters.delivered("a sink of somebody's", true);
        meters.delivered("file", false);

        assertThat(exposition.scrape()).doesNotContain("elsewhere", "somebody", "{y=");
        assertThat(value("camelody_deliveries_total{outcome=\"ok\",sink=\"other\"}"))
                .isEqualTo(1);
        assertThat(value("camelody_deliveries_total{outcome=\"failed\",sink=\"file\"}"))
                .isEqualTo(1);
    }

    @Test
    void everyTagIsFromAClosedList() {
        deliver("a-song-with-an-id", Duration.ofSeconds(1));

        MeterRegistry registry = exposition.registry();
        Set<String> values = registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("camelody."))
                .flatMap(id -> id.getTags().stream())
                .map(Tag::getValue)
                .collect(Collectors.toSet());
        assertThat(values).noneMatch(value -> value.contains("a-song"));
        assertThat(values).contains("foxai", "senseaudio", "delivered", "vendor-timeout", "file", "data");
    }

    @Test
    void aLedgerThatCannotBeReadLeavesTheOtherMetersReadable() {
        ledger.close();

        try (LogLines log = new LogLines()) {
            assertThat(value("camelody_songs{state=\"accepted\",vendor=\"foxai\"}"))
                    .isNaN();
            assertThat(value("camelody_queue_age_seconds{state=\"accepted\",vendor=\"foxai\"}"))
                    .isNaN();
            assertThat(value("camelody_vendor_paused{cause=\"auth\",vendor=\"foxai\"}"))
                    .isNaN();
            assertThat(value("camelody_cost_dollars_total{vendor=\"foxai\"}")).isZero();
            assertThat(log.with("WARN")).isEmpty();
        }
    }

    @Test
    void theProcessAndItsDiskAreThereToo() {
        assertThat(value("camelody_disk_free_bytes{folder=\"data\"}")).isEqualTo(1_000);
        assertThat(exposition.scrape())
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads", "process_uptime_seconds");
    }

    private static String ended(String outcome, String reason) {
        return "camelody_songs_ended_total{outcome=\"%s\",reason=\"%s\",vendor=\"foxai\"}".formatted(outcome, reason);
    }

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }

    private double value(String meter) {
        return exposition
                .scrape()
                .lines()
                .filter(line -> line.startsWith(meter + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(meter.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + meter + " in\n" + exposition.scrape()));
    }

    private void accept(String id, String vendor) {
        ledger.accept(List.of(TestSongs.ofVendor(id, vendor)), false);
    }

    private Claim claim(String vendor, SongState state) {
        return ledger.claims().claimDue(state, vendor, REAL, 1, LEASE).get(0).claim();
    }

    private Claim submitted(String id) {
        accept(id, "foxai");
        Claim claim = claim("foxai", SongState.ACCEPTED);
        ledger.make(new Change.Intended(claim, 1, 35_000));
        ledger.make(new Change.Submitted(
                claim, 1, List.of("t-" + id), clock.instant(), clock.instant().plusSeconds(360)));
        return claim("foxai", SongState.SUBMITTED);
    }

    private void fail(String id, Reason reason) {
        ledger.make(new Change.Failed(submitted(id), reason, "over", List.of(), Task.Outcome.MADE));
    }

    private void deliver(String id, Duration took) {
        ledger.make(new Change.Generated(submitted(id), List.of(), Json.MAPPER.createArrayNode()));
        Claim claim = claim("foxai", SongState.GENERATED);
        clock.forward(took);
        ledger.make(new Change.Delivered(claim, Json.MAPPER.createArrayNode(), List.of()));
    }
}
