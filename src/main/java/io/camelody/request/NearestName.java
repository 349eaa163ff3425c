package io.camelody.request;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the known name that somebody probably meant.
 *
 * <p>Near is a third of the name's letters at most, and at least one: left out, added, changed, or two swapped; or
 * the name was begun with three letters or more. Case, dashes and underscores do not count. Thread-safe.
 */
public final class NearestName {

    /** With as many letters, the start of a name is enough: suno for sunomusic. */
    private static final int START = 3;

    private NearestName() {}

    /** The nearest of the known names, the first of equals; empty if none is near enough to be worth naming. */
    public static Optional<String> to(String name, Collection<String> known) {
        String meant = letters(name);
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            String letters = letters(candidate);
            if (least > 1 && meant.length() >= START && letters.startsWith(meant) && !letters.equals(meant)) {
                nearest = candidate;
                least = 1;
                continue;
            }
            int near = Math.max(1, Math.min(meant.length(), letters.length()) / 3);
            // also keeps a field name of a megabyte from costing anything
            if (Math.abs(meant.length() - letters.length()) > near) {
                continue;
            }
            int distance = distance(meant, letters);
            if (distance <= near && distance < least && distance < letters.length()) {
                nearest = candidate;
                least = distance;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Damerau and Levenshtein's distance, each stretch of text edited once. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + changed, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
