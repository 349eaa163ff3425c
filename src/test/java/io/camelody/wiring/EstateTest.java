package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.ledger.LedgerBusyException;
import io.camelody.sandbox.Sandbox;
import io.camelody.sandbox.SandboxSettings;
import io.camelody.settings.BadSettingsException;
import io.camelody.testkit.SmallPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar in a Camel context of somebody else's, with routes of theirs and nothing but settings. */
@Timeout(60)
final class EstateTest {

    private static Sandbox vendors;

    @TempDir
    private Path home;

    private final Queue<String> finished = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void open() {
        vendors = Sandbox.start(
                SandboxSettings.defaults().withLatency(Duration.ofMillis(100)).withSongLength(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void shut() {
        vendors.close();
    }

    @Test
    void camelMainMakesSongsByItsPropertiesAlone() throws Exception {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("false");
        vendors.settings().forEach(main::addInitialProperty);
        main.addInitialProperty("camelody.home", home.toString());
        main.configure().addRoutesBuilder(routes());
        main.start();
        try {
            makesASong(main.getCamelContext());
        } finally {
            main.stop();
        }
    }

    @Test
    void aPlainContextMakesSongsAgainAfterAStop() throws Exception {
        try (DefaultCamelContext context = context(Map.of())) {
            context.addRoutes(routes());
            MeterRegistry meters = new SimpleMeterRegistry();
            context.getRegistry().bind("meters", meters);
            context.start();
            makesASong(context);
            assertThat(meters.find("camelody.delivery.lag")
                            .tag("vendor", "foxai")
                            .timer()
                            .count())
                    .isOne();

            context.stop();
            assertThat(meters.getMeters()).isEmpty();
            context.start();

            makesASong(context);
        }
    }

    @Test
    void contextsThatShareARegistryHaveEachTheirMeters() throws Exception {
        MeterRegistry meters = new SimpleMeterRegistry();
        meters.counter("camelody.of.the.estate");
        try (DefaultCamelContext one = context(Map.of("camelody.routes", "none"));
                DefaultCamelContext other = context(Map.of(
                        "camelody.routes",
                        "none",
                        "camelody.home",
                        home.resolve("other").toString()))) {
            one.getRegistry().bind("meters", meters);
            other.getRegistry().bind("meters", meters);
            one.start();
            other.start();
            other.createProducerTemplate()
                    .requestBody("song:request", "{\"prompt\": \"a waltz\", \"vendor\": \"foxai\"}");

            one.stop();

            assertThat(meters.find("camelody.songs")
                            .tags("state", "accepted", "vendor", "foxai", "camelContext", other.getName())
                            .gauge()
                            .value())
                    .isOne();
            assertThat(meters.find("camelody.songs")
                            .tag("camelContext", one.getName())
                            .meters())
                    .isEmpty();
            assertThat(meters.find("camelody.of.the.estate").counter()).isNotNull();
        }
    }

    @Test
    void aSecondContextOfOneHomeIsToldWhatToDoAndMayBeOff() throws Exception {
        try (DefaultCamelContext working = context(Map.of("camelody.routes", "none"));
                DefaultCamelContext second = context(Map.of("camelody.routes", "none"));
                DefaultCamelContext off = context(Map.of("camelody.routes", "off"))) {
            working.start();

            assertThatThrownBy(second::start)
                    .isInstanceOf(LedgerBusyException.class)
                    .hasMessageContaining("camelody.routes = off");
            off.start();

            assertThat(off.getRegistry().lookupByName("camelodyRuntime")).isNull();
        }
    }

    @Test
    void badSettingsFailTheStartAllAtOnce() throws Exception {
        try (DefaultCamelContext context =
                context(Map.of("camelody.foxai.timeout", "soon", "camelody.routes", "all, intake-http"))) {

            assertThatThrownBy(context::start)
                    .isInstanceOf(BadSettingsException.class)
                    .hasMessageContaining("Expected camelody.foxai.timeout to be a duration")
                    .hasMessageContaining("intake-http, which is for the program alone");
        }
    }

    @Test
    void aNameThatTwoFilesGiveFailsTheStartWithBoth() throws Exception {
        Path mine = Files.createDirectories(home.resolve("routes")).resolve("mine.camel.yaml");
        Files.writeString(
                mine, "- route:\n    id: camelody-work-submit\n    from:\n      uri: direct:mine\n      steps: []\n");
        try (DefaultCamelContext context = context(Map.of())) {

            assertThatThrownBy(context::start)
                    .isInstanceOf(BrokenRouteException.class)
                    .hasMessageContaining("The route camelody-work-submit stands twice")
                    .hasMessageContaining(mine + ", line: 2")
                    .hasMessageContaining("camelody/routes/work.camel.yaml, line: ");
            assertThat(home.resolve("data")).doesNotExist();
        }
    }

    @Test
    void takesTheRoutesThatItNamesAndNoOther() throws Exception {
        try (DefaultCamelContext context = context(Map.of(
                "camelody.routes", "errors, work, vendors/foxai, sinks/file, intake-folder",
                "camelody.inbox", "in",
                "camelody.default-vendor", "foxai"))) {
            context.addRoutes(routes());
            context.start();

            assertThat(ours(context))
                    .contains("camelody-work-submit", "camelody-foxai-song-poll", "camelody-intake-folder-1")
                    .noneMatch(id -> id.contains("sunomusic"));
            Files.writeString(
                    Files.createDirectories(home.resolve("in")).resolve("a.txt"), "a waltz", StandardOpenOption.CREATE);
            await().atMost(Duration.ofSeconds(40)).until(() -> !finished.isEmpty());
        }
    }

    @Test
    void withoutRoutesItsOwnDoTheWork() throws Exception {
        try (DefaultCamelContext context = context(Map.of("camelody.routes", "none"))) {
            context.addRoutes(routes());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("song:accepted")
                            .setBody(constant("{\"error\": {\"class\": \"content\", \"message\": \"not here\"}}"));
                }
            });
            context.start();

            assertThat(ours(context)).isEmpty();
            assertThat(order(context).get(40, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    @Test
    void keepsItsLedgerInItsOwnDataSource() throws Exception {
        try (SmallPool pool = new SmallPool("jdbc:sqlite:" + home.resolve("estate.db"), 20);
                DefaultCamelContext context = context(Map.of("camelody.ledger.data-source", "database"))) {
            context.getRegistry().bind("database", pool);
            context.addRoutes(routes());
            context.start();
            makesASong(context);

            context.stop();

            assertThat(pool.out()).isZero();
            assertThat(pool.isClosed()).isFalse();
            assertThat(home.resolve("data/ledger.db")).doesNotExist();
        }
    }

    @Test
    void aDataSourceThatIsNotThereFailsTheStart() {
        try (DefaultCamelContext context = context(Map.of("camelody.ledger.data-source", "database"))) {

            assertThatThrownBy(context::start)
                    .isInstanceOf(BadSettingsException.class)
                    .hasMessageContaining("got: \"database\"; there is none");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStartThatFailsLaterLeavesTheLedgerToTheNextOne() throws Exception {
        DefaultCamelContext broken = context(Map.of());
        broken.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:order").to("no-such-component:at-all");
            }
        });
        assertThatThrownBy(broken::start).hasMessageContaining("no-such-component");
        broken.stop();

        try (DefaultCamelContext context = context(Map.of())) {
            context.start();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // read, and of no use
                "- route:\n    id: mine\n    from:\n      uri: nowhere\n      steps: []\n",
                // not read
                "- route:\n    id: [\n"
            })
    void aStartThatFailedOverAFileOfTheHomeSucceedsWithTheFileMended(String text) throws Exception {
        Path broken = Files.createDirectories(home.resolve("routes/sinks")).resolve("file.camel.yaml");
        Files.writeString(broken, text);
        try (DefaultCamelContext context = context(Map.of(
                "camelody.routes", "errors, work, vendors/foxai, sinks/file, intake-folder", "camelody.inbox", "in"))) {
            context.addRoutes(routes());
            assertThatThrownBy(context::start).hasMessageContaining("file.camel.yaml");
            Files.delete(broken);

            context.start();

            assertThat(ours(context))
                    .doesNotHaveDuplicates()
                    .contains("camelody-file-sink", "camelody-intake-folder-1");
            makesASong(context);
        }
    }

    @Test
    void aContextWithoutASettingIsLeftAlone() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();

            assertThat(ours(context)).isEmpty();
            assertThat(context.getRegistry().lookupByName("camelodyRuntime")).isNull();
            assertThat(context.getPropertiesComponent().getPropertiesSources()).isEmpty();
            assertThat(context.getComponentNames()).doesNotContain("song");
            assertThatThrownBy(() -> context.createProducerTemplate().requestBody("song:request", "{}"))
                    .hasStackTraceContaining("Set camelody.home");
        }
    }

    private static List<String> ours(CamelContext context) {
        return context.getRoutes().stream()
                .map(Route::getId)
                .filter(id -> id.startsWith("camelody-"))
                .toList();
    }

    private DefaultCamelContext context(Map<String, String> own) {
        DefaultCamelContext context = new DefaultCamelContext();
        vendors.settings().forEach(context.getPropertiesComponent()::addInitialProperty);
        context.getPropertiesComponent().addInitialProperty("camelody.home", home.toString());
        own.forEach(context.getPropertiesComponent()::addInitialProperty);
        return context;
    }

    private RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:order").to("song:generate?vendor=foxai").transform(jq(".state"));
                from("song:finished")
                        .process(exchange -> finished.add(exchange.getMessage()
                                .getBody(JsonNode.class)
                                .path("id")
                                .asText()));
            }
        };
    }

    private static CompletableFuture<String> order(CamelContext context) {
        return context.createProducerTemplate()
                .asyncRequestBody("direct:order", Map.of("prompt", "a waltz"), String.class);
    }

    private void makesASong(CamelContext context) throws Exception {
        finished.clear();
        assertThat(order(context).get(40, TimeUnit.SECONDS)).isEqualTo("delivered");
        await().until(() -> !finished.isEmpty());
        assertThat(home.resolve("songs").resolve(finished.peek()).resolve("song.json"))
                .exists();
    }
}
