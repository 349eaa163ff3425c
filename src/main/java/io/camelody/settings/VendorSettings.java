package io.camelody.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of one vendor, {@code camelody.<name>.*}.
 *
 * @param keyName what a person sets to give the vendor a key
 * @param models those that the vendor has; empty where nobody knows
 * @param can what the vendor takes, in the words of a request: {@code prompt}, {@code lyrics}, {@code style}, …
 * @param submitRate paid calls a second at most
 * @param maxRunning tasks at a time at most
 * @param pollFirstAfter how long after the submit the first status call is made
 * @param pollBatch ids in one status call at most
 * @param timeout how long a task may take before its song fails
 * @param clipGrace how long clips may still grow after their task has ended
 * @param price of one task, in micro-dollars; 0 where none is set
 * @param resubmitOnDoubt whether a paid call that nobody heard is made again, at the risk of a second bill
 */
public record VendorSettings(
        String name,
        Optional<String> apiKey,
        String keyName,
        Optional<String> baseUrl,
        Optional<String> model,
        List<String> models,
        Set<String> can,
        int submitRate,
        int maxRunning,
        Duration pollInterval,
        Duration pollFirstAfter,
        int pollBatch,
        Duration timeout,
        Duration clipGrace,
        long price,
        boolean resubmitOnDoubt) {

    /** What a vendor may be able to do. */
    public static final List<String> ABILITIES = List.of(
            "prompt",
            "lyrics",
            "title",
            "style",
            "negativeStyle",
            "styleWeight",
            "vocalGender",
            "instrumental",
            "extend",
            "writeLyrics");

    public static VendorSettings read(String name, Settings settings) {
        String prefix = "camelody." + name + ".";
        List<String> can = settings.list(prefix + "can");
        can.stream()
                .filter(ability -> !ABILITIES.contains(ability))
                .forEach(ability -> settings.problem("Expected %scan to name abilities out of %s, got: \"%s\"."
                        .formatted(prefix, String.join(", ", ABILITIES), ability)));
        if (can.isEmpty()) {
            settings.problem("Expected %scan to say what the vendor can do, out of %s; it is not set."
                    .formatted(prefix, String.join(", ", ABILITIES)));
        }
        List<String> apis = settings.list(prefix + "apis");
        if (!apis.isEmpty()) {
            settings.oneOf(prefix + "api", apis, "");
        }
        int pollBatchMost = settings.count(prefix + "poll-batch-most", 1, 1_000, "1000");
        return new VendorSettings(
                name,
                settings.text(prefix + "api-key"),
                settings.howToSet(prefix + "api-key"),
                settings.text(prefix + "base-url"),
                settings.text(prefix + "model"),
                settings.list(prefix + "models"),
                Set.copyOf(can),
                settings.count(prefix + "submit-rate", 1, 10_000, "5"),
                settings.count(prefix + "max-running", 1, 1_000_000, "100"),
                settings.durationAtLeast(prefix + "poll-interval", Duration.ofMillis(100), "5s"),
                settings.durationAtLeast(prefix + "poll-first-after", Duration.ZERO, "10s"),
                settings.count(prefix + "poll-batch", 1, pollBatchMost, "1"),
                settings.durationAtLeast(prefix + "timeout", Duration.ofSeconds(1), "10m"),
                settings.durationAtLeast(prefix + "clip-grace", Duration.ZERO, "2m"),
                settings.price(prefix + "price"),
                settings.oneOf(prefix + "on-doubt", List.of("hold", "resubmit"), "hold")
                        .equals("resubmit"));
    }

    /** Whether a model may be this vendor's. */
    public boolean mayHave(String wanted) {
        return models.isEmpty() || models.contains(wanted);
    }

    public boolean isAble(String ability) {
        return can.contains(ability);
    }

    /** Without the key, since whatever holds this record may be printed. */
    @Override
    public String toString() {
        return "VendorSettings[name=%s, hasKey=%s]".formatted(name, apiKey.isPresent());
    }
}
