package io.camelody.audio;

import io.camelody.audio.BrokenDownloadException.Kind;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;

/** What the head of an answer means for a fetch, before any of its body is read. */
record Answer(AudioUrl url, int status, HttpHeaders headers) {

    private static final Duration OLD = Duration.ofSeconds(60);

    /** Whether the body is to be had elsewhere. */
    boolean isRedirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> headers.firstValue("Location").isPresent();
            default -> false;
        };
    }

    AudioUrl target() {
        return url.resolve(headers.firstValue("Location").orElseThrow());
    }

    /** @throws BrokenDownloadException unless the whole file follows */
    void requireWhole() {
        switch (status) {
            case 200, 203 -> {}
            case 204, 205 -> throw broken(Kind.NOT_AUDIO, "There is no content.");
            case 206 -> throw broken(Kind.WRONG_LENGTH, "The host sent a part only, unasked.");
            // 202: not ready yet; 408, 425, 429: too early, too much
            case 202, 408, 425, 429 -> throw broken(Kind.SERVER, "The host is not ready to send it.");
            default -> {
                boolean refused = status >= 400 && status < 500;
                throw refused
                        ? broken(Kind.GONE, "The host refuses this URL; it may have expired.")
                        : broken(Kind.SERVER, "The host failed.");
            }
        }
    }

    OptionalLong length() {
        try {
            Optional<String> length = headers.firstValue("Content-Length");
            return length.isPresent() ? OptionalLong.of(Long.parseLong(length.get())) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    boolean offersRanges() {
        return headers.firstValue("Accept-Ranges")
                .filter("bytes"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * What tells this version of the file from every other, byte by byte. RFC 9110, 8.8: neither a weak tag does, nor the
     * date of a file that may have been changed twice within it; and who has a tag may not use the date.
     */
    Optional<String> strongValidator() {
        Optional<String> tag = headers.firstValue("ETag");
        return tag.isPresent()
                ? tag.filter(value -> value.matches("\"[!#-~]+\""))
                : headers.firstValue("Last-Modified").filter(this::isOld);
    }

    private boolean isOld(String modified) {
        try {
            return !date(modified)
                    .plus(OLD)
                    .isAfter(date(headers.firstValue("Date").orElse("")));
        } catch (DateTimeException e) {
            return false;
        }
    }

    private BrokenDownloadException broken(Kind kind, String what) {
        return new BrokenDownloadException(kind, what, "url: " + url + ", status: " + status, null, retryAfter());
    }

    /** RFC 9110, 10.2.3: seconds, or a date, which is taken against the host's own clock. */
    private Duration retryAfter() {
        String value = headers.firstValue("Retry-After").orElse("");
        try {
            if (value.matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Duration wait = Duration.between(date(headers.firstValue("Date").orElse("")), date(value));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ZonedDateTime date(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
    }

    /** For messages. */
    String contentType() {
        return headers.firstValue("Content-Type").orElse("none");
    }
}
