package io.camelody.cli;

import io.camelody.component.SongRuntime;
import io.camelody.http.CallbackDoor;
import io.camelody.http.CallerHeaders;
import io.camelody.http.ClipDownloads;
import io.camelody.http.ClipFiles;
import io.camelody.http.EventStream;
import io.camelody.http.Health;
import io.camelody.http.HealthPages;
import io.camelody.http.HttpAnswers;
import io.camelody.http.HttpSettings;
import io.camelody.http.MetricsPage;
import io.camelody.http.OpenApi;
import io.camelody.http.Page;
import io.camelody.http.SongRequests;
import io.camelody.http.SongSteering;
import io.camelody.http.Songs;
import io.camelody.http.VendorList;
import io.camelody.http.WaitForEnd;
import io.camelody.http.WebServer;
import io.camelody.ledger.SongLedger;
import io.camelody.metrics.Exposition;
import io.camelody.metrics.SongMeters;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.main.Main;

/** HTTP as {@code camelody run} serves it. Apart from the engine, so that a batch loads nothing of it. */
final class Web {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private Web() {}

    /** Makes the server, and binds what the routes of {@code intake-http} name. */
    static WebServer make(HttpSettings settings, SongRuntime runtime, Main main, List<Consumer<Router>> pages) {
        WebServer server = new WebServer(settings, pages);
        main.bind(WebServer.ROUTER, server.router());
        main.bind("camelodyCallerHeaders", new CallerHeaders());
        main.bind("camelodyHttpAnswers", new HttpAnswers());
        main.bind("camelodySongRequests", new SongRequests(settings.maxItems()));
        main.bind("camelodySongs", new Songs(runtime.ledger(), runtime.sandbox()));
        main.bind("camelodySongSteering", new SongSteering(runtime));
        main.bind("camelodyVendorList", new VendorList(runtime));
        return server;
    }

    /** What is served beside Camel's routes while the program works. */
    static List<Consumer<Router>> pages(
            HttpSettings settings, Workplace place, SongRuntime runtime, Main main, List<Runnable> afterStop) {
        SongLedger ledger = runtime.ledger();
        DiskRoom disks = new DiskRoom(Map.of("data", place.data(), "songs", place.songs()));
        List<Consumer<Router>> pages = new ArrayList<>(List.of(
                waitForEnd(settings, ledger, main)::install,
                new EventStream(
                                ledger.happenings().ofKind(runtime.sandbox()),
                                settings.maxSubscribers(),
                                heartbeat(settings))::install,
                new ClipDownloads(new ClipFiles(ledger.catalog(), place.songs(), place.stage()))::install,
                new HealthPages(new Health(runtime, main::getCamelContext, disks.free()))::install,
                new MetricsPage(meters(disks, runtime, main, afterStop))::install,
                new OpenApi()::install,
                new Page()::install));
        if (runtime.settings().callbacks().isPresent()) {
            pages.add(new CallbackDoor(ledger.callbacks())::install);
        }
        return pages;
    }

    /** Bound, so that a stop finds it. */
    private static WaitForEnd waitForEnd(HttpSettings settings, SongLedger ledger, Main main) {
        WaitForEnd waitForEnd = new WaitForEnd(ledger, settings, main::getCamelContext);
        main.bind("camelodyWaitForEnd", waitForEnd);
        return waitForEnd;
    }

    /** Takes no more calls, and answers those who wait: one that was cut without its receipt would ask for the same song again. */
    static void shut(WebServer server, Main main) {
        server.shut();
        main.lookupByType(WaitForEnd.class).values().forEach(WaitForEnd::release);
    }

    private static Supplier<String> meters(DiskRoom disks, SongRuntime runtime, Main main, List<Runnable> afterStop) {
        Exposition exposition = new Exposition(disks.free());
        main.bind("camelodyMeters", new SongMeters(exposition.registry(), runtime));
        afterStop.add(exposition::close);
        afterStop.add(disks::close);
        return exposition::scrape;
    }

    /** Well before the server takes a connection for silent. */
    private static Duration heartbeat(HttpSettings settings) {
        Duration half = settings.requestTimeout().dividedBy(2);
        return half.compareTo(HEARTBEAT) < 0 ? half : HEARTBEAT;
    }
}
