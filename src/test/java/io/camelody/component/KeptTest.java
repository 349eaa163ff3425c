package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class KeptTest {

    private final SettableClock clock = new SettableClock();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void aQuickLookIsKeptForFiveSeconds() {
        Kept<Integer> kept = new Kept<>(clock, looks::incrementAndGet);

        assertThat(kept.get()).isEqualTo(1);
        clock.forward(Duration.ofMillis(4_999));
        assertThat(kept.get()).isEqualTo(1);
        clock.forward(Duration.ofMillis(1));
        assertThat(kept.get()).isEqualTo(2);
    }

    @Test
    void aSlowLookIsKeptForTwentyTimesWhatItTookBesides() {
        Kept<Integer> kept = new Kept<>(clock, () -> {
            clock.forward(Duration.ofSeconds(2));
            return looks.incrementAndGet();
        });

        kept.get();
        clock.forward(Duration.ofSeconds(42));
        assertThat(kept.get()).isEqualTo(1);
        clock.forward(Duration.ofSeconds(1));
        assertThat(kept.get()).isEqualTo(2);
    }

    @Test
    void aLookThatFailsIsKeptForFiveSecondsHoweverLongItTook() {
        Kept<Integer> kept = new Kept<>(clock, () -> {
            if (looks.incrementAndGet() == 1) {
                clock.forward(Duration.ofSeconds(10));
                throw new IllegalStateException("the disk");
            }
            return looks.get();
        });

        assertThatThrownBy(kept::get).hasMessage("the disk");
        clock.forward(Duration.ofMillis(4_999));
        assertThatThrownBy(kept::get).hasMessage("the disk");
        clock.forward(Duration.ofMillis(1));
        assertThat(kept.get()).isEqualTo(2);
    }

    @Test
    void whoAsksWhileAnotherLooksGetsWhatWasThereBefore() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch found = new CountDownLatch(1);
        Kept<Integer> kept = new Kept<>(clock, () -> {
            if (looks.incrementAndGet() == 2) {
                looking.countDown();
                waitFor(found);
            }
            return looks.get();
        });
        kept.get();
        clock.forward(Duration.ofSeconds(6));

        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(kept::get);
        looking.await();
        assertThat(kept.get()).isEqualTo(1);
        found.countDown();

        assertThat(slow.get()).isEqualTo(2);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
