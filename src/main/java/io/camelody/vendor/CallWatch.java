package io.camelody.vendor;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Counts the calls to a vendor that have left the process, whatever component makes them: anything sent to an endpoint that is
 * not {@code direct:} counts. A route that fails before the first has bought nothing. Behind a second nobody can say so: the
 * first may have.
 */
public final class CallWatch extends EventNotifierSupport {

    private static final String LEFT = "CamelodyCallLeft";

    /** Begins to watch an exchange. Copies of it that a route makes share what is seen. */
    public static void watch(Exchange exchange) {
        exchange.setProperty(LEFT, new AtomicInteger());
    }

    static boolean nothingLeft(Exchange exchange) {
        AtomicInteger left = exchange.getProperty(LEFT, AtomicInteger.class);
        return left != null && left.get() == 0;
    }

    static boolean severalLeft(Exchange exchange) {
        AtomicInteger left = exchange.getProperty(LEFT, AtomicInteger.class);
        return left != null && left.get() > 1;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelEvent.ExchangeSendingEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        CamelEvent.ExchangeSendingEvent sending = (CamelEvent.ExchangeSendingEvent) event;
        AtomicInteger left = sending.getExchange().getProperty(LEFT, AtomicInteger.class);
        if (left != null && !sending.getEndpoint().getEndpointUri().startsWith("direct:")) {
            left.incrementAndGet();
        }
    }
}
