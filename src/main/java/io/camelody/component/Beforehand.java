package io.camelody.component;

import io.camelody.settings.VendorSettings;
import io.camelody.vendor.Answers;
import io.camelody.vendor.SubmitAnswer.NotTaken;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Asks a route of the integrator's about each request before its call is made and paid: a moderation, say. What the route
 * leaves is what the vendor hears instead.
 *
 * <p>It is asked before the intent is written down and on an exchange of its own, so whatever it calls, and however that ends,
 * nothing was bought and no song comes in doubt by it.
 */
final class Beforehand implements AutoCloseable {

    private final String uri;
    private final ProducerTemplate template;

    /** @param uri of the endpoint to ask; null or empty to ask nobody */
    Beforehand(SongEndpoint endpoint, String uri) {
        this.uri = uri == null ? "" : uri;
        this.template = endpoint.getCamelContext().createProducerTemplate();
    }

    /**
     * @param exchange the request as the vendor would hear it, with its variables; the answer becomes its body
     * @return why it must not leave; empty if it may
     */
    Optional<NotTaken> ask(Exchange exchange, VendorSettings vendor) {
        return uri.isEmpty() ? Optional.empty() : Answers.ofBefore(template.send(uri, exchange), vendor);
    }

    @Override
    public void close() {
        template.stop();
    }
}
