package io.camelody.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.camelody.ledger.CallbackToken;
import io.camelody.ledger.Change;
import io.camelody.ledger.Claim;
import io.camelody.ledger.NewSong;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import io.camelody.ledger.SongState;
import io.camelody.request.Json;
import io.camelody.testkit.TestSongs;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A ledger of its own, behind a server with one page and without Camel. */
final class ServedLedger implements AutoCloseable {

    private static final Scope REAL = new Scope(false, Optional.empty());

    final SongLedger ledger;
    private final String ledgerUrl;
    private final WebServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    ServedLedger(Path home, Function<SongLedger, Consumer<Router>> page) {
        ledgerUrl = "jdbc:sqlite:" + home.resolve("ledger.db");
        ledger = SongLedger.openForWork(ledgerUrl, Clock.systemUTC());
        HttpSettings settings = new HttpSettings(
                0, "127.0.0.1", List.of(), List.of(), 100_000, 10, Duration.ZERO, 10, Duration.ofSeconds(3));
        server = new WebServer(settings, List.of(page.apply(ledger)));
        server.listen();
        server.open();
    }

    String url() {
        return server.url();
    }

    /** What another process has open. */
    SongLedger beside() {
        return SongLedger.openBeside(ledgerUrl, Clock.systemUTC());
    }

    void accept(String... ids) {
        ledger.accept(Arrays.stream(ids).map(ServedLedger::request).toList(), false);
    }

    private static NewSong request(String id) {
        return TestSongs.song(id, Json.object().put("prompt", "a tango").put("title", "T of " + id));
    }

    Claim claim(SongState state) {
        return ledger.claims()
                .claimDue(state, "foxai", REAL, 1, Duration.ofMinutes(5))
                .get(0)
                .claim();
    }

    /** A song with these clips, on its way to its sinks. */
    void generate(String id, ArrayNode clips) {
        accept(id);
        ledger.make(new Change.Generated(claim(SongState.ACCEPTED), List.of(), clips));
    }

    /** A song whose vendor may call back, and is asked in an hour. */
    CallbackToken submit(String id) {
        accept(id);
        Claim claim = claim(SongState.ACCEPTED);
        CallbackToken token = CallbackToken.make();
        Instant later = Instant.now().plus(Duration.ofHours(1));
        ledger.make(new Change.Intended(claim, 1, 0, Optional.of(token)));
        ledger.make(new Change.Submitted(claim, 1, List.of("t1"), later, later));
        return token;
    }

    /** @param headers names and values in turn */
    HttpResponse<String> call(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.close();
        ledger.close();
    }
}
