package io.camelody.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a class of benchmarks has measured, as a table that is printed at its end: the figure, its bar and whether it was met, and
 * what it is to be compared with.
 */
final class Figures implements AfterAllCallback {

    private record Row(String what, String figure, String bar, String beside) {}

    private static final OperatingSystemMXBean MACHINE = ManagementFactory.getOperatingSystemMXBean();

    private final List<Row> rows = new ArrayList<>();

    /** Processes that want a processor on average: every figure is worse where there are more of them than processors. */
    private final double before = MACHINE.getSystemLoadAverage();

    /** A figure that has no bar. */
    void add(String what, String figure, String beside) {
        rows.add(new Row(what, figure, "", beside));
    }

    void atLeast(double bar, String what, double figure, String unit, String beside) {
        rows.add(new Row(what, number(figure) + unit, judged("≥ ", bar, figure >= bar), beside));
    }

    void atMost(double bar, String what, double figure, String unit, String beside) {
        rows.add(new Row(what, number(figure) + unit, judged("≤ ", bar, figure <= bar), beside));
    }

    private static String judged(String relation, double bar, boolean met) {
        return relation + number(bar) + (met ? "  met" : "  MISSED");
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The value that this share of all is not above. */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.out.printf(
                "%n  Java %s, %s, %d processors, load before and after %.1f and %.1f%n%n%s%n",
                Runtime.version(),
                System.getProperty("os.name"),
                MACHINE.getAvailableProcessors(),
                before,
                MACHINE.getSystemLoadAverage(),
                table());
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        for (Row row : rows) {
            table.append("  %-44s %14s   %-16s %s"
                            .formatted(row.what(), row.figure(), row.bar(), row.beside())
                            .stripTrailing())
                    .append('\n');
        }
        return table.toString();
    }
}
