package io.camelody.component;

import io.camelody.ledger.Song;
import io.camelody.ledger.SongDocument;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * {@code song:finished}: each song that was delivered, failed or was cancelled, at least once. A song counts as told when
 * every route that begins here has taken it without an exception; otherwise all of them are told again.
 */
final class FinishedConsumer extends DefaultConsumer {

    private final SongEndpoint endpoint;

    FinishedConsumer(SongEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.runtime().announcer().add(this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.runtime().announcer().remove(this);
        super.doStop();
    }

    /** @return whether the route took it */
    boolean tell(Song song) {
        Exchange exchange = createExchange(false);
        try {
            exchange.setVariable("songId", song.id());
            exchange.setVariable("vendor", song.vendor());
            exchange.setVariable("state", song.state().word());
            exchange.getMessage().setBody(SongDocument.of(song));
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                getExceptionHandler()
                        .handleException(
                                "A song's end was not taken; it is told again", exchange, exchange.getException());
            }
            return exchange.getException() == null;
        } catch (Exception e) {
            getExceptionHandler().handleException("A song's end was not taken; it is told again", exchange, e);
            return false;
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
