package io.camelody.wiring;

import io.camelody.component.SongComponent;
import io.camelody.component.SongRuntime;
import io.camelody.ledger.SongLedger;
import io.camelody.ledger.SongLedger.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camelody in somebody else's Camel context, from its start to its stop, as often as it starts.
 *
 * <p>It wakes where the context has a setting under {@code camelody.}, and nobody has bound what it would,
 * unless {@code camelody.routes} is off. Awake, it opens the
 * ledger, binds its beans and adds its routes before the context makes any route. Settings that cannot be worked with, or a
 * ledger that cannot be opened, fail the start of the context, and nothing stays open.
 */
final class Estate extends LifecycleStrategySupport {

    private static final Logger LOG = LoggerFactory.getLogger(Estate.class);

    private final EstateRoutes routes = new EstateRoutes();
    private final List<String> bound = new ArrayList<>();
    private Optional<Wiring> wiring = Optional.empty();
    private Optional<SongLedger> ledger = Optional.empty();
    private Runnable removeMeters = () -> {};

    @Override
    public void onContextInitializing(CamelContext context) {
        // what a start before this one has left that failed
        close(context);
        ContextSettings own = ContextSettings.of(context);
        if (own.isEmpty() || own.areOff() || isWired(context.getRegistry())) {
            return;
        }
        try {
            wake(context, EstateSettings.read(own, context));
        } catch (RuntimeException e) {
            close(context);
            throw e;
        } catch (Exception e) {
            close(context);
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }

    /** As the program has it, and as an estate may that makes its own. */
    private static boolean isWired(Registry registry) {
        return !registry.findByType(SongRuntime.class).isEmpty() || registry.lookupByName("camelodyHttpErrors") != null;
    }

    private void wake(CamelContext context, EstateSettings settings) throws Exception {
        HomeSettings home = settings.home();
        SongLedger opened = SongLedger.openForWork(home.ledger().source(context.getRegistry()));
        ledger = Optional.of(opened);
        Scope all = new Scope(false, Optional.empty());
        SongRuntime runtime = new SongRuntime(
                opened,
                all,
                home.vendors(),
                home.work().withoutCallbacks(),
                new SongRuntime.Time(opened.clock(), RandomGenerator.getDefault()));
        Wiring made = new Wiring(home, runtime);
        wiring = Optional.of(made);
        BiConsumer<String, Object> registry = binder(context);
        made.bind(registry);
        if (context.hasComponent("song") instanceof SongComponent former) {
            // of a start that failed
            former.setRuntime(runtime);
        }
        if (Jars.have("io.micrometer.core.instrument.MeterRegistry")) {
            removeMeters = EstateMeters.bind(context, registry, runtime);
        }
        // whoever starts a context has seen to the key and the credits, or wants to hear again what is wrong with them
        home.vendors().names().forEach(name -> opened.pauses().lift(name, all.sandbox()));
        made.beginWork();
        routes.add(context, settings, runtime, registry);
        LOG.info(
                "Camelody works here. (home: {}, routes: {})",
                home.home(),
                settings.routes().size());
    }

    @Override
    public void onContextStarted(CamelContext context) {
        wiring.ifPresent(made -> made.sendNotices(context));
    }

    /** A context whose start has failed early is not heard of again. */
    @Override
    public void onContextStopping(CamelContext context) {
        wiring.ifPresent(Wiring::stopNotices);
        if (!context.getStatus().isStoppable()) {
            close(context);
        }
    }

    @Override
    public void onContextStopped(CamelContext context) {
        close(context);
    }

    private BiConsumer<String, Object> binder(CamelContext context) {
        return (name, bean) -> {
            context.getRegistry().bind(name, bean);
            bound.add(name);
        };
    }

    private void close(CamelContext context) {
        removeMeters.run();
        wiring.ifPresent(Wiring::close);
        ledger.ifPresent(SongLedger::close);
        bound.forEach(context.getRegistry()::unbind);
        bound.clear();
        removeMeters = () -> {};
        wiring = Optional.empty();
        ledger = Optional.empty();
    }

    @Override
    public String toString() {
        return "camelody";
    }
}
