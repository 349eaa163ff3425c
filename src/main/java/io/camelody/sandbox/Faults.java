package io.camelody.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The faults that are still to strike, and the calls that hang because of one. Thread-safe; without faults it costs
 * nothing.
 */
final class Faults {

    private record Waiting(Fault fault, AtomicInteger left) {

        boolean take() {
            return left.getAndUpdate(n -> n > 0 && n < Integer.MAX_VALUE ? n - 1 : n) > 0;
        }
    }

    private final List<Waiting> waiting = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch released = new CountDownLatch(1);

    void add(Fault fault) {
        waiting.add(new Waiting(fault, new AtomicInteger(fault.times())));
    }

    void clear() {
        waiting.clear();
        CountDownLatch held = released;
        released = new CountDownLatch(1);
        held.countDown();
    }

    /** Takes the first fault that fits and that {@code which} agrees to. */
    Optional<Trouble> take(String vendor, Fault.Call call, Predicate<Trouble> which) {
        for (Waiting candidate : waiting) {
            Fault fault = candidate.fault();
            if (fault.fits(vendor, call) && which.test(fault.trouble()) && candidate.take()) {
                if (candidate.left().get() == 0) {
                    waiting.remove(candidate);
                }
                return Optional.of(fault.trouble());
            }
        }
        return Optional.empty();
    }

    /** Waits until the faults are cleared; the call that hangs is never answered, not even then. */
    void hang() throws InterruptedException {
        released.await();
    }

    /** @return whether the faults were cleared meanwhile */
    boolean clearedWithinASecond() throws InterruptedException {
        return released.await(1, TimeUnit.SECONDS);
    }
}
