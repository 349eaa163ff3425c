package io.camelody.sandbox;

import java.util.Locale;

/** Writes lyrics and titles of the kind that vendors write, always the same for the same description. */
final class Words {

    private static final String[] OPENINGS = {
        "We stand upon the edge of dawn", "The night is warm and wide", "A letter lies beside the door",
        "Down where the river bends", "The city hums a quiet tune", "I kept the map you drew"
    };
    private static final String[] ANSWERS = {
        "and nobody is counting", "and I can hear the sea", "the morning knows my name",
        "the lights are on for me", "we never learned to wait", "it all comes round again"
    };
    private static final String[] CHORUSES = {
        "Rise up now, rise up slow", "Oh, let it ring, let it ring", "Stay one song longer", "Sing it back to me"
    };

    private Words() {}

    /** In the form of SenseAudio's lyrics: {@code [intro-medium] ; [verse] … ; [chorus] … ; [outro-medium]}. */
    static String lyrics(String about) {
        long hash = Hash.of(about);
        String chorus = pick(CHORUSES, hash >>> 32);
        return "[intro-medium] ; [verse] " + line(hash) + ". " + line(hash >>> 8) + ". ; [chorus] " + chorus + ". "
                + title(about) + ", " + chorus.toLowerCase(Locale.ROOT) + ". ; [verse] " + line(hash >>> 16) + ". "
                + line(hash >>> 24) + ". ; [chorus] " + chorus + ". ; [outro-medium]";
    }

    /** The first words of a description. */
    static String title(String about) {
        String text = about.strip().replaceAll("\\s+", " ");
        return text.codePointCount(0, text.length()) <= 24
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 24)).strip();
    }

    private static String line(long hash) {
        return pick(OPENINGS, hash) + ", " + pick(ANSWERS, hash >>> 4);
    }

    private static String pick(String[] from, long hash) {
        return from[Hash.below(Hash.mix(hash), from.length)];
    }
}
