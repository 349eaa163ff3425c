package io.camelody.component;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.SongRequest;
import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Planner;
import io.camelody.vendor.Vendors;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What the {@code song:} endpoints work with: those of one Camel context, or of several. */
public final class SongRuntime {

    /** Where time and chance come from. */
    public record Time(Clock clock, RandomGenerator random) {}

    private final SongLedger ledger;
    private final SongLedger.Scope scope;
    private final Vendors vendors;
    private final WorkSettings settings;
    private final Time time;
    private final List<Consumer<String>> losing = new CopyOnWriteArrayList<>();
    private Announcer announcer;

    /** @param scope which songs of the ledger this process takes */
    public SongRuntime(SongLedger ledger, SongLedger.Scope scope, Vendors vendors, WorkSettings settings, Time time) {
        this.ledger = ledger;
        this.scope = scope;
        this.vendors = vendors;
        this.settings = settings;
        this.time = time;
    }

    public SongLedger ledger() {
        return ledger;
    }

    public SongLedger.Scope scope() {
        return scope;
    }

    public Vendors vendors() {
        return vendors;
    }

    public WorkSettings settings() {
        return settings;
    }

    public Time time() {
        return time;
    }

    /**
     * Calls {@code losing} with the id of each song whose claim was lost while this process delivered it. The song may have ended
     * elsewhere, be another's to deliver, or wait as this process has written down without hearing so.
     */
    public void onLost(Consumer<String> losing) {
        this.losing.add(losing);
    }

    void lost(String songId) {
        losing.forEach(each -> each.accept(songId));
    }

    /** One for all who listen: an end counts as told once. */
    synchronized Announcer announcer() {
        if (announcer == null) {
            announcer = new Announcer(this);
        }
        return announcer;
    }

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
