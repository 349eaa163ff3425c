package io.camelody.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelody.component.SongRuntime;
import io.camelody.testkit.FakeVendor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Route;
import org.apache.camel.builder.DeadLetterChannelBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an estate has set up for itself holds for its own routes, and for nothing of Camelody's; and the other way round. */
@Timeout(60)
final class UntouchedEstateTest {

    @RegisterExtension
    static final FakeVendor VENDOR = new FakeVendor();

    @TempDir
    private Path home;

    private final BlockingQueue<String> dead = new LinkedBlockingQueue<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private Set<String> threadsBefore;

    @BeforeEach
    void start() throws Exception {
        threadsBefore = threads();
        Map.of(
                        "camelody.home", home.toString(),
                        "camelody.foxai.base-url", VENDOR.url(),
                        "camelody.foxai.api-key", "test-key")
                .forEach(context.getPropertiesComponent()::addInitialProperty);
        DeadLetterChannelBuilder theirs = new DeadLetterChannelBuilder("direct:dead");
        theirs.maximumRedeliveries(2).redeliveryDelay(1);
        context.getCamelContextExtension().setErrorHandlerFactory(theirs);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead")
                        .routeId("dead")
                        .process(exchange -> dead.add(exchange.getProperty("CamelExceptionCaught", Exception.class)
                                .getMessage()));
                from("direct:theirs").routeId("theirs").process(exchange -> {
                    throw new IllegalStateException("theirs");
                });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void theirErrorHandlerNeitherRepeatsAPaidCallNorTakesItsFailure() throws Exception {
        VENDOR.answers(500, "oops");

        String id = order();

        await().until(() -> state(id).equals("in-doubt"));
        assertThat(VENDOR.heardOnce().line()).isEqualTo("POST /music/task");
        assertThat(dead).isEmpty();
    }

    @Test
    void theirRoutesKeepTheirErrorHandler() throws Exception {
        context.createProducerTemplate().sendBody("direct:theirs", "");

        assertThat(dead.poll(10, TimeUnit.SECONDS)).isEqualTo("theirs");
        assertThat(context.getRouteDefinition("theirs").getAppliedRouteConfigurationIds())
                .isNullOrEmpty();
    }

    @Test
    void whatIsOursSaysSoByItsName() throws Exception {
        Set<String> routes = context.getRoutes().stream().map(Route::getId).collect(Collectors.toSet());
        assertThat(routes).contains("theirs", "dead").hasSizeGreaterThan(10);
        routes.removeAll(Set.of("theirs", "dead"));
        assertThat(routes).allMatch(id -> id.startsWith("camelody-"));

        VENDOR.answers(500, "oops");
        String id = order();
        await().until(() -> state(id).equals("in-doubt"));

        Set<String> made = threads();
        made.removeAll(threadsBefore);
        // the JVM, this test and its vendor have others
        made.removeIf(name -> !name.startsWith("Camel (" + context.getName() + ")") && !name.contains("song"));
        assertThat(made).isNotEmpty().allMatch(name -> name.contains("camelody-"));
    }

    @Test
    void theirHttpComponentIsAsTheySetIt() {
        HttpComponent http = context.getComponent("http", HttpComponent.class);

        assertThat(http.getConnectionsPerRoute()).isEqualTo(new HttpComponent().getConnectionsPerRoute());
        assertThat(http.isAutomaticRetriesDisabled()).isFalse();
        assertThat(http.getHttpClientConfigurer()).isNull();
        assertThat(context.getPropertiesComponent().resolveProperty("camel.component.http.connectionsPerRoute"))
                .isEmpty();
    }

    private String order() {
        return context.createProducerTemplate()
                .requestBody("song:request", Map.of("prompt", "a waltz", "vendor", "foxai"), JsonNode.class)
                .path("id")
                .asText();
    }

    private String state(String id) {
        return context.getRegistry()
                .findSingleByType(SongRuntime.class)
                .ledger()
                .catalog()
                .find(id)
                .orElseThrow()
                .state()
                .word();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
