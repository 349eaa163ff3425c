package io.camelody.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelody.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RoundsTest {

    /** Does nothing by itself: what it is to come for once is done when the test says so. */
    private static final class ByHand extends ScheduledThreadPoolExecutor {

        private record Task(Runnable what, Duration delay) {}

        private final Deque<Task> tasks = new ArrayDeque<>();
        private boolean isFull;

        ByHand() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable what, long delay, TimeUnit unit) {
            if (isFull) {
                throw new RejectedExecutionException("too many tasks wait");
            }
            tasks.add(new Task(what, Duration.of(delay, unit.toChronoUnit())));
            return null;
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable what, long first, long delay, TimeUnit unit) {
            return null;
        }

        /** @return after how long it was to be done */
        Duration next() {
            Task task = tasks.remove();
            task.what().run();
            return task.delay();
        }
    }

    private final SettableClock clock = new SettableClock();
    private final ByHand thread = new ByHand();
    private Instant next = Instant.MAX;
    private int made;
    private final Rounds rounds = new Rounds(clock, (began, since) -> {
        made++;
        return next;
    });

    @BeforeEach
    void start() {
        rounds.start(thread);
    }

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    @Test
    void thoseWhoCanWaitAMomentHaveOneRound() {
        rounds.wakeSoon();
        rounds.wakeSoon();

        assertThat(thread.next()).isEqualTo(Duration.ofMillis(10));
        thread.next();
        assertThat(thread.tasks).isEmpty();
        assertThat(made).isOne();
    }

    @Test
    void whoCannotWaitTakesThemAlong() {
        rounds.wakeSoon();
        rounds.wake();

        thread.tasks.removeLast().what().run();
        assertThat(made).isOne();
        thread.next();
        assertThat(thread.tasks).as("comes too late").isEmpty();
        rounds.wakeSoon();
        assertThat(thread.tasks).as("the next one is due again").hasSize(1);
    }

    @Test
    void manyWakesBeforeARoundBeginsMakeOne() {
        rounds.wake();
        rounds.wake();
        thread.next();

        assertThat(thread.tasks).isEmpty();
        assertThat(made).isOne();
        rounds.wake();
        thread.next();
        assertThat(made).isEqualTo(2);
    }

    @Test
    void aRoundComesAtTheMomentThatTheLastOneHasNamed() {
        turn(300);

        assertThat(thread.next()).isEqualTo(Duration.ofMillis(301));
        next = Instant.MAX;
        thread.next();
        assertThat(made).isEqualTo(2);
    }

    @Test
    void aMomentForWhichThereIsARoundAlreadyMakesNoOther() {
        turn(300);
        turn(400);

        assertThat(thread.tasks).hasSize(1);
        turn(200);
        assertThat(thread.tasks).as("one that is earlier").hasSize(2);
    }

    @Test
    void aMomentThatWasRefusedIsInNobodysWay() {
        rounds.wake();
        next = clock.instant().plusMillis(300);
        thread.isFull = true;
        thread.next();
        assertThat(thread.tasks).isEmpty();
        thread.isFull = false;

        turn(400);

        assertThat(thread.tasks).hasSize(1);
    }

    @Test
    void aWakeThatWasRefusedIsInNobodysWay() {
        thread.isFull = true;
        rounds.wake();
        thread.isFull = false;

        rounds.wake();
        thread.next();

        assertThat(made).isOne();
    }

    @Test
    void roundsThatDoNotTurnAreStuck() {
        clock.forward(Duration.ofMinutes(2));
        assertThat(rounds.stuck()).isEmpty();
        clock.forward(Duration.ofSeconds(1));
        assertThat(rounds.stuck()).contains(Duration.ofSeconds(121));

        turn(0);

        assertThat(rounds.stuck()).isEmpty();
    }

    /** A round that names a moment so far away. */
    private void turn(long millis) {
        next = clock.instant().plusMillis(millis);
        rounds.wake();
        thread.tasks.removeLast().what().run();
    }
}
