package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelody.ledger.SongState;
import io.camelody.testkit.LogLines;
import io.camelody.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ClaimingConsumerTest {

    @TempDir
    private Path folder;

    private final AtomicInteger worked = new AtomicInteger();

    @Test
    void aLookThatFailsIsSaid() throws Exception {
        try (Studio studio =
                        new Studio(folder, new SettableClock()).vendor("foxai").start();
                LogLines log = new LogLines()) {
            AtomicInteger looks = new AtomicInteger();
            ClaimingConsumer consumer = consumer(studio, looks);
            consumer.start();
            try {
                await().until(() -> worked.get() > 0);
                await().until(() ->
                        !log.with("No songs were claimed; will be tried again.").isEmpty());
            } finally {
                consumer.stop();
            }
        }
    }

    /** Songs that are due and do not come are another node's in a moment, or were until then. */
    @ParameterizedTest
    @ValueSource(strings = {"song:submitted", "song:generated"})
    void whatDoesNotComeThoughItIsDueIsNotClaimedAgainAtOnce(String from) throws Exception {
        SettableClock clock = new SettableClock();
        try (Studio studio =
                new Studio(folder, clock).vendor("foxai", "poll-batch=1").start()) {
            SongEndpoint endpoint = studio.context().getEndpoint(from, SongEndpoint.class);
            ClaimingConsumer consumer = (ClaimingConsumer) endpoint.createConsumer(exchange -> {});

            Instant again = consumer.work(new Lane(endpoint.runtime().vendor("foxai"), 1), clock.instant());

            assertThat(again).isEqualTo(clock.instant().plusMillis(200));
        }
    }

    private ClaimingConsumer consumer(Studio studio, AtomicInteger looks) {
        SongEndpoint endpoint = studio.context().getEndpoint("song:accepted", SongEndpoint.class);
        return new ClaimingConsumer(endpoint, exchange -> {}, SongState.ACCEPTED) {
            @Override
            Map<String, Instant> look(List<Lane> vendors) {
                if (looks.getAndIncrement() == 0) {
                    throw new IllegalStateException("no such column");
                }
                return Map.of();
            }

            @Override
            Instant work(Lane lane, Instant due) {
                worked.incrementAndGet();
                return Instant.MAX;
            }
        };
    }
}
