package io.camelody.http;

import io.camelody.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of the HTTP server, {@code camelody.http.*}.
 *
 * @param port 0 for one that the system gives
 * @param tokens what callers have to show, one of them; none: everybody on this machine is served
 * @param corsOrigins of pages elsewhere that may call
 * @param maxBody the most bytes that a request may bring
 * @param maxItems the most requests for songs in one call
 * @param maxWait how long a caller may wait for a song's end
 * @param maxSubscribers those who follow the events at a time
 * @param requestTimeout how long a caller may take to send one
 */
public record HttpSettings(
        int port,
        String host,
        List<String> tokens,
        List<String> corsOrigins,
        int maxBody,
        int maxItems,
        Duration maxWait,
        int maxSubscribers,
        Duration requestTimeout) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

    /** What may stand behind {@code Bearer}, and is no use to guess. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");

    /** As browsers write it, so that it can be compared to the letter. */
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.\\[\\]:-]+");

    /** Empty where HTTP is off. */
    public static Optional<HttpSettings> read(Settings settings) {
        List<String> tokens = settings.list("camelody.http.token");
        tokens.stream()
                .filter(token -> !TOKEN.matcher(token).matches())
                .forEach(token -> settings.problem(
                        "Expected camelody.http.token to be 16 characters or more out of letters, digits and ._~+/=-, got one of %d. Make one with: openssl rand -hex 32"
                                .formatted(token.length())));
        String host = settings.text("camelody.http.host").orElse(tokens.isEmpty() ? "127.0.0.1" : "0.0.0.0");
        if (tokens.isEmpty() && !LOOPBACK.matcher(host).matches()) {
            settings.problem(
                    "Expected camelody.http.host to be this machine's own, such as 127.0.0.1, got: \"%s\". For others to reach it set camelody.http.token too."
                            .formatted(host));
        }
        boolean on = settings.text("camelody.http.port").isPresent();
        if (on && tokens.isEmpty() && settings.text("camelody.public-url").isPresent()) {
            // a proxy calls from this machine, so nothing else tells its callers from the people here
            settings.problem(
                    "Expected camelody.http.token to be set where camelody.public-url is: else everybody who reaches that address may send paid songs. Set camelody.http.token, such as to what openssl rand -hex 32 prints.");
        }
        List<String> origins = settings.list("camelody.http.cors-origin");
        origins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .forEach(origin -> settings.problem(
                        "Expected camelody.http.cors-origin to name origins such as https://songs.example.org, in lower case and without a path, got: \"%s\"."
                                .formatted(origin)));
        HttpSettings read = new HttpSettings(
                on ? settings.count("camelody.http.port", 0, 65_535, "") : 0,
                host,
                tokens,
                origins,
                settings.count("camelody.http.max-body", 1_024, 64 << 20, ""),
                settings.count("camelody.http.max-items", 1, 100_000, ""),
                settings.durationAtLeast("camelody.http.max-wait", Duration.ZERO),
                settings.count("camelody.http.max-subscribers", 0, 100_000, ""),
                settings.durationAtLeast("camelody.http.request-timeout", Duration.ofSeconds(1)));
        return on ? Optional.of(read) : Optional.empty();
    }

    /** Without the tokens, since whatever holds this record may be printed. */
    @Override
    public String toString() {
        return "HttpSettings[host=%s, port=%d, tokens=%d]".formatted(host, port, tokens.size());
    }
}
