package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vendor that is asked once in ten minutes, and calls back. */
@Timeout(60)
class CalledBackTest {

    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(500)).withSongLength(Duration.ofSeconds(1)));

    private final HttpClient client = HttpClient.newHttpClient();
    private SongLedger ledger;
    private Engine engine;

    @AfterEach
    void stop() {
        engine.close();
        ledger.close();
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sunomusic", "sunomusic-2"})
    void aSongIsDeliveredWhenTheVendorCallsBackAndNotAtTheNextInterval(String vendor) throws Exception {
        start();

        HttpResponse<String> receipt = client.send(
                HttpRequest.newBuilder(URI.create(engine.web().orElseThrow().url() + "/songs"))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"id\": \"s1\", \"prompt\": \"a waltz\", \"vendor\": \"%s\"}".formatted(vendor)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(receipt.statusCode()).as(receipt.body()).isEqualTo(202);

        await().atMost(Duration.ofSeconds(40))
                .until(() -> ledger.catalog().find("s1").orElseThrow().state() == SongState.DELIVERED);
        HttpResponse<String> part = client.send(
                HttpRequest.newBuilder(URI.create(engine.web().orElseThrow().url() + "/songs/s1/clips/2/audio"))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Range", "bytes=0-99")
                        .build(),
                BodyHandlers.ofString());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Length")).contains("100");
    }

    private void start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "" + port);
        settings.put("camelody.http.token", TOKEN);
        settings.put("camelody.http.host", "127.0.0.1");
        settings.put("camelody.public-url", "http://127.0.0.1:" + port + "/");
        settings.put("camelody.sunomusic-2.like", "sunomusic");
        settings.put("camelody.sunomusic-2.api-key", "sandbox");
        settings.put("camelody.sunomusic.poll-first-after", "10m");
        settings.put("camelody.sunomusic.poll-interval", "10m");
        settings.put("camelody.sunomusic.timeout", "30m");
        settings.put("camelody.sunomusic.clip-grace", "2s");
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
        engine = Engine.serve(place, ledger, new SongLedger.Scope(true, Optional.empty()));
    }
}
