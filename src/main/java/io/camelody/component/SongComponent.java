package io.camelody.component;

import io.camelody.vendor.CallWatch;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.spi.ManagementStrategy;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The {@code song:} endpoints: routes accept requests with them, do the work on songs between them, and hear of songs that
 * have ended.
 */
@Component("song")
public final class SongComponent extends DefaultComponent {

    @Metadata(
            description =
                    "The ledger, vendors and settings that the endpoints work with. The one bean of this type in the registry by default.",
            autowired = true)
    private SongRuntime runtime;

    private volatile Waiting waiting;

    /** What waits for a song is under way, and a stop would wait for all of it until its time is over. */
    private final LifecycleStrategy contextStops = new LifecycleStrategySupport() {
        @Override
        public void onContextStopping(CamelContext context) {
            endWaiting();
        }
    };

    /** Without the watch nobody knows whether a paid call has left, and one that failed might be sent again. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        ManagementStrategy strategy = getCamelContext().getManagementStrategy();
        if (strategy.getEventNotifiers().stream().noneMatch(CallWatch.class::isInstance)) {
            strategy.addEventNotifier(new CallWatch());
        }
        getCamelContext().addLifecycleStrategy(contextStops);
    }

    /** An estate's own health registry hears of the ledger; where there is none, so does nobody. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        HealthCheckRegistry health = HealthCheckRegistry.get(getCamelContext());
        if (health != null) {
            LedgerCheck ledger = new LedgerCheck(demandRuntime());
            health.register(new SongHealthCheck(
                    "camelody-ledger", false, () -> ledger.look().join().trouble()));
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SongEndpoint endpoint = new SongEndpoint(uri, this, SongOperation.of(remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public SongRuntime getRuntime() {
        return runtime;
    }

    /** Before the endpoints have started. */
    public synchronized void setRuntime(SongRuntime runtime) {
        this.runtime = runtime;
        waiting = null;
    }

    /** @throws IllegalStateException if none was set and the registry has none */
    SongRuntime demandRuntime() {
        if (runtime == null) {
            runtime = CamelContextHelper.findSingleByType(getCamelContext(), SongRuntime.class);
        }
        if (runtime == null) {
            throw new IllegalStateException(
                    "The song: endpoints have nothing to work with. Set camelody.home, the folder of Camelody's data, or another setting under camelody. in the properties of this context.");
        }
        return runtime;
    }

    /** Who hears how the work goes; nobody where the registry has none. */
    WorkListener listener() {
        WorkListener found = CamelContextHelper.findSingleByType(getCamelContext(), WorkListener.class);
        return found == null ? WorkListener.NOBODY : found;
    }

    synchronized Waiting waiting() {
        if (waiting == null) {
            waiting = new Waiting(demandRuntime(), getCamelContext());
        }
        return waiting;
    }

    private void endWaiting() {
        Waiting ended = waiting;
        if (ended != null) {
            ended.close();
        }
    }

    @Override
    protected void doStop() throws Exception {
        endWaiting();
        waiting = null;
        super.doStop();
    }
}
