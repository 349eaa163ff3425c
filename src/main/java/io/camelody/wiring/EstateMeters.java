package io.camelody.wiring;

import io.camelody.component.SongRuntime;
import io.camelody.metrics.SongMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.spi.Registry;

/** Camelody's meters in the registry of an estate. Apart, so that an estate without Micrometer loads nothing of it. */
final class EstateMeters {

    private final MeterRegistry meters;

    private EstateMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Does nothing where the registry of beans has no registry of meters, or several and none that is preferred. */
    static Runnable bind(Registry beans, BiConsumer<String, Object> registry, SongRuntime runtime) {
        MeterRegistry found = beans.findSingleByType(MeterRegistry.class);
        if (found == null) {
            return () -> {};
        }
        registry.accept("camelodyMeters", new SongMeters(found, runtime));
        return new EstateMeters(found)::remove;
    }

    /** They read a ledger that is closed, and another start brings others of the same names. */
    private void remove() {
        List.copyOf(meters.getMeters()).stream()
                .filter(meter -> meter.getId().getName().startsWith("camelody."))
                .forEach(meters::remove);
    }
}
