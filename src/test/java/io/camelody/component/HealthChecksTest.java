package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongLedger;
import io.camelody.ledger.VendorPauses.Pause;
import io.camelody.settings.WebhookSettings;
import io.camelody.testkit.SettableClock;
import io.camelody.testkit.TestCamel;
import io.camelody.testkit.TestVendors;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.health.HealthCheckRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class HealthChecksTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void aConsumerLivesWhileItLooksForSongs() throws Exception {
        try (Studio studio = new Studio(folder, clock)
                .vendor("foxai")
                .route("submit", "song:accepted", exchange -> {})
                .start()) {
            HealthCheck check =
                    ((HealthCheckAware) studio.context().getRoute("submit").getConsumer()).getHealthCheck();
            clock.forward(Duration.ofMinutes(3));
            await("it looks every second").until(() -> check.call().getState() == HealthCheck.State.UP);
            try (Connection other = DriverManager.getConnection(studio.url());
                    Statement statement = other.createStatement()) {
                studio.ledger()
                        .pauses()
                        .pause(new Pause("foxai", "auth", "", clock.instant().plusSeconds(600)), false);
                studio.request("s1", "foxai");
                statement.execute("BEGIN IMMEDIATE");

                await("looking for a song that others could make waits").until(HealthChecksTest::isClaiming);
                clock.forward(Duration.ofMinutes(3));

                assertThat(check.call().getState()).isEqualTo(HealthCheck.State.DOWN);
                assertThat(check.isLiveness()).isTrue();
                statement.execute("ROLLBACK");
            }
            await().until(() -> check.call().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void anEstatesOwnRegistryHearsOfTheLedger() throws Exception {
        List<HealthCheck> registered = new ArrayList<>();
        HealthCheckRegistry estate = (HealthCheckRegistry) Proxy.newProxyInstance(
                HealthCheckRegistry.class.getClassLoader(),
                new Class<?>[] {HealthCheckRegistry.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "register" -> registered.add((HealthCheck) arguments[0]);
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> method.getReturnType() == boolean.class ? false : null;
                });
        CamelContext context = TestCamel.context();
        try (SongLedger ledger = SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), clock)) {
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, estate);
            context.getRegistry().bind("runtime", runtime(ledger));

            context.getComponent("song");
            context.start();

            assertThat(registered).singleElement().satisfies(check -> {
                assertThat(check.getId()).isEqualTo("camelody-ledger");
                assertThat(check.isReadiness()).isTrue();
                assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
            });
        } finally {
            context.stop();
        }
    }

    private static boolean isClaiming() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().endsWith(".Claims")
                        && frame.getMethodName().startsWith("claim"));
    }

    @Test
    void howeverManyAskTheLedgerIsWrittenOnceASecond() {
        AtomicLong nanoTime = new AtomicLong();
        AtomicInteger writes = new AtomicInteger();
        try (SongLedger ledger = SongLedger.openForWork("jdbc:sqlite:" + folder.resolve("ledger.db"), clock)) {
            ledger.onWrite((took, written) -> writes.incrementAndGet());
            LedgerCheck check = new LedgerCheck(runtime(ledger), nanoTime::get);

            for (int i = 0; i < 10; i++) {
                assertThat(check.look().join().trouble()).isEmpty();
            }
            assertThat(writes).hasValue(1);

            nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
            check.look().join();
            assertThat(writes).hasValue(2);
        }
    }

    private SongRuntime runtime(SongLedger ledger) {
        return new SongRuntime(
                ledger,
                new SongLedger.Scope(false, Optional.empty()),
                TestVendors.vendors(List.of("foxai"), Map.of()),
                new WorkSettings(
                        Studio.LEASE,
                        Duration.ofMinutes(5),
                        3,
                        Duration.ZERO,
                        List.of("file"),
                        Optional.empty(),
                        WebhookSettings.none()),
                new SongRuntime.Time(clock, new Random(1)));
    }
}
