package io.camelody.component;

import io.camelody.request.SongRequest;
import io.camelody.settings.Settings;
import io.camelody.settings.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of the work on songs that are no vendor's.
 *
 * @param lease how long a claim on a song lasts, where it is not renewed
 * @param vendorPause how long a vendor is left alone after it refused the key or the account was empty
 * @param deliveryAttempts tries to fetch and deliver a song's clips before what is missing is given up
 * @param deliveryPatience how long, from a song's end at its vendor, trouble that passes is waited for beyond the tries: an
 *     audio host that is down, a full disk, a sink, a vendor that gives no fresh URLs
 * @param sinks where songs go that name none of their own
 * @param callbacks where vendors reach this process to call back, a URL that tokens are appended to; empty where they do not
 * @param webhook who is told of songs
 */
public record WorkSettings(
        Duration lease,
        Duration vendorPause,
        int deliveryAttempts,
        Duration deliveryPatience,
        List<String> sinks,
        Optional<String> callbacks,
        WebhookSettings webhook) {

    /** The sink that tells somebody. */
    static final String WEBHOOK = "webhook";

    private static final Pattern PUBLIC_URL = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#@]*)?");

    public static WorkSettings read(Settings settings) {
        List<String> sinks = settings.list("camelody.sinks");
        if (sinks.isEmpty()) {
            settings.problem("Expected camelody.sinks to name at least one sink, such as file; it is empty.");
        } else if (!keepsAudio(sinks)) {
            settings.problem(
                    "Expected camelody.sinks to name one that keeps the audio, such as file; it names webhook alone.");
        }
        // used by routes/work.camel.yaml, where a bad one would leave songs waiting without a word
        settings.count("camelody.work.submits", 1, 10_000, "");
        settings.count("camelody.work.polls", 1, 10_000, "");
        settings.count("camelody.work.deliveries", 1, 10_000, "");
        Optional<String> publicUrl = publicUrl(settings);
        return new WorkSettings(
                settings.durationAtLeast("camelody.ledger.lease", Duration.ofSeconds(30)),
                settings.durationAtLeast("camelody.vendor-pause", Duration.ofSeconds(1)),
                settings.count("camelody.delivery.attempts", 1, 1_000, ""),
                settings.durationAtLeast("camelody.delivery.patience", Duration.ZERO),
                sinks,
                publicUrl.map(url -> url + "/callbacks/"),
                WebhookSettings.read(settings, sinks.contains(WEBHOOK), publicUrl));
    }

    /** Without the slash at its end. */
    private static Optional<String> publicUrl(Settings settings) {
        Optional<String> url = settings.text("camelody.public-url");
        url.filter(text -> !PUBLIC_URL.matcher(text).matches())
                .ifPresent(text -> settings.problem(
                        "Expected camelody.public-url to be an address that others reach, such as https://songs.example.com, got: \"%s\"."
                                .formatted(text)));
        return url.map(text -> text.replaceFirst("/+$", ""));
    }

    /** The same for a process that nobody can call back. */
    public WorkSettings withoutCallbacks() {
        return new WorkSettings(
                lease, vendorPause, deliveryAttempts, deliveryPatience, sinks, Optional.empty(), webhook);
    }

    /** Where songs may go: those, and the webhook where requests may name one of their own. */
    public List<String> sinksInUse() {
        return webhook.secrets().isEmpty() ? sinks : with(WEBHOOK, sinks);
    }

    /** Where a song goes. Who names a webhook of its own is told by it, whatever its sinks are. */
    List<String> sinksOf(SongRequest request) {
        List<String> named = request.sinks().isEmpty() ? sinks : request.sinks();
        return request.has(WEBHOOK) ? with(WEBHOOK, named) : named;
    }

    /** The webhook tells of the audio, which is deleted here once every sink has it. */
    static boolean keepsAudio(List<String> sinks) {
        return sinks.stream().anyMatch(sink -> !sink.equals(WEBHOOK));
    }

    private static List<String> with(String sink, List<String> named) {
        return named.contains(sink)
                ? named
                : Stream.concat(named.stream(), Stream.of(sink)).toList();
    }
}
