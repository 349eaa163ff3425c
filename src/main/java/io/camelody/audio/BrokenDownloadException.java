package io.camelody.audio;

import java.time.Duration;
import java.util.Optional;

/**
 * A download that did not end in a whole, playable file; {@link #kind()} says what may help.
 *
 * <p>The same fetch can be made again: nothing is left on disk but what it can go on from. The message names the URL by its host and path
 * alone: its query may hold a signature, which lets whoever reads the log fetch the audio.
 */
public final class BrokenDownloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, in the words that a row, an answer and a log show. */
    public enum Kind {
        /** No URL, or one that can never be audio. Final for this URL. */
        BAD_URL("bad-url"),
        /** It leads to an address that is not called: this machine's, or of a network behind it. Final until it is allowed. */
        NOT_ALLOWED("not-allowed"),
        /** The host refuses this URL, such as with 403, 404 or 410. A fresh URL may help. */
        GONE("gone"),
        /** Nobody answered at that address. Worth trying again. */
        UNREACHABLE("unreachable"),
        /** The connection ended before the audio did. Worth trying again. */
        CUT("cut"),
        /** The host went silent or was too slow. Worth trying again. */
        STALLED("stalled"),
        /** The host is in trouble or busy. Worth trying again, after {@link #retryAfter()} where it says so. */
        SERVER("server"),
        /** Something else arrived: an HTML page, nothing, another type, audio that cannot be played. */
        NOT_AUDIO("not-audio"),
        /** More or less arrived than the host announced. */
        WRONG_LENGTH("wrong-length"),
        /** The audio plays for another time than the vendor stated; it may still be growing. */
        WRONG_DURATION("wrong-duration"),
        /** More than {@link FetchSettings#maxBytes()}. */
        TOO_BIG("too-big"),
        /** Our disk, not their audio: full, read-only, gone. */
        DISK("disk"),
        /** The thread was interrupted, which is still set on it. Nobody's fault: fetch again after the restart. */
        INTERRUPTED("interrupted");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Whether what came before was good as far as it went, so that the next fetch may go on from there. */
        boolean leavesPart() {
            return switch (this) {
                case UNREACHABLE, CUT, STALLED, SERVER, INTERRUPTED -> true;
                default -> false;
            };
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private final Kind kind;
    private final transient Optional<Duration> retryAfter;

    BrokenDownloadException(Kind kind, String what, String place, Throwable cause, Duration retryAfter) {
        super("%s (%s, kind: %s)".formatted(what, place, kind), cause);
        this.kind = kind;
        this.retryAfter = Optional.ofNullable(retryAfter);
    }

    BrokenDownloadException(Kind kind, String what, String place, Throwable cause) {
        this(kind, what, place, cause, null);
    }

    BrokenDownloadException(Kind kind, String what, String place) {
        this(kind, what, place, null, null);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the vendor's status call should be asked for a fresh URL before the next attempt. */
    public boolean urlMayHaveExpired() {
        return kind == Kind.GONE;
    }

    /** How long the host asked to be left alone, if it did. Not limited here: a host may say a year. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
