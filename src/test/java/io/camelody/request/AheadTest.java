package io.camelody.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AheadTest {

    private final AtomicInteger made = new AtomicInteger();

    @Test
    void theNextIsMadeMeanwhileAndNoFurther() {
        try (Ahead<Integer> ahead = new Ahead<>(oneAtATime())) {
            assertThat(ahead.next()).isEqualTo(1);

            await().until(() -> made.get() == 2);
            assertThat(ahead.next()).isEqualTo(2);
        }
        // closed, and so nothing is under way
        assertThat(made).hasValue(3);
    }

    @Test
    void allComeInTheirOrder() {
        try (Ahead<Integer> ahead = new Ahead<>(oneAtATime())) {
            assertThat(ahead).toIterable().containsExactly(1, 2, 3, 4, 5);
        }
    }

    @Test
    void whatFailsThereIsThrownHere() {
        Iterator<Integer> broken = List.of(1, 0).stream().map(each -> 1 / each).iterator();

        try (Ahead<Integer> ahead = new Ahead<>(broken)) {
            assertThat(ahead.next()).isEqualTo(1);
            assertThatThrownBy(ahead::hasNext).isInstanceOf(ArithmeticException.class);
        }
    }

    /** Whose end is known without another element. */
    private Iterator<Integer> oneAtATime() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return made.get() < 5;
            }

            @Override
            public Integer next() {
                return made.incrementAndGet();
            }
        };
    }
}
