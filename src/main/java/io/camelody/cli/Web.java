package io.camelody.cli;

import io.camelody.component.SongRuntime;
import io.camelody.http.CallbackDoor;
import io.camelody.http.CallerHeaders;
import io.camelody.http.ClipDownloads;
import io.camelody.http.ClipFiles;
import io.camelody.http.EventStream;
import io.camelody.http.HttpAnswers;
import io.camelody.http.HttpSettings;
import io.camelody.http.SongRequests;
import io.camelody.http.SongSteering;
import io.camelody.http.Songs;
import io.camelody.http.VendorList;
import io.camelody.http.WaitForEnd;
import io.camelody.http.WebServer;
import io.camelody.ledger.SongLedger;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.main.Main;

/** HTTP as {@code camelody run} serves it. Apart from the engine, so that a batch loads nothing of it. */
final class Web {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private Web() {}

    /** Makes the server, and binds what the routes of {@code intake-http} name. */
    static WebServer make(HttpSettings settings, Workplace place, SongRuntime runtime, Main main) {
        SongLedger ledger = runtime.ledger();
        List<Consumer<Router>> pages = new ArrayList<>(List.of(
                new WaitForEnd(ledger, settings, main::getCamelContext)::install,
                new EventStream(ledger.happenings(), settings.maxSubscribers(), heartbeat(settings))::install,
                new ClipDownloads(new ClipFiles(ledger.catalog(), place.songs(), place.stage()))::install));
        if (runtime.settings().callbacks().isPresent()) {
            pages.add(new CallbackDoor(ledger.callbacks())::install);
        }
        WebServer server = new WebServer(settings, pages);
        main.bind(WebServer.ROUTER, server.router());
        main.bind("camelodyCallerHeaders", new CallerHeaders());
        main.bind("camelodyHttpAnswers", new HttpAnswers());
        main.bind("camelodySongRequests", new SongRequests(settings.maxItems()));
        main.bind("camelodySongs", new Songs(runtime.ledger()));
        main.bind("camelodySongSteering", new SongSteering(runtime));
        main.bind("camelodyVendorList", new VendorList(runtime));
        return server;
    }

    /** Well before the server takes a connection for silent. */
    private static Duration heartbeat(HttpSettings settings) {
        Duration half = settings.requestTimeout().dividedBy(2);
        return half.compareTo(HEARTBEAT) < 0 ? half : HEARTBEAT;
    }
}
