package io.camelody.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Takes what a vendor says anew of a song's clips into the song's variable {@code fresh}. The call has an exchange of its own:
 * however it fails, the song goes on as it was. Thread-safe.
 */
public final class FreshAnswer implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange song, Exchange call) {
        if (call != null && !call.isFailed() && call.getMessage().getBody() instanceof ArrayNode tasks) {
            song.setVariable("fresh", tasks);
        }
        return song;
    }
}
