package io.camelody.sink;

import io.camelody.settings.Settings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where the {@code s3} sink puts songs, and how, {@code camelody.s3.*}.
 *
 * @param prefix what every key begins with, taken as it is; empty for nothing
 * @param endpoint of a compatible server; empty for Amazon's own
 * @param pathStyle whether the bucket is named in the path instead of in the host
 * @param accessKey empty for what Amazon's clients find by themselves: the environment, a profile, the machine's role
 * @param partBytes what one request carries at most
 * @param partsAtOnce how many parts of large clips are under way at once, of all songs together
 */
public record S3Settings(
        String bucket,
        String prefix,
        String region,
        Optional<URI> endpoint,
        boolean pathStyle,
        Optional<String> accessKey,
        Optional<String> secretKey,
        int partBytes,
        int partsAtOnce) {

    /** Amazon takes no smaller part. */
    public static final int LEAST_PART = 5 * 1024 * 1024;

    private static final int MOST_PART = 64 * 1024 * 1024;

    /** Reads them for a sink that is in use: without a bucket there is nothing to deliver to. */
    public static S3Settings read(Settings settings) {
        Optional<String> bucket = settings.text("camelody.s3.bucket");
        if (bucket.isEmpty()) {
            settings.problem("Expected camelody.s3.bucket to name a bucket, as camelody.sinks has s3; it is not set.");
        }
        Optional<String> region = settings.text("camelody.s3.region");
        if (region.isEmpty()) {
            settings.problem("Expected camelody.s3.region to name a region, such as eu-central-1; it is not set.");
        }
        Optional<String> accessKey = settings.text("camelody.s3.access-key");
        Optional<String> secretKey = settings.text("camelody.s3.secret-key");
        if (accessKey.isPresent() != secretKey.isPresent()) {
            settings.problem("Expected camelody.s3.access-key and camelody.s3.secret-key to be set both, or neither.");
        }
        return new S3Settings(
                bucket.orElse(""),
                settings.text("camelody.s3.prefix").orElse(""),
                region.orElse(""),
                endpoint(settings),
                settings.oneOf("camelody.s3.path-style", List.of("true", "false"), "false")
                        .equals("true"),
                accessKey,
                secretKey,
                settings.count("camelody.s3.part-bytes", LEAST_PART, MOST_PART, ""),
                settings.count("camelody.s3.parts-at-once", 1, 16, ""));
    }

    private static Optional<URI> endpoint(Settings settings) {
        Optional<String> text = settings.text("camelody.s3.endpoint");
        Optional<URI> endpoint = text.flatMap(S3Settings::httpUri);
        if (text.isPresent() && endpoint.isEmpty()) {
            settings.problem(
                    "Expected camelody.s3.endpoint to be an http or https URL, got: \"%s\".".formatted(text.get()));
        }
        return endpoint;
    }

    private static Optional<URI> httpUri(String text) {
        try {
            URI uri = URI.create(text);
            return String.valueOf(uri.getScheme()).matches("https?") && uri.getHost() != null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Without the keys, since whatever holds this record may be printed. */
    @Override
    public String toString() {
        return "S3Settings[bucket=%s, prefix=%s, region=%s, endpoint=%s]"
                .formatted(bucket, prefix, region, endpoint.map(URI::toString).orElse(""));
    }
}
