package io.camelody.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a {@code Range} asks for, as RFC 9110 has it.
 *
 * @param from the first byte
 * @param length 0 where the file has no such part
 */
record ByteRange(long from, long length) {

    /** One range; a header with several, or that nobody understands, is to be ignored. */
    private static final Pattern ONE = Pattern.compile("(?i)bytes *= *(\\d{0,18}) *- *(\\d{0,18})");

    /** Empty where all of a file of {@code size} bytes is to be sent. */
    static Optional<ByteRange> of(String header, long size) {
        Matcher one = ONE.matcher(header.strip());
        if (!one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (one.group(1).isEmpty()) {
            long length = Math.min(Long.parseLong(one.group(2)), size);
            return Optional.of(new ByteRange(size - length, length));
        }
        long from = Long.parseLong(one.group(1));
        long last = one.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(one.group(2));
        if (last < from) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(from, Math.max(0, Math.min(last, size - 1) - from + 1)));
    }

    boolean isThere() {
        return length > 0;
    }

    /** The header of an answer, to a part that is there or is not. */
    String contentRange(long size) {
        return isThere() ? "bytes %d-%d/%d".formatted(from, from + length - 1, size) : "bytes */" + size;
    }
}
