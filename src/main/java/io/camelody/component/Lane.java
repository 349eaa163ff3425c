package io.camelody.component;

import io.camelody.settings.VendorSettings;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** One vendor's share of a consumer: how much is under way, and when the vendor may be called again. Thread-safe. */
final class Lane {

    private final VendorSettings vendor;
    private final int places;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Instant closedUntil = Instant.MIN;

    Lane(VendorSettings vendor, int places) {
        this.vendor = vendor;
        this.places = places;
    }

    VendorSettings vendor() {
        return vendor;
    }

    int room() {
        return places - taken.get();
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

    Instant closedUntil() {
        return closedUntil;
    }

    void closeUntil(Instant moment) {
        closedUntil = moment;
    }

    /** @return failures in a row, this one included */
    int failed() {
        return failures.incrementAndGet();
    }

    void succeeded() {
        failures.set(0);
    }
}
