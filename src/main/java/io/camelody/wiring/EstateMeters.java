package io.camelody.wiring;

import io.camelody.component.SongRuntime;
import io.camelody.metrics.SongMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;

/** Camelody's meters in the registry of an estate. Apart, so that an estate without Micrometer loads nothing of it. */
final class EstateMeters {

    private EstateMeters() {}

    /**
     * Does nothing where the registry of beans has no registry of meters, or several and none that is preferred. As Camel's own,
     * the meters have the context's name as a tag: two contexts may have one registry.
     *
     * @return takes out these, and no others
     */
    static Runnable bind(CamelContext context, BiConsumer<String, Object> beans, SongRuntime runtime) {
        MeterRegistry found = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (found == null) {
            return () -> {};
        }
        CompositeMeterRegistry own = new CompositeMeterRegistry();
        own.config().commonTags("camelContext", context.getName());
        own.add(found);
        beans.accept("camelodyMeters", new SongMeters(own, runtime));
        // they read a ledger that is closed, and another start brings others of the same names
        return () -> List.copyOf(own.getMeters()).forEach(own::remove);
    }
}
