package io.camelody.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.thisptr.jackson.jq.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BesideTest {

    @Test
    void whoAsksWaitsForWhatIsMissingAndItIsMadeOnce() {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        Beside<Integer> beside = Beside.begin("test", () -> {
            await(asked);
            return made.incrementAndGet();
        });

        asked.countDown();

        assertThat(beside.get()).isOne();
        assertThat(beside.get()).isOne();
    }

    @Test
    void whatFailsThereIsThrownAsItWas() {
        UncheckedIOException unreadable = new UncheckedIOException(new IOException("no such file"));

        assertThatThrownBy(() -> Beside.begin("test", () -> {
                            throw unreadable;
                        })
                        .get())
                .isSameAs(unreadable);
        assertThatThrownBy(() -> Beside.begin("test", () -> {
                            throw new NoClassDefFoundError("net/thisptr/jackson/jq/Scope");
                        })
                        .get())
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void anInterruptIsHeardOfBehindTheWait() {
        Beside<String> beside = Beside.begin("test", () -> "made");

        Thread.currentThread().interrupt();

        assertThat(beside.get()).isEqualTo("made");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** A second context adds functions of its own while the first one's routes may be looking for theirs. */
    @Test
    void whatJqCanIsReadAheadForOneContext() {
        Ahead.loadProgram(false);

        assertThat(Ahead.jq()).hasValueSatisfying(functions -> {
            assertThat(functions.getFunction("map", 1)).isNotNull();
            assertThat(Scope.newChildScope(functions).getFunction("test", 2)).isNotNull();
        });
        assertThat(Ahead.jq()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
