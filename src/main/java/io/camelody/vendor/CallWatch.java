package io.camelody.vendor;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Sees whether a call to a vendor has left the process, whatever component makes it: anything sent to an endpoint that is
 * not {@code direct:} counts. A route that fails before that has bought nothing.
 */
public final class CallWatch extends EventNotifierSupport {

    private static final String LEFT = "CamelodyCallLeft";

    /** Begins to watch an exchange. Copies of it that a route makes share what is seen. */
    public static void watch(Exchange exchange) {
        exchange.setProperty(LEFT, new AtomicBoolean());
    }

    static boolean nothingLeft(Exchange exchange) {
        AtomicBoolean left = exchange.getProperty(LEFT, AtomicBoolean.class);
        return left != null && !left.get();
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelEvent.ExchangeSendingEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        CamelEvent.ExchangeSendingEvent sending = (CamelEvent.ExchangeSendingEvent) event;
        AtomicBoolean left = sending.getExchange().getProperty(LEFT, AtomicBoolean.class);
        if (left != null && !sending.getEndpoint().getEndpointUri().startsWith("direct:")) {
            left.set(true);
        }
    }
}
