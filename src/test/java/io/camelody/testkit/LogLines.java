package io.camelody.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is said in the log from now on, each line as {@code LEVEL message}. */
public final class LogLines implements AutoCloseable {

    /** As in {@code logback-test.xml}. */
    private static final Pattern LINE = Pattern.compile("\\S+ ([A-Z]+) +\\[.*] \\w+: (.*)");

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    public LogLines() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    /** The lines that have these words. */
    public List<String> with(String words) {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + line.group(2))
                .filter(line -> line.contains(words))
                .toList();
    }

    /** What was said goes where it would have gone. */
    @Override
    public void close() {
        System.setErr(before);
        before.print(written);
    }
}
