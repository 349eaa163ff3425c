package io.camelody.cli;

import io.camelody.audio.AudioFetcher;
import io.camelody.audio.SongAudio;
import io.camelody.component.SongRuntime;
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

    private final Main main;
    private final SongRuntime runtime;
    private Optional<NoticeSender> notices = Optional.empty();

    private Engine(Main main, SongRuntime runtime) {
        this.main = main;
        this.runtime = runtime;
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

    /** The same, and watches the inboxes. */
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
        ledger.keepWithin(place.budget());
        SongRuntime runtime = new SongRuntime(ledger, scope, place.vendors(), place.work(), time);
        AudioFetcher fetcher = new AudioFetcher(place.addresses(), place.fetch());
        SongAudio audio = new SongAudio(fetcher, place.stage(), TaskAnswer::hasEndedBadly);
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        place.properties().forEach(main::addInitialProperty);
        main.configure().withName("camelody").withAutoStartup(running);
        main.configure()
                .withRoutesIncludePattern(String.join(",", place.routes().places()));
        main.bind("camelodyRuntime", runtime);
        main.bind("camelodyDelivery", new Delivery(audio, ledger.clock()));
        main.bind("camelodyDeliveries", new Deliveries());
        main.bind("camelodyFreshAnswer", new FreshAnswer());
        main.bind("camelodyFileSink", new FolderSink(place.songs(), place.stage()));
        main.bind("camelodyWebhook", webhook(place));
        main.bind("camelodyHttpErrors", new HttpErrors(Clock.systemUTC()));
        main.bind("camelodyVendorHttp", new VendorHttp());
        main.bind("camelodyCallWatch", new CallWatch());
        if (mode == Mode.SERVE) {
            main.bind("camelodyInbox", new Inbox(ledger, scope.sandbox()));
            main.bind("camelodySettledFiles", new SettledFiles(Clock.systemUTC()));
            main.configure().addRoutesBuilder(inboxes(place));
        }
        if (running) {
            place.warnings().forEach(LOG::warn);
            ledger.onEnd(id -> clearUnlessOfUse(id, audio, ledger));
            clearStage(place.stage(), audio, ledger);
        }
        Engine engine = new Engine(main, runtime);
        try {
            main.start();
            if (running && !place.work().webhook().secrets().isEmpty()) {
                engine.sendNotices();
            }
            return engine;
        } catch (Exception e) {
            engine.close();
            throw new BrokenRouteException(e, place.routes());
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

    boolean hasRoute(String id) {
        return main.getCamelContext().getRoute(id) != null;
    }

    /** Takes no more work and waits some seconds for what is under way; the rest is left to the next start. */
    @Override
    public void close() {
        notices.ifPresent(NoticeSender::stop);
        main.stop();
    }
}
