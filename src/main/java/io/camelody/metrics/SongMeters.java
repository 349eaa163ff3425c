package io.camelody.metrics;

import io.camelody.component.SongRuntime;
import io.camelody.component.WorkListener;
import io.camelody.ledger.LedgerException;
import io.camelody.ledger.Reason;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongState;
import io.camelody.ledger.Step;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.ErrorClass;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of the work on songs, in whichever registry it is given. It hears of the work as the bean of its type in Camel's
 * registry.
 *
 * <p>Tags come from closed lists: vendors and sinks of the settings, states, reasons, kinds of errors. None is an id, a text of
 * somebody's, or a URL; a name that is on no list is counted as {@code other}. What songs and queues are is read from the
 * ledger; what is counted is counted by this process since it started.
 */
public final class SongMeters implements WorkListener {

    private static final Logger LOG = LoggerFactory.getLogger(SongMeters.class);

    private static final String VENDOR = "vendor";
    private static final String OUTCOME = "outcome";
    private static final String REASON = "reason";
    private static final String OK = "ok";
    private static final String FAILED = "failed";
    private static final String OTHER = "other";
    private static final List<String> PAUSES = List.of("credits", "auth", "budget");
    private static final double MICROS = 1e6;

    private final MeterRegistry registry;
    private final SongRuntime runtime;
    private final Standing standing;

    public SongMeters(MeterRegistry registry, SongRuntime runtime) {
        this.registry = registry;
        this.runtime = runtime;
        this.standing = new Standing(runtime);
        runtime.vendors().names().forEach(this::layOut);
        runtime.settings().sinksInUse().forEach(sink -> Stream.of(OK, FAILED).forEach(each -> deliveries(sink, each)));
        Timer written = writes(OK);
        Timer notWritten = writes(FAILED);
        runtime.ledger().onWrite((took, isWritten) -> (isWritten ? written : notWritten).record(took));
        runtime.ledger().onEnd(this::ended);
    }

    /** What is there from the first moment, at nothing: a rate that begins at one is not seen. */
    private void layOut(String vendor) {
        for (SongState state : SongState.values()) {
            Gauge.builder("camelody.songs", () -> known(() -> standing.songs(state, vendor)))
                    .description("Songs in the ledger, by the vendor that is asked or was asked last.")
                    .tags("state", state.word(), VENDOR, vendor)
                    .register(registry);
        }
        for (SongState state : Standing.queues()) {
            TimeGauge.builder(
                            "camelody.queue.age",
                            () -> known(() -> standing.age(state, vendor).toMillis()),
                            TimeUnit.MILLISECONDS)
                    .description("For how long the oldest song has been due that nobody works on.")
                    .tags("state", state.word(), VENDOR, vendor)
                    .register(registry);
        }
        for (String cause : PAUSES) {
            Gauge.builder("camelody.vendor.paused", () -> known(() -> standing.isPaused(vendor, cause) ? 1 : 0))
                    .description("1 while the vendor is sent no paid calls, for this cause.")
                    .tags(VENDOR, vendor, "cause", cause)
                    .register(registry);
        }
        songsEnded(vendor, SongState.DELIVERED, Optional.empty());
        Arrays.stream(Reason.values()).forEach(reason -> songsEnded(vendor, SongState.FAILED, Optional.of(reason)));
        cost(vendor);
        timer(
                "camelody.vendor.lag",
                "For how long a task may have been over when that was seen, at most.",
                VENDOR,
                vendor);
        timer("camelody.delivery.lag", "From a task's end being seen to all sinks having the song.", VENDOR, vendor);
    }

    /** Nobody knows while the ledger cannot be read. */
    private static double known(DoubleSupplier standing) {
        try {
            return standing.getAsDouble();
        } catch (LedgerException e) {
            LOG.debug("The ledger is not measured: {}", e.getMessage());
            return Double.NaN;
        }
    }

    @Override
    public void called(String vendor, Step step, Call call, Optional<ErrorClass> failure, Duration took) {
        Timer.builder("camelody.vendor.calls")
                .description("Calls to vendors, by what they were for and what came of them.")
                .tags(
                        VENDOR,
                        known(vendor),
                        "step",
                        step.word(),
                        "call",
                        call.name().toLowerCase(Locale.ROOT))
                .tag(OUTCOME, failure.map(ErrorClass::word).orElse(OK))
                .serviceLevelObjectives(seconds(0.1, 0.5, 1, 5, 30, 120))
                .register(registry)
                .record(took);
        if (call == Call.SUBMIT && failure.isEmpty()) {
            runtime.vendors().find(vendor).map(VendorSettings::price).ifPresent(price -> cost(vendor)
                    .increment(price / MICROS));
        }
    }

    @Override
    public void ended(String vendor, Duration lag) {
        timer("camelody.vendor.lag", "", VENDOR, known(vendor)).record(lag);
    }

    @Override
    public void delivered(String sink, boolean took) {
        boolean isKnown = runtime.settings().sinksInUse().contains(sink);
        deliveries(isKnown ? sink : OTHER, took ? OK : FAILED).increment();
    }

    private void ended(String songId) {
        try {
            runtime.ledger().catalog().find(songId).ifPresent(this::ended);
        } catch (LedgerException e) {
            LOG.debug("An end was not counted: {} (song: {})", e.getMessage(), songId);
        }
    }

    private void ended(Song song) {
        String vendor = known(song.stepVendor());
        songsEnded(vendor, song.state(), song.reason()).increment();
        if (song.state() == SongState.DELIVERED && song.generatedAt().isPresent()) {
            Duration lag =
                    Duration.between(song.generatedAt().get(), song.finishedAt().orElseThrow());
            timer("camelody.delivery.lag", "", VENDOR, vendor).record(lag);
        }
    }

    private Counter songsEnded(String vendor, SongState outcome, Optional<Reason> reason) {
        return Counter.builder("camelody.songs.ended")
                .description("Songs that this process has seen to their end.")
                .tags(
                        VENDOR,
                        vendor,
                        OUTCOME,
                        outcome.word(),
                        REASON,
                        reason.map(Reason::word).orElse("none"))
                .register(registry);
    }

    private Counter cost(String vendor) {
        return Counter.builder("camelody.cost.dollars")
                .description("Paid calls that vendors have taken from this process, by the prices in the settings.")
                .tag(VENDOR, vendor)
                .register(registry);
    }

    private Counter deliveries(String sink, String outcome) {
        return Counter.builder("camelody.deliveries")
                .description("Songs given to sinks, each try of each sink.")
                .tags("sink", sink, OUTCOME, outcome)
                .register(registry);
    }

    private Timer writes(String outcome) {
        return Timer.builder("camelody.ledger.writes")
                .description("Writes to the ledger, with the wait for the disk and for others who write.")
                .tag(OUTCOME, outcome)
                .serviceLevelObjectives(seconds(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 10))
                .register(registry);
    }

    private Timer timer(String name, String description, String... tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(seconds(1, 5, 10, 30, 60, 300))
                .register(registry);
    }

    private static Duration[] seconds(double... bounds) {
        return Arrays.stream(bounds)
                .mapToObj(bound -> Duration.ofMillis((long) (bound * 1000)))
                .toArray(Duration[]::new);
    }

    private String known(String vendor) {
        return runtime.vendors().names().contains(vendor) ? vendor : OTHER;
    }
}
