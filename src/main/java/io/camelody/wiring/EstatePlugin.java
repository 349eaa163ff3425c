package io.camelody.wiring;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.ContextServicePlugin;

/**
 * Has every Camel context that this jar is in wire Camelody by itself, if its settings say so. Camel calls it before the
 * context has its properties, and does no more than log what goes wrong in it, so it only listens for the context's start.
 */
public final class EstatePlugin implements ContextServicePlugin {

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new Estate());
    }
}
