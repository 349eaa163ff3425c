package io.camelody.vendor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an error answer of a vendor means, whatever its status and words: it decides what follows for the song. */
public enum ErrorClass {
    /** Too fast, or too many running: later, at the time the vendor says. */
    RATE,
    /** The account is empty: the vendor is paused for all songs. */
    CREDITS,
    /** The key is not accepted: the vendor is paused for all songs. */
    AUTH,
    /** The vendor's moderation refused what the song is about: final. */
    CONTENT,
    /** The vendor will not take the request as it is: final. */
    INVALID,
    /** The call certainly never reached the vendor: later. */
    TRANSIENT,
    /** Nobody can know whether the vendor took the call: a paid one is in doubt. */
    UNKNOWN;

    /** The word that a vendor's file uses for it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ErrorClass> of(String word) {
        return Arrays.stream(values())
                .filter(error -> error.word().equals(word))
                .findFirst();
    }
}
