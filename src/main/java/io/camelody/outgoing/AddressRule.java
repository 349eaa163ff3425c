package io.camelody.outgoing;

import io.camelody.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses may be called for a URL that a vendor, a request or a redirect gave: those of the public internet, and those
 * that the operator allows. Without it, whoever gives a URL could have this machine ask its own services and its network's.
 *
 * <p>The rule is about addresses, since any name can lead to any of them, and an address has many spellings. Of a name with
 * several addresses those that may be called are: what is connected to has passed, and a stray record beside it does no harm.
 */
public final class AddressRule {

    /** IANA's registry of special-purpose IPv4 addresses, as far as they are not globally reachable; and multicast. */
    private static final List<AddressBlock> NOT_PUBLIC = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // of the one public block below: protocols (Teredo, ORCHID, benchmarks), documentation, 6to4
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /** All other IPv6 is local, multicast, a spelling of IPv4 or not given out. */
    private static final AddressBlock PUBLIC_IPV6 = AddressBlock.of("2000::/3");

    /** How a network without IPv4 reaches it: the last four bytes are the address that is called. */
    private static final AddressBlock NAT64 = AddressBlock.of("64:ff9b::/96");

    private static final Pattern HOST = Pattern.compile("([a-z0-9_-]+\\.)*[a-z0-9-]*[a-z][a-z0-9-]*");

    private static final int MOST_WARNINGS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AddressRule.class);

    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();
    private final Set<String> hosts;
    private final List<AddressBlock> allowed;

    private AddressRule(Set<String> hosts, List<AddressBlock> allowed) {
        this.hosts = hosts;
        this.allowed = allowed;
    }

    /** The operator allows hosts by name, addresses, and CIDR blocks; another entry is a problem. */
    public static AddressRule read(Settings settings) {
        Set<String> hosts = new TreeSet<>();
        List<AddressBlock> allowed = new ArrayList<>();
        for (String entry : settings.list("camelody.outgoing.allow")) {
            String host = entry.toLowerCase(Locale.ROOT);
            Optional<AddressBlock> block = AddressBlock.find(host);
            block.ifPresent(allowed::add);
            if (block.isEmpty() && HOST.matcher(host).matches()) {
                hosts.add(host);
            } else if (block.isEmpty()) {
                settings.problem(
                        "Expected camelody.outgoing.allow to list hosts, addresses and blocks of them, such as audio.intern, 10.1.2.3, 10.0.0.0/8, got: \"%s\"."
                                .formatted(entry));
            }
        }
        return new AddressRule(hosts, allowed);
    }

    /** Whether the address may be called when a URL names this host. */
    boolean permits(String host, InetAddress address) {
        byte[] bytes = address.getAddress();
        return isPublic(bytes)
                || allowed.stream().anyMatch(block -> block.contains(bytes))
                || hosts.contains(host.toLowerCase(Locale.ROOT));
    }

    /**
     * The addresses of a host that may be called.
     *
     * @throws AddressRefusedException if it has none of them
     */
    InetAddress[] permitted(String host, InetAddress[] addresses) throws UnknownHostException {
        InetAddress[] permitted =
                Arrays.stream(addresses).filter(each -> permits(host, each)).toArray(InetAddress[]::new);
        if (permitted.length == 0) {
            warnOnce(host, addresses);
            throw new AddressRefusedException(host);
        }
        return permitted;
    }

    /** For the operator alone, of the first thousand hosts. */
    private void warnOnce(String host, InetAddress[] addresses) {
        if (warnedOf.size() < MOST_WARNINGS && warnedOf.add(host.toLowerCase(Locale.ROOT))) {
            LOG.warn(
                    "{} is at {}, which is not called: it is not on the public internet.",
                    host,
                    Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
        }
    }

    private static boolean isPublic(byte[] address) {
        if (NAT64.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, 12, 16));
        }
        return NOT_PUBLIC.stream().noneMatch(block -> block.contains(address))
                && (address.length == 4 || PUBLIC_IPV6.contains(address));
    }

    private static List<AddressBlock> blocks(String... texts) {
        return Stream.of(texts).map(AddressBlock::of).toList();
    }
}
