package io.camelody.ledger;

import java.util.Locale;

/** What is asked of a vendor. A song from a description at a vendor that needs words first takes both, in this order. */
public enum Step {
    LYRICS,
    SONG;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }

    static Step of(String word) {
        return LYRICS.word.equals(word) ? LYRICS : SONG;
    }

    @Override
    public String toString() {
        return word;
    }
}
