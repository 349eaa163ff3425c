package io.camelody.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads settings by name and notes what is wrong with them, so that all bad ones are reported at once.
 *
 * <p>A reader gets a harmless value for a bad setting and goes on; {@link #demandGood} then throws. Nothing is corrected
 * silently. Defaults stand in {@code config/application.properties} alone, which ships in the jar. Not thread-safe: it is
 * used while things are wired.
 */
public final class Settings {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /** Dollars, and micro-dollars as far as these are not zeros. */
    private static final Pattern PRICE = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,6})0*)?");

    private final Function<String, Optional<String>> lookup;
    private final UnaryOperator<String> howToSet;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> read = new LinkedHashSet<>();

    /**
     * @param lookup answers a setting's value with its placeholders resolved, or nothing where there is none
     * @param howToSet names what a person sets to give a setting a value: an environment variable, or the setting itself
     */
    public Settings(Function<String, Optional<String>> lookup, UnaryOperator<String> howToSet) {
        this.lookup = lookup;
        this.howToSet = howToSet;
    }

    /** What a person sets to give a setting a value. */
    public String howToSet(String name) {
        return howToSet.apply(name);
    }

    /** The value without surrounding blanks; empty where it is not set or blank. */
    public Optional<String> text(String name) {
        read.add(name);
        return lookup.apply(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The elements of a list with commas between them. */
    public List<String> list(String name) {
        return text(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }

    /** What the setting says; its default stands in the shipped file. @param least what may be said at least */
    public Duration durationAtLeast(String name, Duration least) {
        return durationAtLeast(name, least, "");
    }

    /** The same. @param absent what stands for a setting that is not there, written as in the file */
    public Duration durationAtLeast(String name, Duration least, String absent) {
        String value = text(name).orElse(absent);
        Optional<Duration> duration = durationOf(value).filter(found -> found.compareTo(least) >= 0);
        if (duration.isEmpty()) {
            problems.add(
                    "Expected %s to be a duration of at least %s, got: \"%s\". Write a number and a unit, such as 90s or 6m."
                            .formatted(name, words(least), value));
        }
        return duration.orElse(least);
    }

    /** A duration as people write it, such as {@code 500ms}, {@code 90s}, {@code 6m}; empty if it is none. */
    public static Optional<Duration> durationOf(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    /** A duration in its largest whole unit, as {@link #durationOf} reads it. */
    public static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    public int count(String name, int least, int most, String absent) {
        String value = text(name).orElse(absent);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below, like a number out of range
        }
        problems.add(
                "Expected %s to be a whole number from %d to %d, got: \"%s\".".formatted(name, least, most, value));
        return least;
    }

    /** A price in US dollars, in micro-dollars; 0 where none is set. */
    public long price(String name) {
        String value = text(name).orElse("0");
        Matcher price = PRICE.matcher(value);
        if (!price.matches()) {
            problems.add("Expected %s to be a price in US dollars such as 0.035, got: \"%s\".".formatted(name, value));
            return 0;
        }
        // by hand, since a start has nothing else to do with BigDecimal, which takes a twentieth of one to load in Java
        // 25
        String whole = price.group(1);
        String part = price.group(2) == null ? "" : price.group(2);
        return Long.parseLong(whole + part + "0".repeat(6 - part.length()));
    }

    public String oneOf(String name, List<String> words, String absent) {
        String value = text(name).orElse(absent);
        if (!words.contains(value)) {
            problems.add("Expected %s to be one of %s, got: \"%s\".".formatted(name, String.join(", ", words), value));
            return words.get(0);
        }
        return value;
    }

    public void problem(String message) {
        problems.add(message);
    }

    /** The names that have been asked for. */
    public Set<String> read() {
        return Set.copyOf(read);
    }

    /** @throws BadSettingsException naming every bad setting, if there is one */
    public void demandGood() {
        if (!problems.isEmpty()) {
            throw new BadSettingsException(problems);
        }
    }
}
