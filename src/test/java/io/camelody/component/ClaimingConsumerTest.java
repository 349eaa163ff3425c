package io.camelody.component;

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
