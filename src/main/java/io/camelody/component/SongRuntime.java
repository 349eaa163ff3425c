package io.camelody.component;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Planner;
import io.camelody.vendor.Vendors;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the {@code song:} endpoints of one Camel context work with.
 *
 * @param scope which songs of the ledger this process takes
 */
public record SongRuntime(
        SongLedger ledger, SongLedger.Scope scope, Vendors vendors, WorkSettings settings, Time time) {

    /** Where time and chance come from. */
    public record Time(Clock clock, RandomGenerator random) {}

    /** Decides who makes a song. */
    Planner planner() {
        return new Planner(vendors, settings.sinks());
    }

    VendorSettings vendor(String name) {
        return vendors.find(name)
                .orElseThrow(() -> new IllegalStateException(
                        "The ledger has a song of vendor %s, which has no file in routes/vendors.".formatted(name)));
    }

    /** How long a task of a song may take from now on; empty if its vendor has no file any more. */
    public Optional<Duration> timeout(Song song) {
        return new SongRequest(song.request()).timeout().or(() -> vendors.find(song.stepVendor())
                .map(VendorSettings::timeout));
    }

    Clock clock() {
        return time.clock();
    }

    /** Whether this process works on songs of the sandbox. */
    public boolean sandbox() {
        return scope.sandbox();
    }
}
