package io.camelody.component;

import org.apache.camel.CamelContext;
import org.apache.camel.StatefulService;

/**
 * Lets a route say when songs are submitted, as the bean {@code camelodySubmits}. While they are held nothing is claimed, and
 * calls that have left are heard to their end; a control bus would break those off that take longer than
 * {@code camel.main.shutdownTimeout}.
 */
public final class Submits {

    private static final String ROUTE = "camelody-work-submit";

    /** Has songs submitted from here on, also where the route has not been started yet. */
    public void release(CamelContext context) throws Exception {
        consumer(context).resume();
        context.getRouteController().startRoute(ROUTE);
    }

    /** Has no more songs submitted from here on. */
    public void hold(CamelContext context) {
        StatefulService consumer = consumer(context);
        if (consumer.isStarted()) {
            consumer.suspend();
        }
    }

    private static StatefulService consumer(CamelContext context) {
        return (StatefulService) context.getRoute(ROUTE).getConsumer();
    }
}
