package io.camelody.cli;

import io.camelody.audio.AudioFetcher;
import io.camelody.audio.SongAudio;
import io.camelody.component.SongRuntime;
import io.camelody.component.WorkSettings;
import io.camelody.http.WebServer;
import io.camelody.intake.Inbox;
import io.camelody.intake.SettledFiles;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.outgoing.OutgoingHttp;
import io.camelody.settings.WebhookSettings;
import io.camelody.sink.Deliveries;
import io.camelody.sink.Delivery;
import io.camelody.sink.FolderSink;
import io.camelody.sink.FreshAnswer;
import io.camelody.sink.S3Settings;
import io.camelody.sink.S3Sink;
import io.camelody.sink.S3Store;
import io.camelody.vendor.CallWatch;
import io.camelody.vendor.HttpErrors;
import io.camelody.vendor.TaskAnswer;
import io.camelody.vendor.VendorHttp;
import io.camelody.webhook.NoticeSender;
import io.camelody.webhook.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Camel with the routes of a home, working on its ledger. */
final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** The two minutes that a paid call takes at most, and what is written down after it. */
    private static final long SECONDS_OF_A_CALL = 130;

    private final Main main;
    private final SongRuntime runtime;
    private final Optional<WebServer> web;
    private final List<Runnable> afterStop;
    private Optional<NoticeSender> notices = Optional.empty();

    private Engine(Main main, SongRuntime runtime, Optional<WebServer> web, List<Runnable> afterStop) {
        this.main = main;
        this.runtime = runtime;
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
        AudioFetcher fetcher = new AudioFetcher(place.addresses(), place.fetch());
        SongAudio audio = new SongAudio(fetcher, place.stage(), TaskAnswer::hasEndedBadly, place.finish());
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        place.properties().forEach(main::addInitialProperty);
        main.configure().withName("camelody").withAutoStartup(running);
        main.configure().withRoutesIncludePattern(String.join(",", places(place, mode)));
        main.bind("camelodyRuntime", runtime);
        main.bind("camelodyDelivery", new Delivery(audio, ledger.clock()));
        main.bind("camelodyDeliveries", new Deliveries());
        main.bind("camelodyFreshAnswer", new FreshAnswer());
        main.bind("camelodyFileSink", new FolderSink(place.songs(), place.stage()));
        List<Runnable> afterStop = new ArrayList<>();
        place.s3().ifPresent(s3 -> bindS3(main, s3, afterStop));
        main.bind("camelodyWebhook", webhook(place));
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        main.bind("camelodyVendorHttp", new VendorHttp());
        main.bind("camelodyCallWatch", new CallWatch());
        if (mode == Mode.SERVE) {
            main.bind("camelodyInbox", new Inbox(ledger, scope.sandbox()));
            main.bind("camelodySettledFiles", new SettledFiles(Clock.systemUTC()));
            main.configure().addRoutesBuilder(inboxes(place));
        }
        Optional<WebServer> web = mode == Mode.WORK
                ? Optional.empty()
                : place.http()
                        .map(http -> Web.make(
                                http,
                                runtime,
                                main,
                                mode == Mode.SERVE ? Web.pages(http, place, runtime, main, afterStop) : List.of()));
        Engine engine = new Engine(main, runtime, web, afterStop);
        if (mode == Mode.SERVE) {
            engine.listen();
        }
        if (running) {
            ledger.keepWithin(place.budget());
            place.warnings().forEach(LOG::warn);
            ledger.onEnd(id -> clearUnlessOfUse(id, audio, ledger));
            clearStage(place.stage(), audio, ledger);
        }
        try {
            main.start();
            web.ifPresent(WebServer::open);
            if (running && !place.work().webhook().secrets().isEmpty()) {
                engine.sendNotices();
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

    /** A batch takes its own files in and nothing else, so the sources of songs are left to those who serve. */
    private static List<String> places(Workplace place, Mode mode) {
        return place.routes()
                .places(name -> mode == Mode.WORK
                        ? !name.startsWith("intake-")
                        : place.http().isPresent() || !name.equals("intake-http.camel.yaml"));
    }

    private void listen() {
        try {
            web.ifPresent(WebServer::listen);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Clips of songs that ended as a process died, or beside one. */
    private static void clearStage(Path stage, SongAudio audio, SongLedger ledger) {
        if (!Files.isDirectory(stage)) {
            return;
        }
        try (Stream<Path> folders = Files.list(stage)) {
            folders.forEach(folder -> clearUnlessOfUse(folder.getFileName().toString(), audio, ledger));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clips that are paid for wait for their delivery, and for the retry of one that failed: their URLs may be gone. */
    private static void clearUnlessOfUse(String id, SongAudio audio, SongLedger ledger) {
        boolean ofUse = ledger.catalog()
                .find(id)
                .filter(song -> song.state() == SongState.GENERATED
                        || song.state() == SongState.FAILED && !song.clips().isEmpty())
                .isPresent();
        if (!ofUse) {
            audio.clear(id);
        }
    }

    /** A class is loaded when it is used, so that a run without this sink starts without Amazon's. */
    private static void bindS3(Main main, S3Settings settings, List<Runnable> afterStop) {
        S3Store store = S3Store.open(settings);
        main.bind("camelodyS3Client", store.client());
        main.bind("camelodyS3Sink", new S3Sink(store, settings));
        afterStop.add(store::close);
    }

    private static RouteBuilder inboxes(Workplace place) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                int number = 0;
                for (Path inbox : place.inboxes()) {
                    var route = templatedRoute("camelody-intake-folder")
                            .routeId("camelody-intake-folder-" + ++number)
                            .parameter("folder", inbox.toString());
                    place.inboxSchedule().ifPresent(cron -> route.parameter("scheduler", "quartz")
                            .parameter("cron", cron));
                }
            }
        };
    }

    private static Webhook webhook(Workplace place) {
        WebhookSettings settings = place.work().webhook();
        OutgoingHttp http = new OutgoingHttp(place.addresses(), settings.timeout());
        return new Webhook(settings, http, Clock.systemUTC(), RandomGenerator.getDefault());
    }

    private void sendNotices() {
        NoticeSender sender = new NoticeSender(main.getCamelContext(), runtime.ledger(), runtime.scope());
        sender.start();
        notices = Optional.of(sender);
    }

    SongRuntime runtime() {
        return runtime;
    }

    /** Its HTTP server; empty where that is off. */
    Optional<WebServer> web() {
        return web;
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
        notices.ifPresent(NoticeSender::stop);
        main.stop();
        web.ifPresent(WebServer::close);
        afterStop.forEach(Runnable::run);
    }
}
