package io.camelody.component;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelody.ledger.Song;
import io.camelody.ledger.SongLedger;
import io.camelody.request.Json;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestVendors;
import io.camelody.vendor.Vendors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;

/**
 * Camel with {@code song:} endpoints on a ledger of its own, and a few lines of YAML standing in for vendors and sinks. A
 * step {@code "name"} runs the processor that the test gives under that name.
 */
final class Studio implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(150);

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }

    private final Path folder;
    private final Clock clock;
    private final Map<String, List<String>> vendors = new HashMap<>();
    private final Map<String, Object> beans = new HashMap<>();
    private final List<String> yaml = new ArrayList<>();
    private final Map<String, String> properties = new HashMap<>();
    private Optional<Path> file = Optional.empty();
    private int deliveryAttempts = 3;
    private Duration deliveryPatience = Duration.ZERO;
    private List<String> sinks = List.of("file");
    private Optional<String> callbacks = Optional.empty();
    private Main main;
    private SongLedger ledger;
    private SongRuntime runtime;

    Studio(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** @param settings such as {@code "timeout=6m"} */
    Studio vendor(String name, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "poll-first-after=0s",
                "poll-interval=100ms",
                "poll-batch=25",
                "submit-rate=1000",
                "max-running=1000000",
                "price=0.035"));
        all.addAll(List.of(settings));
        vendors.put(name, all);
        return this;
    }

    Studio deliveryAttempts(int most) {
        deliveryAttempts = most;
        return this;
    }

    Studio deliveryPatience(Duration most) {
        deliveryPatience = most;
        return this;
    }

    Studio sinks(String... names) {
        sinks = List.of(names);
        return this;
    }

    /** Where vendors call back. */
    Studio callbacks(String url) {
        callbacks = Optional.of(url);
        return this;
    }

    /** Something that steps refer to. */
    Studio bind(String name, Object bean) {
        beans.put(name, bean);
        return this;
    }

    /** A route from an endpoint to a processor of the test, after the steps before it. */
    Studio route(String id, String from, Processor processor, String... before) {
        StringBuilder steps = new StringBuilder();
        for (String uri : before) {
            steps.append("        - to: \"").append(uri).append("\"\n");
        }
        beans.put(id, processor);
        yaml.add(
                """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                %s        - process:
                            ref: %s
                """
                        .formatted(id, from, steps, id));
        return this;
    }

    /** The same from a file, with the settings that it uses. */
    Studio file(Path routes, Map<String, String> settings) {
        file = Optional.of(routes);
        properties.putAll(settings);
        return this;
    }

    Studio start() {
        return start(true);
    }

    /** Loads the routes and starts none. */
    Studio load() {
        return start(false);
    }

    private Studio start(boolean running) {
        ledger = SongLedger.openForWork(url(), clock);
        Vendors all = TestVendors.vendors(vendors.keySet(), vendors);
        runtime = new SongRuntime(
                ledger,
                new SongLedger.Scope(false, Optional.empty()),
                all,
                new WorkSettings(
                        LEASE,
                        Duration.ofMinutes(5),
                        deliveryAttempts,
                        deliveryPatience,
                        sinks,
                        callbacks,
                        WebhookSettings.none()),
                new SongRuntime.Time(clock, new Random(1)));
        main = new Main();
        main.setPropertyPlaceholderLocations("false");
        main.configure().withShutdownTimeout(2).withAutoStartup(running);
        main.configure().withShutdownLogInflightExchangesOnTimeout(false);
        main.bind("runtime", runtime);
        beans.forEach(main::bind);
        try {
            Path routes = Files.writeString(folder.resolve("studio.camel.yaml"), String.join("", yaml));
            properties.forEach(main::addInitialProperty);
            main.configure()
                    .withRoutesIncludePattern(
                            yaml.isEmpty()
                                    ? "false"
                                    : "file:" + routes
                                            + file.map(each -> ",file:" + each).orElse(""));
            main.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    ProducerTemplate template() {
        return context().createProducerTemplate();
    }

    Clock clock() {
        return clock;
    }

    /** Lets time pass on a clock that is set, and has the rounds made at once that a running one would have had made by then. */
    void forward(Duration by) {
        ((SettableClock) clock).forward(by);
        for (Route route : context().getRoutes()) {
            if (route.getConsumer() instanceof ClaimingConsumer consumer) {
                consumer.wake();
            }
        }
    }

    SongLedger ledger() {
        return ledger;
    }

    SongRuntime runtime() {
        return runtime;
    }

    Song song(String id) {
        return ledger.catalog().find(id).orElseThrow();
    }

    void request(String id, String vendor, String... sinks) {
        ObjectNode request = Json.object().put("id", id).put("vendor", vendor).put("prompt", "a tango");
        if (sinks.length > 0) {
            request.set("sinks", Json.MAPPER.valueToTree(sinks));
        }
        template().requestBody("song:request", request);
    }

    String url() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }

    /** Something that happens to the file behind everybody's back. */
    void sql(String statement) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement running = connection.createStatement()) {
            running.execute("PRAGMA busy_timeout = 10000");
            running.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the file says. */
    long number(String query) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement running = connection.createStatement()) {
            return running.executeQuery(query).getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (main != null && !main.isStopped()) {
            main.stop();
            ledger.close();
        }
    }
}
