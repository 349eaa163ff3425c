package io.camelody.cli;

import java.io.PrintWriter;

/** What a check has found, a line each, as it is found. */
final class Findings {

    private final PrintWriter out;
    private int bad;
    private int warnings;

    Findings(PrintWriter out) {
        this.out = out;
    }

    void ok(String what, String words) {
        print("ok", what, words);
    }

    /** Works, and may not be what was meant. */
    void warn(String what, String words) {
        warnings++;
        print("warn", what, words);
    }

    /** Does not work. */
    void bad(String what, String words) {
        bad++;
        print("bad", what, words);
    }

    private void print(String grade, String what, String words) {
        out.printf("%-4s  %-10s  %s%n", grade, what, words);
    }

    /** @return the exit code */
    int sum() {
        out.println();
        if (bad == 0) {
            out.println("Nothing is bad"
                    + switch (warnings) {
                        case 0 -> ".";
                        case 1 -> "; 1 warning.";
                        default -> "; %d warnings.".formatted(warnings);
                    });
        } else {
            out.printf("%d bad.%n", bad);
        }
        return bad == 0 ? Camelody.OK : Camelody.USAGE;
    }
}
