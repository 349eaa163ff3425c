package io.camelody.soak;

/** Counts, one a line. */
final class Table {

    private final StringBuilder lines = new StringBuilder();

    void row(String what, long count) {
        lines.append("  %-28s %,9d%n".formatted(what, count));
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
