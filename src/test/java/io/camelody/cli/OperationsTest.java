package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongState;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.request.Json;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who operate it ask of {@code camelody run}: {@code /health} and {@code /metrics}, over real HTTP. */
@Timeout(60)
class OperationsTest {

    private static final String TOKEN = "a-token-of-some-length";

    @TempDir
    Path home;

    private final Sandbox sandbox = Sandbox.start(
            SandboxSettings.defaults().withLatency(Duration.ofMillis(200)).withSongLength(Duration.ofSeconds(1)));

    private final HttpClient client = HttpClient.newHttpClient();
    private SongLedger ledger;
    private Engine engine;

    @BeforeEach
    void run() {
        Map<String, String> settings = new HashMap<>(sandbox.settings());
        settings.put("camelody.http.port", "0");
        settings.put("camelody.http.host", "127.0.0.1");
        settings.put("camelody.http.token", TOKEN);
        Workplace place = Workplace.read(home, Map.of(), settings);
        ledger = SongLedger.openForWork(place.ledgerUrl(), Clock.systemUTC());
        engine = Engine.serve(place, ledger, new SongLedger.Scope(false, Optional.empty()));
    }

    @AfterEach
    void stop() {
        engine.close();
        ledger.close();
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
    void allIsWellForWhoeverAsks(String path) throws Exception {
        HttpResponse<String> answer = get(path, "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode body = Json.parse(answer.body());
        assertThat(body.path("status").asText()).isEqualTo("UP");
        assertThat(body.path("checks"))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.path("status").asText()).isEqualTo("UP"));
    }

    @Test
    void aLedgerThatCannotBeWrittenMakesItUnreadyAndNotDead() throws Exception {
        sql("CREATE TRIGGER full BEFORE INSERT ON pulse BEGIN SELECT RAISE(ABORT, 'disk full'); END");

        HttpResponse<String> ready = get("/health/ready", "");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(check(ready, "ledger")).contains("cannot be written").doesNotContain(home.toString());
        assertThat(get("/health", "").statusCode()).isEqualTo(503);
        assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
        sql("DROP TRIGGER full");
        await().until(() -> get("/health/ready", "").statusCode() == 200);
    }

    @Test
    void aLedgerThatDoesNotAnswerIsNotWaitedForForLong() throws Exception {
        try (Connection other = DriverManager.getConnection(ledgerUrl());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            HttpResponse<String> ready = get("/health/ready", "");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(check(ready, "ledger")).contains("did not answer within 2 s");
            assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
            statement.execute("ROLLBACK");
        }
        await().until(() -> get("/health/ready", "").statusCode() == 200);
    }

    @Test
    void aVendorThatIsPausedIsToldAndMakesNobodyUnready() throws Exception {
        Instant until = Instant.now().plusSeconds(60);
        ledger.pauses().pause(new Pause("foxai", "auth", "refused the key sk-secret", until), false);

        HttpResponse<String> all = get("/health", "");

        assertThat(all.statusCode()).isEqualTo(200);
        JsonNode vendor = Json.parse(all.body()).path("vendors").path(0);
        assertThat(vendor.path("name").asText()).isEqualTo("foxai");
        assertThat(vendor.path("paused").path("cause").asText()).isEqualTo("auth");
        assertThat(all.body()).as("what vendors say is for those with a token").doesNotContain("sk-secret");
        assertThat(get("/health/ready", "").statusCode()).isEqualTo(200);
    }

    @Test
    void theDisksAreTold() throws Exception {
        JsonNode disks = Json.parse(get("/health", "").body()).path("disks");

        assertThat(disks).extracting(disk -> disk.path("folder").asText()).containsExactlyInAnyOrder("data", "songs");
        assertThat(disks)
                .allSatisfy(disk -> assertThat(disk.path("freeBytes").asLong()).isPositive());
    }

    @Test
    void metersAreForThoseWithATokenAndSayWhatHasHappened() throws Exception {
        assertThat(get("/metrics", "").statusCode()).isEqualTo(401);

        HttpResponse<String> receipt = client.send(
                to("/songs", TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"id\": \"s1\", \"prompt\": \"a waltz\", \"vendor\": \"foxai\"}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(receipt.statusCode()).as(receipt.body()).isEqualTo(202);
        await().until(() -> ledger.catalog().find("s1").orElseThrow().state() == SongState.DELIVERED);

        HttpResponse<String> metrics = get("/metrics", TOKEN);
        assertThat(metrics.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body())
                .contains(
                        "camelody_songs_ended_total{outcome=\"delivered\",reason=\"none\",vendor=\"foxai\"} 1.0",
                        "camelody_vendor_calls_seconds_count{call=\"submit\",outcome=\"ok\",step=\"song\",vendor=\"foxai\"} 1",
                        "camelody_cost_dollars_total{vendor=\"foxai\"} 0.035")
                .doesNotContain("a waltz", TOKEN);
    }

    private String check(HttpResponse<String> answer, String name) {
        for (JsonNode check : Json.parse(answer.body()).path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check.path("message").asText();
            }
        }
        throw new AssertionError("No check " + name + " in " + answer.body());
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return client.send(to(path, token).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path, String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(engine.web().orElseThrow().url() + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private String ledgerUrl() {
        return "jdbc:sqlite:" + home.resolve("data/ledger.db");
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(ledgerUrl());
                Statement running = connection.createStatement()) {
            running.execute("PRAGMA busy_timeout = 10000");
            running.execute(statement);
        }
    }
}
