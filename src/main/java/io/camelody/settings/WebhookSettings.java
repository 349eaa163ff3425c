package io.camelody.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who is told of songs by webhook, and how.
 *
 * @param url who is told of songs whose request names nobody
 * @param secrets what calls are signed with, newest first; none: there are no webhooks
 * @param hosts those that a request may name
 * @param openHosts those of them that it may name with http too
 * @param timeout for one call as a whole
 * @param publicUrl where songs can be looked at from outside
 */
public record WebhookSettings(
        Optional<URI> url,
        List<SecretKeySpec> secrets,
        Set<String> hosts,
        Set<String> openHosts,
        Duration timeout,
        Optional<String> publicUrl) {

    private static final String PREFIX = "whsec_";

    private static final Pattern HOST = Pattern.compile("(?<http>http://)?(?<host>[a-z0-9.-]+|\\[[0-9a-f:.]+])");

    /** @param inUse whether songs go to the webhook that name no sinks of their own */
    public static WebhookSettings read(Settings settings, boolean inUse, Optional<String> publicUrl) {
        Optional<URI> url = settings.text("camelody.webhook.url").flatMap(text -> url(text, settings));
        List<SecretKeySpec> secrets = secrets(settings);
        if (inUse && secrets.isEmpty()) {
            settings.problem("camelody.sinks names webhook, which signs what it sends. Set camelody.webhook.secret.");
        }
        if (inUse && settings.text("camelody.webhook.url").isEmpty()) {
            settings.problem("camelody.sinks names webhook. Set camelody.webhook.url to where it is to be sent.");
        }
        Set<String> hosts = new HashSet<>();
        Set<String> openHosts = new HashSet<>();
        for (String entry : settings.list("camelody.webhook.allow")) {
            Matcher matcher = HOST.matcher(entry.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                settings.problem(
                        "Expected camelody.webhook.allow to list hosts, such as hooks.example, or http://hooks.example for one without https, got: \"%s\"."
                                .formatted(entry));
                continue;
            }
            hosts.add(matcher.group("host"));
            if (matcher.group("http") != null) {
                openHosts.add(matcher.group("host"));
            }
        }
        return new WebhookSettings(
                url,
                secrets,
                Set.copyOf(hosts),
                Set.copyOf(openHosts),
                settings.durationAtLeast("camelody.webhook.timeout", Duration.ofSeconds(1)),
                publicUrl);
    }

    /** No webhooks. */
    public static WebhookSettings none() {
        return new WebhookSettings(
                Optional.empty(), List.of(), Set.of(), Set.of(), Duration.ofSeconds(20), Optional.empty());
    }

    /** What stands against a URL that a request names, as the end of "Expected webhook to be …"; empty if nothing does. */
    public Optional<String> against(String url) {
        if (secrets.isEmpty()) {
            return Optional.of("absent, since nothing is sent without camelody.webhook.secret");
        }
        Optional<URI> uri = find(url);
        if (uri.isEmpty()) {
            return Optional.of("a URL with a host and without a user name");
        }
        String host = uri.get().getHost().toLowerCase(Locale.ROOT);
        if (!hosts.contains(host)) {
            return Optional.of("a URL of a host in camelody.webhook.allow");
        }
        boolean isOpen = !uri.get().getScheme().equalsIgnoreCase("https");
        return isOpen && !openHosts.contains(host)
                ? Optional.of("a URL with https, or of a host that camelody.webhook.allow has with http://")
                : Optional.empty();
    }

    /** Without the secrets and the URL's path, which may be one. */
    @Override
    public String toString() {
        return "WebhookSettings[url=%s, secrets=%d, hosts=%s]"
                .formatted(
                        url.map(uri -> uri.getScheme() + "://" + uri.getRawAuthority())
                                .orElse(""),
                        secrets.size(),
                        hosts);
    }

    private static Optional<URI> url(String text, Settings settings) {
        Optional<URI> found = find(text);
        if (found.isEmpty()) {
            // the URL may be a secret itself
            settings.problem("Expected camelody.webhook.url to be an http or https URL without a user name.");
        }
        return found;
    }

    private static Optional<URI> find(String text) {
        try {
            URI uri = new URI(text);
            boolean isHttp = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return isHttp && uri.getHost() != null && uri.getRawUserInfo() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static List<SecretKeySpec> secrets(Settings settings) {
        List<SecretKeySpec> secrets = new ArrayList<>();
        List<String> texts = settings.list("camelody.webhook.secret");
        for (String text : texts) {
            Optional<byte[]> bytes = bytes(text);
            if (bytes.isPresent()) {
                secrets.add(new SecretKeySpec(bytes.get(), "HmacSHA256"));
            } else {
                settings.problem(
                        "Expected camelody.webhook.secret to be whsec_ and 24 to 64 bytes in base64, as echo whsec_$(openssl rand -base64 32) makes them; number %d of %d is not."
                                .formatted(texts.indexOf(text) + 1, texts.size()));
            }
        }
        return List.copyOf(secrets);
    }

    private static Optional<byte[]> bytes(String secret) {
        try {
            return Optional.of(secret)
                    .filter(text -> text.startsWith(PREFIX))
                    .map(text -> Base64.getDecoder().decode(text.substring(PREFIX.length())))
                    .filter(bytes -> bytes.length >= 24 && bytes.length <= 64);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
