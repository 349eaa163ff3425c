package io.camelody.cli;

import io.camelody.component.SongRuntime;
import io.camelody.http.CallerHeaders;
import io.camelody.http.HttpAnswers;
import io.camelody.http.HttpSettings;
import io.camelody.http.OpenApi;
import io.camelody.http.SongRequests;
import io.camelody.http.SongSteering;
import io.camelody.http.Songs;
import io.camelody.http.VendorList;
import io.camelody.http.WaitForEnd;
import io.camelody.http.WebServer;
import java.util.List;
import org.apache.camel.main.Main;

/** HTTP as {@code camelody run} serves it. Apart from the engine, so that a batch loads nothing of it. */
final class Web {

    private Web() {}

    /** Makes the server, and binds what the routes of {@code intake-http} name. */
    static WebServer make(HttpSettings settings, SongRuntime runtime, Main main) {
        WebServer server = new WebServer(
                settings,
                List.of(
                        new WaitForEnd(runtime.ledger(), settings, main::getCamelContext)::install,
                        new OpenApi()::install));
        main.bind(WebServer.ROUTER, server.router());
        main.bind("camelodyCallerHeaders", new CallerHeaders());
        main.bind("camelodyHttpAnswers", new HttpAnswers());
        main.bind("camelodySongRequests", new SongRequests(settings.maxItems()));
        main.bind("camelodySongs", new Songs(runtime.ledger()));
        main.bind("camelodySongSteering", new SongSteering(runtime));
        main.bind("camelodyVendorList", new VendorList(runtime));
        return server;
    }
}
