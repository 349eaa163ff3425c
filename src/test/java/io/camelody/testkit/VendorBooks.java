package io.camelody.testkit;

import io.camelody.sandbox.MadeTask;
import io.camelody.sandbox.Sandbox;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the sandbox's vendors were asked for and made, song by song: a witness that knows nothing of the ledger. Each song
 * has a tag in the words of its request, and so it stands in all that vendors are asked for it.
 */
public record VendorBooks(Sandbox sandbox) {

    private static final Pattern TAG = Pattern.compile("song-\\d{5}");

    /** What is to be paid for once. */
    public record Purchase(String tag, String step) implements Comparable<Purchase> {

        @Override
        public int compareTo(Purchase other) {
            return (tag + step).compareTo(other.tag + other.step);
        }

        @Override
        public String toString() {
            return tag + " (" + step + ")";
        }
    }

    /** For at most 100,000 songs. */
    public static String tag(int number) {
        return "song-%05d".formatted(number);
    }

    public static Optional<String> tagIn(String text) {
        Matcher tag = TAG.matcher(text);
        return tag.find() ? Optional.of(tag.group()) : Optional.empty();
    }

    /** The ids of the tasks that were made, the oldest first. */
    public Map<Purchase, List<String>> tasks() {
        return sandbox.tasks().stream()
                .collect(Collectors.groupingBy(
                        task -> purchase(task.request(), task.step()),
                        TreeMap::new,
                        Collectors.mapping(MadeTask::taskId, Collectors.toList())));
    }

    /** How many paid calls were heard, whatever came of them. */
    public Map<Purchase, Long> submits() {
        return sandbox.heard().stream()
                .filter(call -> call.method().equals("POST"))
                .collect(Collectors.groupingBy(
                        call -> purchase(call.body(), call.path().contains("/lyrics/") ? "lyrics" : "song"),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private static Purchase purchase(String request, String step) {
        return new Purchase(tagIn(request).orElse("nobody"), step);
    }
}
