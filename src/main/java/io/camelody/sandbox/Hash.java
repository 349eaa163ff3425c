package io.camelody.sandbox;

import java.util.UUID;

/**
 * Numbers that look drawn and are always the same for the same text: what makes every clip its own, and a run
 * repeatable.
 */
final class Hash {

    private Hash() {}

    static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to, and without, {@code bound}. */
    static int below(long hash, int bound) {
        return (int) Long.remainderUnsigned(hash, bound);
    }

    /** From 0 to 1. */
    static double share(long hash) {
        return (hash >>> 11) * 0x1p-53;
    }

    static String uuid(long seed, long number) {
        long high = mix(seed ^ mix(number));
        long low = mix(high ^ seed);
        return new UUID((high & ~0xf000L) | 0x4000L, (low & 0x3fffffffffffffffL) | 0x8000000000000000L).toString();
    }
}
