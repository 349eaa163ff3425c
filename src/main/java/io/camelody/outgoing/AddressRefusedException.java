package io.camelody.outgoing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A host was not called, since all of its addresses are of this machine, of a network behind it, or of no use. Nothing was
 * sent. An {@link UnknownHostException} only because a client's resolver can throw no other.
 */
public final class AddressRefusedException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    AddressRefusedException(String host, InetAddress[] addresses) {
        super(
                "%s is at %s, which is not called: it is not on the public internet. If it is meant, add it to camelody.outgoing.allow."
                        .formatted(
                                host,
                                Arrays.stream(addresses)
                                        .map(InetAddress::getHostAddress)
                                        .collect(Collectors.joining(", "))));
    }
}
