package io.camelody.outgoing;

import java.net.UnknownHostException;

/**
 * A host was not called, since all of its addresses are of this machine, of a network behind it, or of no use. Nothing was
 * sent. Which addresses is not said: whoever gives a URL would learn of the network's names. An {@link UnknownHostException}
 * only because a client's resolver can throw no other.
 */
public final class AddressRefusedException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    AddressRefusedException(String host) {
        super("%s is not called: it is not on the public internet. If it is meant, add it to camelody.outgoing.allow."
                .formatted(host));
    }
}
