package io.camelody.audio;

import java.util.List;
import java.util.Optional;

/** The end of a file whose begin is here already, to be asked for with a range request (RFC 9110, 13.1.5 and 14). */
record Rest(Origin origin, long from) {

    /**
     * Whether it can be had at this URL, which may be a fresh one. A date tells the versions of one file apart and not the
     * files of one second, so it counts only where it was given.
     */
    boolean mayBeAt(AudioUrl url) {
        return origin.hasTag() || origin.url().equals(url.uri().toString());
    }

    /** Names and values of headers, by turns. */
    List<String> headers() {
        return List.of("Range", "bytes=" + from + "-", "If-Range", origin.validator());
    }

    /** Whether an answer holds exactly this: the same version, from the same byte to the end. */
    boolean isIn(Answer answer) {
        String range = "bytes %d-%d/%d".formatted(from, origin.length() - 1, origin.length());
        return answer.status() == 206
                && answer.headers()
                        .firstValue("Content-Range")
                        .filter(range::equals)
                        .isPresent()
                && isValidIn(answer);
    }

    // a host may leave out the date that it was asked about, and must not leave out the tag
    private boolean isValidIn(Answer answer) {
        Optional<String> stated = answer.headers().firstValue(origin.hasTag() ? "ETag" : "Last-Modified");
        return stated.map(origin.validator()::equals).orElse(!origin.hasTag());
    }

    /** Whether an answer is about a range and not this one, so that the whole file has to be asked for. */
    boolean isDeniedBy(Answer answer) {
        return answer.status() == 416 || answer.status() == 206 && !isIn(answer);
    }
}
