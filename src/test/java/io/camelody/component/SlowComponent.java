package io.camelody.component;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** A route that begins here starts and stops as slowly as the test has it, and does nothing else. */
final class SlowComponent extends DefaultComponent {

    private final Runnable starts;
    private final Runnable stops;

    SlowComponent(Runnable starts, Runnable stops) {
        this.starts = starts;
        this.stops = stops;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new DefaultEndpoint(uri, this) {
            @Override
            public Consumer createConsumer(Processor processor) {
                return new DefaultConsumer(this, processor) {
                    @Override
                    protected void doStart() {
                        starts.run();
                    }

                    @Override
                    protected void doStop() {
                        stops.run();
                    }
                };
            }

            @Override
            public Producer createProducer() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
