package io.camelody.component;

import io.camelody.pace.Closing;
import io.camelody.settings.VendorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** One vendor's share of a consumer: how much is under way, and when the vendor may be called again. Thread-safe. */
final class Lane {

    private final VendorSettings vendor;
    private final int places;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private Closing closed = Closing.NONE;

    Lane(VendorSettings vendor, int places) {
        this.vendor = vendor;
        this.places = places;
    }

    String name() {
        return vendor.name();
    }

    VendorSettings vendor() {
        return vendor;
    }

    int room() {
        return places - taken.get();
    }

    boolean isHalfFree() {
        return 2 * taken.get() <= places;
    }

    int taken() {
        return taken.get();
    }

    void enter() {
        taken.incrementAndGet();
    }

    void leave() {
        taken.decrementAndGet();
    }

    /** When the vendor may be called again; not after now if it may. */
    synchronized Instant opensAt(Instant now) {
        closed = closed.asOf(now);
        return closed.end(now);
    }

    synchronized void close(Instant now, Duration wait) {
        closed = closed.lasting(now, wait);
    }

    /** @return failures in a row, this one included */
    int failed() {
        return failures.incrementAndGet();
    }

    void succeeded() {
        failures.set(0);
    }
}
