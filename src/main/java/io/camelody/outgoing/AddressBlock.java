package io.camelody.outgoing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of addresses that begin with the same bits, as CIDR writes it: {@code 10.0.0.0/8}, {@code fc00::/7}. */
record AddressBlock(byte[] start, int bits) {

    /** What Java reads as an address without asking anybody, and in one way alone: no octal, no single number. */
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** Reads a block, or an address, which is a block of one; empty if the text is neither. */
    static Optional<AddressBlock> find(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2 || !LITERAL.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        try {
            byte[] start = InetAddress.getByName(parts[0]).getAddress();
            int most = start.length * 8;
            boolean isBlock = parts.length == 2;
            if (isBlock && !parts[1].matches("\\d{1,3}")) {
                return Optional.empty();
            }
            int bits = isBlock ? Integer.parseInt(parts[1]) : most;
            return bits <= most ? Optional.of(new AddressBlock(start, bits)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException if it is none */
    static AddressBlock of(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("No block of addresses: " + text));
    }

    /** An address of the other version of IP is in no block. */
    boolean contains(byte[] address) {
        if (address.length != start.length) {
            return false;
        }
        int whole = bits / 8;
        int mask = (0xff00 >> bits % 8) & 0xff;
        return Arrays.equals(address, 0, whole, start, 0, whole)
                && (mask == 0 || (address[whole] & mask) == (start[whole] & mask));
    }
}
