package io.camelody.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.component.SongRuntime;
import io.camelody.component.WorkSettings;
import io.camelody.ledger.SongLedger;
import io.camelody.settings.PropertyFiles;
import io.camelody.settings.Settings;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.TestCamel;
import io.camelody.testkit.TestVendors;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When it is ready, by its routes. */
final class HealthTest {

    @TempDir
    private Path folder;

    private final CamelContext context = TestCamel.context();
    private SongLedger ledger;
    private Health health;

    @BeforeEach
    void open() throws Exception {
        ledger = SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), Clock.systemUTC());
        SongRuntime runtime = new SongRuntime(
                ledger,
                new SongLedger.Scope(false, Optional.empty()),
                TestVendors.vendors(List.of("foxai"), Map.of()),
                new WorkSettings(
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(5),
                        3,
                        Duration.ZERO,
                        List.of("file"),
                        Optional.empty(),
                        WebhookSettings.none()),
                new SongRuntime.Time(Clock.systemUTC(), new Random(1)));
        health = new Health(runtime, () -> context, Map.of());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:one").routeId("one").setBody(constant(1));
            }
        });
    }

    @AfterEach
    void close() {
        context.stop();
        ledger.close();
    }

    @Test
    void itIsNotReadyBeforeItsRoutesRun() {
        assertThat(routes()).isEqualTo("Camelody is starting or stopping.");
    }

    @Test
    void itIsReadyWhenTheyDo() {
        context.start();

        assertThat(routes()).isEmpty();
        assertThat(Health.isUp(health.ready().join())).isTrue();
    }

    @Test
    void aRouteThatStandsStillIsNamed() throws Exception {
        context.start();
        context.getRouteController().stopRoute("one");

        assertThat(routes()).isEqualTo("The route one does not run.");
        assertThat(Health.isUp(health.live())).as("a restart would not help").isTrue();
    }

    @Test
    void itIsNotReadyOnceItStops() {
        context.start();
        context.stop();

        assertThat(Health.isUp(health.ready().join())).isFalse();
    }

    @Test
    void whoAsksWhileItStartsIsAnsweredBeforeTheDoorIsOpen() throws Exception {
        Map<String, String> set = PropertyFiles.load(folder, Map.of(), Map.of("camelody.http.port", "0"))
                .all();
        HttpSettings settings = HttpSettings.read(new Settings(
                        name -> Optional.ofNullable(set.get(name)).filter(text -> !text.isEmpty()), name -> name))
                .orElseThrow();
        try (WebServer server = new WebServer(settings, List.of(new HealthPages(health)::install))) {
            server.listen();

            assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = get(server, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"status\":\"DOWN\"", "starting or stopping");
        }
    }

    private static HttpResponse<String> get(WebServer server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString());
    }

    private String routes() {
        JsonNode checks = health.ready().join().path("checks");
        assertThat(checks.path(1).path("name").asText()).isEqualTo("routes");
        return checks.path(1).path("message").asText();
    }
}
