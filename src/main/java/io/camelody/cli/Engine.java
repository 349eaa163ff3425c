package io.camelody.cli;

import io.camelody.component.SongRuntime;
import io.camelody.component.WorkSettings;
import io.camelody.http.WebServer;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.RouteFiles;
import io.camelody.wiring.BrokenRouteException;
import io.camelody.wiring.Wiring;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.camel.main.Main;
import org.apache.camel.model.Model;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Camel with the routes of a home, working on its ledger. */
final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** The two minutes that a paid call takes at most, and what is written down after it. */
    private static final long SECONDS_OF_A_CALL = 130;

    private final Main main;
    private final SongRuntime runtime;
    private final Wiring wiring;
    private final Optional<WebServer> web;
    private final List<Runnable> afterStop;

    private Engine(Main main, SongRuntime runtime, Wiring wiring, Optional<WebServer> web, List<Runnable> afterStop) {
        this.main = main;
        this.runtime = runtime;
        this.wiring = wiring;
        this.web = web;
        this.afterStop = afterStop;
    }

    private enum Mode {
        LOAD,
        WORK,
        SERVE
    }

    /** @throws BrokenRouteException if a route cannot be loaded or started */
    static Engine start(Workplace place, SongLedger ledger, SongLedger.Scope scope) {
        return start(place, ledger, scope, Mode.WORK);
    }

    /**
     * The same, and watches the inboxes and serves HTTP.
     *
     * @throws io.camelody.http.PortTakenException before any work has begun
     */
    static Engine serve(Workplace place, SongLedger ledger, SongLedger.Scope scope) {
        return start(place, ledger, scope, Mode.SERVE);
    }

    /** Loads every route and starts none. */
    static Engine load(Workplace place, SongLedger ledger) {
        return start(place, ledger, new SongLedger.Scope(false, Optional.empty()), Mode.LOAD);
    }

    private static Engine start(Workplace place, SongLedger ledger, SongLedger.Scope scope, Mode mode) {
        boolean running = mode != Mode.LOAD;
        SongRuntime.Time time = new SongRuntime.Time(ledger.clock(), RandomGenerator.getDefault());
        SongRuntime runtime = new SongRuntime(ledger, scope, place.vendors(), work(place, mode), time);
        Wiring wiring = new Wiring(place.settings(), runtime);
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        place.settings().properties().forEach(main::addInitialProperty);
        main.configure().withName("camelody").withAutoStartup(running);
        List<String> files = places(place, mode);
        place.names().get().demandUniqueIn(files);
        place.names().get().demandCalled();
        main.configure().withRoutesIncludePattern(String.join(",", files));
        wiring.bind(main::bind);
        Ahead.jq().ifPresent(functions -> main.bind("camelodyJq", functions));
        if (mode == Mode.SERVE) {
            place.inboxes().bind(ledger, scope.sandbox(), main::bind);
            main.configure().addRoutesBuilder(place.inboxes().routes());
        }
        List<Runnable> afterStop = new ArrayList<>();
        Optional<WebServer> web = mode == Mode.WORK
                ? Optional.empty()
                : place.http()
                        .map(http -> Web.make(
                                http,
                                runtime,
                                main,
                                mode == Mode.SERVE ? Web.pages(http, place, runtime, main, afterStop) : List.of()));
        Engine engine = new Engine(main, runtime, wiring, web, afterStop);
        if (mode == Mode.SERVE) {
            engine.listen();
        }
        if (running) {
            place.warnings().forEach(LOG::warn);
            wiring.beginWork();
        }
        try {
            main.start();
            web.ifPresent(WebServer::open);
            if (running) {
                wiring.sendNotices(main.getCamelContext());
            }
            return engine;
        } catch (Exception e) {
            engine.close();
            throw new BrokenRouteException(e, place.routes());
        }
    }

    /** Vendors are told to call back only where somebody listens. */
    private static WorkSettings work(Workplace place, Mode mode) {
        return mode == Mode.SERVE && place.http().isPresent()
                ? place.work()
                : place.work().withoutCallbacks();
    }

    private static List<String> places(Workplace place, Mode mode) {
        return place.routes()
                .places(name -> mode == Mode.WORK
                        ? !RouteFiles.isIntake(name)
                        : place.http().isPresent() || !RouteFiles.isHttpIntake(name));
    }

    private void listen() {
        try {
            web.ifPresent(WebServer::listen);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    SongRuntime runtime() {
        return runtime;
    }

    /** Its HTTP server; empty where that is off. */
    Optional<WebServer> web() {
        return web;
    }

    /** What the files of its routes say. */
    Model model() {
        return main.getCamelContext().getCamelContextExtension().getContextPlugin(Model.class);
    }

    boolean hasRoute(String id) {
        return main.getCamelContext().getRoute(id) != null;
    }

    /** The same as {@link #close}, and waits until each paid call that has left is answered. */
    void finish() {
        main.getCamelContext().getShutdownStrategy().setTimeout(SECONDS_OF_A_CALL);
        close();
    }

    /** Takes no more work and waits some seconds for what is under way; the rest is left to the next start. */
    @Override
    public void close() {
        web.ifPresent(server -> Web.shut(server, main));
        wiring.stopNotices();
        main.stop();
        web.ifPresent(WebServer::close);
        wiring.close();
        afterStop.forEach(Runnable::run);
    }
}
