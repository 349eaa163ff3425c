package io.camelody.component;

import io.camelody.ledger.BudgetReachedException;
import io.camelody.ledger.Change;
import io.camelody.ledger.ClaimedSong;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.ErrorClass;
import io.camelody.vendor.VendorError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps paid calls from a vendor that would take none of them for a while: its credits are used up, its key is refused, or the
 * budget is reached. Songs that another vendor may make go on to it meanwhile. Thread-safe.
 */
final class Pauses {

    private static final Logger LOG = LoggerFactory.getLogger(SubmitConsumer.class);

    private static final int MOVED_AT_ONCE = 100;

    private final SongRuntime runtime;
    private final Recorder recorder;
    private final NextVendor nextVendor;

    Pauses(SongRuntime runtime, Recorder recorder, NextVendor nextVendor) {
        this.runtime = runtime;
        this.recorder = recorder;
        this.nextVendor = nextVendor;
    }

    /** When the vendor's pause ends; empty if it has none. Until then its songs do not wait where another one may take them. */
    Optional<Instant> end(VendorSettings vendor) {
        Optional<Pause> pause = runtime.ledger().pauses().of(vendor.name(), runtime.sandbox());
        pause.ifPresent(lasting -> moveOn(vendor, lasting));
        return pause.map(Pause::until);
    }

    private void moveOn(VendorSettings vendor, Pause pause) {
        List<ClaimedSong> movable = runtime.ledger()
                .claims()
                .claimMovable(
                        vendor.name(),
                        runtime.scope(),
                        MOVED_AT_ONCE,
                        runtime.settings().lease());
        recorder.makeAll(movable.stream()
                .map(claimed -> nextVendor.whilePaused(claimed, pause).orElse(new Change.Released(claimed.claim())))
                .toList());
    }

    /** Begins one if the vendor's error says that the next call would fare no better. */
    void after(VendorSettings vendor, VendorError error) {
        if (error.errorClass() != ErrorClass.CREDITS && error.errorClass() != ErrorClass.AUTH) {
            return;
        }
        Duration least = runtime.settings().vendorPause();
        Duration pause =
                error.retryAfter().filter(asked -> asked.compareTo(least) > 0).orElse(least);
        String what = error.errorClass() == ErrorClass.AUTH
                ? "%s refused the key (%s). Check %s.".formatted(vendor.name(), error.message(), vendor.keyName())
                : "%s has no credits left (%s).".formatted(vendor.name(), error.message());
        begin(vendor, error.errorClass().word(), what, runtime.clock().instant().plus(pause));
    }

    /** Begins one until the budget has room again, and has the song wait as it did. */
    void after(VendorSettings vendor, ClaimedSong claimed, BudgetReachedException reached) {
        LOG.warn("{} (vendor: {})", reached.getMessage(), vendor.name());
        Instant until = reached.until()
                .orElseGet(
                        () -> runtime.clock().instant().plus(runtime.settings().vendorPause()));
        try {
            begin(vendor, "budget", reached.getMessage(), until);
        } finally {
            recorder.make(new Change.Released(claimed.claim()));
        }
    }

    private void begin(VendorSettings vendor, String why, String what, Instant until) {
        runtime.ledger().pauses().pause(new Pause(vendor.name(), why, what, until), runtime.sandbox());
    }
}
