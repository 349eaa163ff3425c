package io.camelody.cli;

import io.camelody.http.PortTakenException;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.BadSettingsException;
import io.camelody.wiring.BrokenRouteException;
import java.io.PrintWriter;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The engine of {@code camelody run --dev}: a new one each time that route files or settings of the home have changed.
 *
 * <p>A change is loaded beside the engine that runs, and takes its place only where it loads; else what is wrong is
 * said, and all goes on as before. The old engine takes no more work, hears the answer of each call that has left, and is
 * gone before the new one starts: no song is worked on by two. Camel's own reloading removes all routes before it reads the new
 * ones, and knows neither the inboxes nor new vendors.
 */
final class LiveEngine implements AutoCloseable {

    private final Supplier<Workplace> read;
    private final SongLedger ledger;
    private final Function<Workplace, Engine> start;
    private final PrintWriter err;
    private final HomeFiles files;
    private Workplace place;
    private Engine engine;
    private boolean isDue;
    private String trouble = "";
    private boolean closed;

    /**
     * @param read the home as it is now
     * @param start starts an engine, for which nobody listens to the ledger yet
     */
    LiveEngine(Supplier<Workplace> read, SongLedger ledger, Function<Workplace, Engine> start, PrintWriter err) {
        this.read = read;
        this.ledger = ledger;
        this.start = start;
        this.err = err;
        this.place = read.get();
        this.files = new HomeFiles(place.home());
        this.engine = start.apply(place);
    }

    synchronized Workplace place() {
        return place;
    }

    /**
     * Looks whether the home has changed since the look before, and has stood still since then. Trouble that may pass, such as a
     * full disk, is told once and tried again at the next look.
     */
    synchronized void look() {
        if (closed) {
            return;
        }
        try {
            isDue |= files.haveChanged();
            if (isDue) {
                reload();
            }
            isDue = false;
            trouble = "";
        } catch (RuntimeException e) {
            if (!trouble.equals(e.toString())) {
                trouble = e.toString();
                tell("Not reloaded, and tried again: %s".formatted(trouble));
            }
        }
    }

    private void reload() {
        Workplace changed;
        try {
            changed = read.get();
            Engine.load(changed, ledger).close();
        } catch (BadSettingsException | BrokenRouteException e) {
            tell("Not reloaded, and all goes on as before: %s".formatted(e.getMessage()));
            return;
        }
        engine.finish();
        ledger.forgetListeners();
        try {
            engine = start.apply(changed);
            place = changed;
            tell("Reloaded.");
        } catch (PortTakenException | BrokenRouteException e) {
            tell("Nothing runs until this is mended: %s".formatted(e.getMessage()));
        }
    }

    private void tell(String what) {
        err.println(what);
        err.flush();
    }

    @Override
    public synchronized void close() {
        closed = true;
        engine.close();
    }
}
