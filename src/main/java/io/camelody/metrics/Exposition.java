package io.camelody.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The meters of this process in the text that Prometheus reads: those of the JVM and of its disks, and what else is registered. */
public final class Exposition implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** @param disks the bytes that are free on them, by the names of the folders there; none where nobody knows. They hold nobody. */
    public Exposition(Map<String, Supplier<OptionalLong>> disks) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        disks.forEach((folder, room) -> Gauge.builder("camelody.disk.free", () -> free(room.get()))
                .description("Room on the disk of a folder of the home.")
                .baseUnit("bytes")
                .tag("folder", folder)
                .register(registry));
    }

    private static double free(OptionalLong room) {
        return room.isPresent() ? room.getAsLong() : Double.NaN;
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Every meter as it is now, in Prometheus' text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
